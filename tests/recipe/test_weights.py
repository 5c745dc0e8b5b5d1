"""What is drawn for a training, and what may pass as talk in it."""

import numpy as np
import pytest
from recipe.__main__ import CRIES, STOP_WEIGHT, WEIGHTS, _cries, _passable, _weighted
from recipe.corpus import FRAME, Phone, Prepared, Spoken, Utterance


def said(text: str, source: str) -> Utterance:
    words = tuple(Spoken(word, (Phone("AA", 10 * k, 10),)) for k, word in enumerate(text.split()))
    return Utterance(np.zeros(10 * len(words) * FRAME, np.int16), words, source)


def test_a_command_is_drawn_no_less_for_having_fewer_recordings() -> None:
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


def test_without_real_speech_only_synthesis_is_drawn() -> None:
    ((part, weight),) = _weighted({"espeak": Prepared([said("next", "espeak")])}, ())
    assert [u.text for u in part] == ["next"]
    assert weight == WEIGHTS["espeak"]


def test_of_synthesis_alone_cries_that_nobody_recorded_are_drawn_besides() -> None:
    spoken = ["next", "it hurts", "stop now", "some help"]
    parts = {kind: Prepared([said(text, kind) for text in spoken]) for kind in ("real", "flite", "piper")}
    found = [([u.text for u in part], weight) for part, weight in _cries(parts, ("stop",))]
    cries = ["it hurts", "some help"]
    assert found == [(cries, CRIES * WEIGHTS["flite"]), (cries, CRIES * WEIGHTS["piper"])]
    assert _cries({"espeak": Prepared([said("next", "espeak")])}, ()) == []


def test_near_words_may_pass_as_talk_but_no_part_of_a_phrase_does() -> None:
    passable = _passable({"off", "left"})
    assert {"stuff", "pen", "right"} <= passable
    assert not passable & {"it", "i", "go", "on", "off", "left", "stop", "pain"}
