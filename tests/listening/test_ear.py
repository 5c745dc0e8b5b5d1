"""The ear: switching grammars between words, doubt while the coach sounds, word times in the recording."""

import numpy as np
import pytest

from voicecoach.language import Command as C
from voicecoach.language import ListeningState
from voicecoach.listening import Ear, Hypothesis, Rule, Voices, Word
from voicecoach.listening.ear import SWITCH_PATIENCE_S
from voicecoach.listening.echo import LATENCY_S
from voicecoach.sound import silence
from voicecoach.testing import VOCABULARY, grammar
from voicecoach.units import BLOCK, RATE_HZ

HOLDING, QUESTION, PAUSED = ListeningState.HOLDING, ListeningState.QUESTION, ListeningState.PAUSED
QUIET = Hypothesis("", final=False)
BLOCK_S = BLOCK / RATE_HZ
TONE = np.sin(np.arange(BLOCK) / 20, dtype=np.float32)
"""Stands for the coach's voice."""


class Script:
    """A model whose recognisers return the scripted hypotheses, one a block."""

    def __init__(self, beliefs: list[Hypothesis]) -> None:
        self.beliefs = list(beliefs)
        self.grammars: list[list[str]] = []

    def recogniser(self, phrases: list[str]) -> "Script":
        self.grammars.append(phrases)
        return self

    def accept(self, _block: object) -> Hypothesis:
        return self.beliefs.pop(0) if self.beliefs else QUIET

    def finish(self) -> Hypothesis:
        return Hypothesis("stop", True, (Word("stop", 0.1, 0.4),))


def ear_of(script: Script, state: ListeningState = HOLDING) -> Ear:
    return Ear(script, VOCABULARY, state)


def hear(ear: Ear, blocks: int) -> list[C | None]:
    return [n.decision.command for _ in range(blocks) for n in ear.hear(silence(BLOCK))]


def saying(text: str, blocks: int) -> list[Hypothesis]:
    return [Hypothesis(text, final=False)] * blocks


def test_a_new_grammar_waits_for_the_end_of_the_present_utterance() -> None:
    """After a switch in the middle of "next", only the second half of the word was recognised."""
    script = Script([*saying("next", 20), Hypothesis("next", True, (Word("next", 0.1, 0.4),))])
    ear = ear_of(script)
    hear(ear, 5)
    ear.listen_for(QUESTION)
    assert hear(ear, 15) == []
    assert script.grammars == [grammar(HOLDING)]
    assert hear(ear, 1) == [C.NEXT], "still recognised with the grammar it was said in"
    hear(ear, 1)
    assert script.grammars == [grammar(HOLDING), grammar(QUESTION)]
    assert ear.judge.state is QUESTION


def test_in_silence_a_new_grammar_is_used_from_the_next_block_on() -> None:
    script = Script([])
    ear = ear_of(script)
    hear(ear, 3)
    ear.listen_for(QUESTION)
    hear(ear, 1)
    assert script.grammars[-1] == grammar(QUESTION)


@pytest.mark.fault("the recogniser sticks on one partial", "a new grammar waits 1.5 s at most")
def test_a_television_cannot_keep_the_old_grammar_for_ever() -> None:
    script = Script(saying("the", 1000))
    ear = ear_of(script)
    hear(ear, 1)
    ear.listen_for(QUESTION)
    hear(ear, int(SWITCH_PATIENCE_S / BLOCK_S))
    assert ear.judge.state is HOLDING
    hear(ear, 3)
    assert ear.judge.state is QUESTION


def test_the_last_grammar_asked_for_is_used_and_the_present_one_is_not_opened_again() -> None:
    script = Script(saying("the", 10))
    ear = ear_of(script)
    hear(ear, 2)
    ear.listen_for(QUESTION)
    ear.listen_for(HOLDING)
    hear(ear, 20)
    assert script.grammars == [grammar(HOLDING)]
    ear.listen_for(QUESTION)
    ear.listen_for(PAUSED)
    hear(ear, 2)
    assert script.grammars == [grammar(HOLDING), grammar(PAUSED)]


@pytest.mark.parametrize(
    ("line", "phrase"), [("Stopped. You can let go.", "stop"), ("Call 1 1 2, or a helper.", "help")]
)
def test_a_word_that_begins_as_a_safety_word_is_masked_too(line: str, phrase: str) -> None:
    """ "Stopped" is heard as "stop": the coach would stop itself for ever."""
    ear = ear_of(Script([]))
    ear.coach_says(line, until_s=1.0)
    assert phrase in ear.judge._masked_until_s
    ear = ear_of(Script([]))
    ear.coach_says("Lift your hips, and hold.", until_s=1.0)
    assert not ear.judge._masked_until_s


def test_a_mask_outlives_the_change_of_grammar() -> None:
    """The coach's own "stop" still sounded in the room when the question's grammar was opened."""
    script = Script([QUIET, QUIET, Hypothesis("stop", True)])
    ear = ear_of(script)
    ear.judge.mask("stop", 5.0)
    ear.listen_for(QUESTION)
    assert [n for _ in range(3) for n in ear.hear(silence(BLOCK), TONE)] == []


def test_a_line_with_the_word_stop_in_it_does_not_stop_the_coach() -> None:
    """ "You can say stop at any moment": the last word is recognised when the line has already ended."""
    ear = ear_of(Script([*saying("stop", 20), Hypothesis("stop", True)]))
    ear.coach_says("You can say stop at any moment.", until_s=0.1)
    assert [n for _ in range(21) for n in ear.hear(silence(BLOCK), TONE)] == []


def test_a_stop_without_near_end_speech_is_doubtful_and_the_recogniser_starts_afresh() -> None:
    script = Script([*saying("stop", 20), QUIET])
    ear = ear_of(script)
    found = [n.decision for _ in range(20) for n in ear.hear(silence(BLOCK), TONE)]
    assert [(d.command, d.sure) for d in found][:1] == [(C.STOP, False)]
    assert len(script.grammars) > 1, "a new recogniser, which knows nothing of the coach's words"


def test_when_the_coach_has_long_been_silent_a_stop_is_certain() -> None:
    ear = ear_of(Script([QUIET] * 70 + saying("stop", 20)))
    for _ in range(10):
        ear.hear(silence(BLOCK), TONE)
    assert ear.voices is Voices.COACH
    found = [n.decision for _ in range(80) for n in ear.hear(silence(BLOCK))]
    assert [(d.command, d.sure) for d in found] == [(C.STOP, True)]


def test_a_decision_on_a_partial_gets_its_finals_word_times_even_after_a_switch() -> None:
    """Vosk gives word times only in finals. Until then the word lies where it first stood in the partials."""
    final = Hypothesis("please stop", True, (Word("please", 0.02, 0.1), Word("stop", 0.12, 0.3)))
    ear = ear_of(Script([QUIET] * 10 + saying("please stop", 20) + [final]))
    hear(ear, 4)
    ear.listen_for(QUESTION)
    (noticed,) = (n for _ in range(26) for n in ear.hear(silence(BLOCK)))
    assert noticed.decision.command is C.STOP
    assert noticed.word_start_s == pytest.approx(11 * BLOCK_S)
    assert noticed.word_end_s == pytest.approx(11 * BLOCK_S + Rule().persist_s)
    assert not ear.utterance_ended
    hear(ear, 1)
    assert ear.utterance_ended
    placed = ear.placed(noticed)
    assert placed.word_start_s == pytest.approx(4 * BLOCK_S + 0.12 - LATENCY_S)
    assert placed.word_end_s == pytest.approx(4 * BLOCK_S + 0.3 - LATENCY_S)


def test_a_second_stop_after_an_impatient_switch_is_not_taken_for_the_first() -> None:
    """A user who calls "stop" again and again never ends the utterance, so the ear ends it and starts a new
    recogniser. The next "stop" was once ignored, as if it were the one already acted on."""
    ear = ear_of(Script(saying("stop", 100) + saying("", 10) + saying("stop", 30)))
    assert hear(ear, 30) == [C.STOP]
    ear.listen_for(QUESTION)
    assert hear(ear, 80) == []
    assert ear.judge.state is QUESTION
    assert hear(ear, 30) == [C.STOP]


def test_a_word_at_the_very_end_of_a_recording_is_recognised() -> None:
    ear = ear_of(Script([]))
    hear(ear, 3)
    assert [n.decision.command for n in ear.finish()] == [C.STOP]


def test_a_final_without_word_times_is_placed_at_the_present() -> None:
    ear = ear_of(Script([QUIET, Hypothesis("stop", True)]))
    ear.hear(silence(BLOCK))
    (noticed,) = ear.hear(silence(BLOCK))
    assert noticed.word_start_s == noticed.word_end_s == pytest.approx(2 * BLOCK_S)


def test_residual_echo_does_not_spoil_the_users_answer() -> None:
    """ "... zero to ten?" - "one": "ten one" in a single utterance would be no command."""
    script = Script([*saying("ten", 30), *saying("", 1)])
    ear = ear_of(script)
    for _ in range(5):
        ear.hear(silence(BLOCK), TONE)
    for _ in range(25):
        ear.hear(silence(BLOCK))
    assert len(script.grammars) == 2
    for _ in range(25):
        ear.hear(silence(BLOCK))
    assert len(script.grammars) == 2, "only once after each sentence of the coach"


def test_in_another_room_the_echo_is_searched_for_anew() -> None:
    """Until it is found again, any sound may be the coach's own, and a word over it is doubtful."""
    ear = ear_of(Script([]))
    played = np.random.default_rng(1).normal(0, 0.05, (150, BLOCK)).astype(np.float32)

    def hears_itself(blocks_late: int) -> None:
        for now, block in enumerate(played[blocks_late:]):
            ear.hear(0.5 * played[now], block)

    for late in (4, 10):
        hears_itself(late)
        assert ear.echo_delay_s == pytest.approx(late * BLOCK_S, abs=0.002)
        assert ear.cleaned.reliable
        ear.forget_room()
        assert ear.echo_delay_s is None
        ear.hear(silence(BLOCK), played[0])
        assert not ear.cleaned.reliable
