"""What the classifier of sentences learns from."""

from pathlib import Path

import numpy as np
import pytest
from recipe.intents import EXAMPLES, Example, digest, examples, fit, read

from tests.language.test_sentences import listed
from voicecoach.language import SAFETY_COMMANDS, ListeningState, plain
from voicecoach.language.commands import LIVE
from voicecoach.listening.intents import NOTHING, Head
from voicecoach.listening.minilm import SIZE


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.tsv")), ids=lambda path: path.stem)
def test_each_example_means_what_can_be_said_in_its_state(path: Path) -> None:
    for example in read(path):
        live = {NOTHING, *LIVE[ListeningState(example.state)], *SAFETY_COMMANDS}
        assert set(example.intents) <= live, example
        assert example.text.strip(), example


@pytest.mark.parametrize("name", ["sentences_test", "sentences_held_out"])
def test_no_sentence_to_measure_with_is_an_example(name: str) -> None:
    learnt = {plain(example.text) for example in examples()}
    assert [text for _, _, text in listed(name) if plain(text) in learnt] == []


def test_the_shipped_classifier_has_learnt_from_these_examples() -> None:
    assert Head.load().learnt_from == digest(examples()), "run scripts/intents"


def test_it_learns_to_tell_two_meanings_apart() -> None:
    rng = np.random.default_rng(1)
    stop, other = rng.normal(size=(2, SIZE)).astype(np.float32)
    x = np.array([stop, other, stop + 0.1, other - 0.1], np.float32)
    given = [Example("holding", (intent,), "") for intent in ("stop", NOTHING) * 2]
    head = fit(given, x)
    found = head.probabilities(np.array([stop, other, (stop + other) / 2], np.float32))
    assert head.intents == (NOTHING, "stop")
    assert found[0, 1] > 0.9 > 0.1 > found[1, 1]
    assert 0.3 < found[2, 1] < 0.7


def test_an_example_of_two_intents_counts_for_both() -> None:
    x = np.eye(2, SIZE, dtype=np.float32)
    head = fit([Example("number", ("three", "four"), ""), Example("number", ("nine",), "")], x)
    three, four = (head.probabilities(x)[0, head.intents.index(name)] for name in ("three", "four"))
    assert three == pytest.approx(four, abs=0.01)
    assert three > 0.3
