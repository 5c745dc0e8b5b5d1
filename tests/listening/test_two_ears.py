"""What the two ears make of transcripts: the first one is deaf here, the second one says what it is told."""

from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from voicecoach.language import Command as C
from voicecoach.language import ListeningState
from voicecoach.listening import Noticed
from voicecoach.listening.ear import Ear
from voicecoach.listening.second import Answer
from voicecoach.listening.transcriber import Transcript
from voicecoach.listening.two_ears import TwoEars
from voicecoach.listening.utterances import Utterance
from voicecoach.sound import Samples, silence
from voicecoach.testing import ENGLISH
from voicecoach.units import EAR_RATE_HZ

BLOCK_S = 0.02
SPEECH_S = 1.0


class DeafEar:
    """Hears nothing; its clock goes on."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.near_end_speech = self.coach_sounds = False
        self.cleaned = self
        self.block = np.zeros(round(BLOCK_S * EAR_RATE_HZ), np.float32)

    def hear(self, heard: Samples, played: Samples | None = None) -> list[Noticed]:
        self.now_s += BLOCK_S
        return []


class Told:
    """A second ear that hears the same in every utterance."""

    failure = ""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._answers: list[Answer] = []

    def ask(self, utterance: Utterance, phrases: tuple[str, ...], urgent: bool) -> None:
        known = {phrase: p for phrase, p in self._transcript.phrases.items() if phrase in phrases}
        self._answers.append((utterance, replace(self._transcript, phrases=known)))

    def answers(self) -> list[Answer]:
        answers, self._answers = self._answers, []
        return answers

    def close(self) -> None: ...


def commands(transcript: Transcript, state: ListeningState = ListeningState.HOLDING) -> list[C | None]:
    """What is decided on one second of speech and one of silence."""
    ear = DeafEar()
    ears = TwoEars(cast(Ear, ear), Told(transcript), ENGLISH, state, lambda block: ear.now_s <= SPEECH_S)
    verdicts = [v for _ in range(round(2 * SPEECH_S / BLOCK_S)) for v in ears.hear(silence(1))]
    return [verdict.decision.command for verdict in verdicts]


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("Wait.", "wait", [C.PAUSE]),
        ("White.", "wait", [C.PAUSE]),
        ("What a strange name.", "wait", []),
        ("What a strange name.", "stop", [C.STOP]),
    ],
    ids=["as transcribed", "as a phrase", "a sentence, though maybe a phrase", "a safety word is believed"],
)
def test_a_sentence_about_something_else_is_no_command(text: str, phrase: str, expected: list[C]) -> None:
    assert commands(Transcript(text, -0.5, {phrase: -4.9})) == expected


def test_a_sentence_that_is_not_sure_leaves_the_phrase() -> None:
    assert commands(Transcript("What a strange name.", -1.5, {"wait": -4.9})) == [C.PAUSE]


def test_an_answer_is_believed_whatever_the_sentence() -> None:
    question = ListeningState.QUESTION
    assert commands(Transcript("What a strange name.", -0.5, {"yes": -4.9}), question) == [C.YES]


def test_a_word_that_is_near_a_cry_is_asked_for_beside_it() -> None:
    """Of "up"s said alone, every fifth was "help" where nothing else was asked for."""
    assert commands(Transcript("Up.", -0.3, {"help": -4.0})) == [C.HELP]
    assert commands(Transcript("Up.", -0.3, {"help": -4.0, "up": -1.0})) == []
