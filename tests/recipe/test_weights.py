"""Sampling weights, and which words the filler may absorb."""

import numpy as np
import pytest
from recipe.__main__ import SAFETY_WEIGHT, STOP_WEIGHT, WEIGHTS, _absorbable, _safety_parts, _weighted
from recipe.corpus import FRAME, Phone, Prepared, Spoken, Utterance


def said(text: str, source: str) -> Utterance:
    words = tuple(Spoken(word, (Phone("AA", 10 * k, 10),)) for k, word in enumerate(text.split()))
    return Utterance(np.zeros(10 * len(words) * FRAME, np.int16), words, source)


def test_the_number_of_recordings_does_not_change_how_often_a_command_is_drawn() -> None:
    alone = [*["stop"] * 3, *["go"] * 90, *["no"] * 7, *["bed"] * 200]
    real = [said(word, "gsc_test") for word in alone] + [
        said("stop it now", "ljspeech_coqui"),
        said("jarvis", "wake_word"),
    ]
    parts = {"real": Prepared(real), "espeak": Prepared([said("next", "espeak")])}
    share = {
        frozenset(u.text for u in part): weight for part, weight in _weighted(parts, ("go", "no", "stop"))
    }
    assert share[frozenset({"go"})] == share[frozenset({"no"})] == share[frozenset({"stop"})] / STOP_WEIGHT
    assert share[frozenset({"go"})] * (2 + STOP_WEIGHT) == pytest.approx(WEIGHTS["commands"])
    assert share[frozenset({"bed"})] == WEIGHTS["words"]
    assert share[frozenset({"stop it now"})] == WEIGHTS["sentences"]
    assert share[frozenset({"jarvis"})] == WEIGHTS["phrases"]
    assert share[frozenset({"next"})] == WEIGHTS["espeak"]


def test_without_recordings_only_synthesis_is_drawn() -> None:
    ((part, weight),) = _weighted({"espeak": Prepared([said("next", "espeak")])}, ())
    assert [u.text for u in part] == ["next"]
    assert weight == WEIGHTS["espeak"]


def test_unrecorded_safety_words_are_drawn_from_synthesis_in_addition() -> None:
    spoken = ["next", "it hurts", "stop now", "some help"]
    parts = {kind: Prepared([said(text, kind) for text in spoken]) for kind in ("real", "flite", "piper")}
    found = [([u.text for u in part], weight) for part, weight in _safety_parts(parts, ("stop",))]
    safety = ["it hurts", "some help"]
    assert found == [(safety, SAFETY_WEIGHT * WEIGHTS["flite"]), (safety, SAFETY_WEIGHT * WEIGHTS["piper"])]
    assert _safety_parts({"espeak": Prepared([said("next", "espeak")])}, ()) == []


def test_the_filler_may_absorb_decoys_but_no_word_of_a_phrase() -> None:
    absorbable = _absorbable({"off", "left"})
    assert {"stuff", "pen", "right"} <= absorbable
    assert not absorbable & {"it", "i", "go", "on", "off", "left", "stop", "pain"}
