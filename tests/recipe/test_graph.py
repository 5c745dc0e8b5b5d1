"""What the graph charges for a word."""

import pytest
from recipe.graph import Costs, Phones, _arcs
from recipe.phones import Units

UNITS = Units([])
NUMBER = {"[unk]": 1, "pain": 2, "pen": 3}


def charged(costs: Costs, near: set[str]) -> dict[str, float]:
    """The cost on the arc that emits each word."""
    text = _arcs(["pain", "pen"], NUMBER, UNITS, Phones(UNITS), costs, near)
    arcs = [line.split() for line in text.splitlines() if len(line.split()) == 5]
    names = {str(k): word for word, k in NUMBER.items()}
    return {names[output]: float(cost) for _, _, _, output, cost in arcs if output != "0"}


def test_a_near_word_and_the_filler_cost_more_than_a_command() -> None:
    fair, dear = Costs(filler=0.0, near_word=0.0), Costs(filler=2.0, near_word=1.5)
    before, after = charged(fair, {"pen"}), charged(dear, {"pen"})
    assert before["pen"] == before["pain"] == after["pain"]
    assert after["pen"] == pytest.approx(before["pen"] + 1.5)
    assert after["[unk]"] == pytest.approx(before["[unk]"] + 2.0)
    assert charged(dear, set())["pen"] == before["pen"]


def test_a_word_may_have_a_cost_of_its_own() -> None:
    plain = charged(Costs(of_word={}), set())
    dearer = charged(Costs(of_word={"pain": 1.5}), set())
    assert dearer["pain"] == pytest.approx(plain["pain"] + 1.5)
    assert dearer["pen"] == plain["pen"]
