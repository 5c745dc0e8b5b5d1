"""The costs of words in the decoding graph."""

import pytest
from recipe.graph import Costs, Phones, _arcs
from recipe.phones import Units

UNITS = Units([])
NUMBER = {"[unk]": 1, "pain": 2, "pen": 3}


def word_costs(costs: Costs, decoys: set[str]) -> dict[str, float]:
    """The cost of the arc that emits each word."""
    text = _arcs(["pain", "pen"], NUMBER, UNITS, Phones(UNITS), costs, decoys)
    arcs = [line.split() for line in text.splitlines() if len(line.split()) == 5]
    names = {str(k): word for word, k in NUMBER.items()}
    return {names[output]: float(cost) for _, _, _, output, cost in arcs if output != "0"}


def test_decoys_and_the_filler_have_costs_and_commands_do_not() -> None:
    free, costly = Costs(filler=0.0, decoy=0.0), Costs(filler=2.0, decoy=1.5)
    before, after = word_costs(free, {"pen"}), word_costs(costly, {"pen"})
    assert before["pen"] == before["pain"] == after["pain"]
    assert after["pen"] == pytest.approx(before["pen"] + 1.5)
    assert after["[unk]"] == pytest.approx(before["[unk]"] + 2.0)
    assert word_costs(costly, set())["pen"] == before["pen"]


def test_a_single_word_can_have_a_cost() -> None:
    before = word_costs(Costs(per_word={}), set())
    after = word_costs(Costs(per_word={"pain": 1.5}), set())
    assert after["pain"] == pytest.approx(before["pain"] + 1.5)
    assert after["pen"] == before["pen"]
