"""Two ears: the table of docs/listening.md, row by row."""

from dataclasses import replace

import pytest

from voicecoach.language import Command as C
from voicecoach.language import Understood
from voicecoach.listening import Decision, Noticed, TakenBack, Verdict
from voicecoach.listening.policy import (
    REMEMBERED_S,
    SURE_LOG_PROBABILITY,
    TWICE_S,
    VERY_SURE_LOG_PROBABILITY,
    WAIT_S,
    Opinion,
    Policy,
)

NOTHING = Understood()
OTHER = Understood(is_other=True)


def heard(command: C | None, at_s: float = 1.0, sure: bool = True) -> Noticed:
    return Noticed(Decision(command, str(command), at_s, "partial", sure), at_s - 0.3, at_s)


SURE, UNSURE = SURE_LOG_PROBABILITY, SURE_LOG_PROBABILITY - 0.1


def opinion(understood: Understood, start_s: float = 0.5, over: bool = True, log_p: float = SURE) -> Opinion:
    return Opinion(start_s, start_s + 0.6, over, understood, "what was said", log_p)


def meaning(command: C) -> Understood:
    return Understood(command, command.value)


def commands(verdicts: list[Verdict]) -> list[tuple[str, C | None]]:
    return [("taken back" if isinstance(v, TakenBack) else v.ear, v.decision.command) for v in verdicts]


@pytest.mark.parametrize("word", [C.STOP, C.PAIN, C.HELP])
@pytest.mark.parametrize("second", [meaning(C.STOP), NOTHING, None])
def test_a_safety_word_acts_at_once_and_stays(word: C, second: Understood | None) -> None:
    """The second ear agrees, is silent or unclear, or does not come: the flow goes on."""
    policy = Policy()
    assert commands(policy.first(heard(word), amid_speech=True)) == [("first", word)]
    later = policy.second(opinion(second), 1.5) if second else policy.pass_time(30.0)
    assert not any(isinstance(v, TakenBack) for v in later)


def test_a_clear_sentence_about_something_else_takes_it_back() -> None:
    policy = Policy()
    policy.first(heard(C.PAIN), amid_speech=False)
    assert commands(policy.second(opinion(OTHER), 1.6)) == [("taken back", C.PAIN)]


@pytest.mark.parametrize(
    "doubtful",
    [opinion(OTHER, over=False), opinion(OTHER, log_p=UNSURE), opinion(OTHER, start_s=5.0), opinion(NOTHING)],
    ids=["not over", "not sure", "another utterance", "no sentence"],
)
def test_nothing_less_takes_it_back(doubtful: Opinion) -> None:
    policy = Policy()
    policy.first(heard(C.STOP), amid_speech=False)
    assert policy.second(doubtful, 1.6) == []


def test_whoever_repeats_it_means_it() -> None:
    policy = Policy()
    policy.first(heard(C.STOP), amid_speech=False)
    assert len(policy.second(opinion(OTHER), 1.6)) == 1
    assert commands(policy.first(heard(C.STOP, 5.0), amid_speech=False)) == [("first", C.STOP)]
    assert policy.second(opinion(OTHER, 4.5), 5.6) == []
    late_s = 1.7 + TWICE_S
    policy.first(heard(C.STOP, late_s), amid_speech=False)
    assert len(policy.second(opinion(OTHER, late_s - 0.5), late_s + 0.6)) == 1


def test_what_was_said_after_a_sentence_is_not_part_of_it() -> None:
    """A slow second ear, and a "stop" of the user's right after a sentence of the television's."""
    policy = Policy()
    policy.first(heard(C.STOP, 1.9), amid_speech=False)
    assert policy.second(opinion(OTHER), 3.0) == []


def test_a_word_that_the_first_ear_finds_late_in_a_known_sentence_is_as_good_as_taken_back() -> None:
    late = replace(heard(C.PAIN, 2.5), word_start_s=0.8)
    final = replace(late, decision=replace(late.decision, stage="final"))
    for word, acts in ((final, False), (late, True)):
        policy = Policy()
        policy.second(opinion(OTHER), 1.6)
        word = word if word is final else replace(late, word_start_s=2.2)
        assert bool(policy.first(word, amid_speech=False)) is acts


def test_an_utterance_that_goes_on_refutes_nothing() -> None:
    """What follows may be a cry."""
    late = replace(heard(C.PAIN, 2.5), word_start_s=0.8)
    final = replace(late, decision=replace(late.decision, stage="final"))
    policy = Policy()
    policy.second(opinion(OTHER, over=False), 1.6)
    assert commands(policy.first(final, amid_speech=False)) == [("first", C.PAIN)]


def test_what_happened_long_ago_stays() -> None:
    policy = Policy()
    policy.first(heard(C.STOP), amid_speech=False)
    policy.pass_time(1.1 + REMEMBERED_S)
    assert policy.second(opinion(OTHER), 1.2 + REMEMBERED_S) == []


def test_a_safety_meaning_acts_before_the_utterance_is_over() -> None:
    policy = Policy()
    assert commands(policy.second(opinion(meaning(C.HELP), over=False), 1.4)) == [("second", C.HELP)]
    assert policy.second(opinion(meaning(C.HELP)), 1.7) == [], "once"
    assert policy.first(heard(C.HELP, 1.5), amid_speech=False) == [], "the first ear comes later"


def test_a_second_stop_of_the_first_ear_counts() -> None:
    policy = Policy()
    policy.second(opinion(meaning(C.STOP), over=False), 1.4)
    assert commands(policy.first(heard(C.STOP, 4.0), amid_speech=False)) == [("first", C.STOP)]


def test_pain_after_stop_is_reported() -> None:
    """ "Stop. It hurts." """
    policy = Policy()
    policy.first(heard(C.STOP), amid_speech=False)
    assert commands(policy.second(opinion(meaning(C.PAIN)), 1.6)) == [("second", C.PAIN)]


def test_stop_after_pain_is_no_news() -> None:
    policy = Policy()
    policy.first(heard(C.PAIN), amid_speech=False)
    assert policy.second(opinion(meaning(C.STOP)), 1.6) == []


def test_a_command_that_only_the_second_ear_understands_waits_for_the_end() -> None:
    policy = Policy()
    assert policy.second(opinion(meaning(C.NEXT), over=False), 1.4) == []
    assert commands(policy.second(opinion(meaning(C.NEXT)), 1.7)) == [("second", C.NEXT)]
    assert policy.first(heard(C.NEXT, 1.8), amid_speech=False) == [], "the first ear comes later"


def test_unclear_speech_waits_and_becomes_a_command() -> None:
    policy = Policy()
    assert policy.first(heard(None), amid_speech=False) == []
    assert commands(policy.second(opinion(meaning(C.YES)), 1.5)) == [("second", C.YES)]
    assert policy.pass_time(10.0) == [], "and is not told as unclear"


def test_unclear_speech_that_nobody_understands_is_told() -> None:
    policy = Policy()
    policy.first(heard(None), amid_speech=False)
    assert policy.pass_time(1.0 + WAIT_S / 2) == []
    assert commands(policy.pass_time(1.0 + WAIT_S)) == [("first", None)]


def test_a_command_alone_acts_at_once() -> None:
    policy = Policy()
    assert commands(policy.first(heard(C.NEXT), amid_speech=False)) == [("first", C.NEXT)]
    assert policy.second(opinion(meaning(C.NEXT)), 1.7) == []


@pytest.mark.parametrize(("second", "acts"), [(OTHER, False), (NOTHING, True), (None, True)])
def test_a_command_amid_speech_waits_for_the_second_ear(second: Understood | None, acts: bool) -> None:
    policy = Policy()
    assert policy.first(heard(C.QUIETER), amid_speech=True) == []
    if second:
        policy.second(opinion(second), 1.5)
    assert commands(policy.pass_time(1.0 + WAIT_S)) == ([("first", C.QUIETER)] if acts else [])


def test_a_command_in_speech_that_goes_on_is_none() -> None:
    """ "The spaceship Voyager has taken off": somebody talks, without a pause in which to judge him."""
    for talk_since_s, acts in ((0.2, False), (2.0, True), (None, True)):
        policy = Policy()
        policy.first(heard(C.QUIETER), amid_speech=True)
        assert policy.pass_time(1.0 + WAIT_S / 2, talk_since_s) == []
        assert bool(policy.pass_time(1.0 + WAIT_S, talk_since_s)) is acts, talk_since_s
        assert policy.pass_time(30.0) == []


def test_a_command_is_not_obeyed_where_the_second_ear_is_sure_of_another_word() -> None:
    """ "Voyager" was heard as "quieter", by twelve people on the telephone."""
    sure, very_sure = opinion(NOTHING), opinion(NOTHING, log_p=VERY_SURE_LOG_PROBABILITY)
    for talk, given, command, acts in [
        (False, very_sure, C.QUIETER, False),
        (False, sure, C.QUIETER, True),
        (True, sure, C.QUIETER, False),
        (True, replace(sure, log_probability=UNSURE), C.QUIETER, True),
        (True, replace(sure, likely=C.QUIETER), C.QUIETER, True),
        (False, replace(very_sure, transcript="Plus."), C.QUIETER, True),
        (True, replace(very_sure, transcript="Plus."), C.QUIETER, False),
        (True, very_sure, C.NO, True),
        (True, very_sure, C.STOP, True),
    ]:
        policy = Policy()
        if talk:
            policy.second(opinion(OTHER, start_s=-3.0), -2.0)
        policy.second(given, 0.9)
        assert bool(policy.first(heard(command), amid_speech=False)) is acts, (talk, given, command)


def test_a_doubtful_word_passes_and_is_never_taken_back() -> None:
    policy = Policy()
    assert commands(policy.first(heard(C.STOP, sure=False), amid_speech=False)) == [("first", C.STOP)]
    assert policy.second(opinion(OTHER), 1.6) == []


def test_without_a_second_ear_nothing_that_waits_is_lost() -> None:
    policy = Policy()
    policy.first(heard(C.NEXT), amid_speech=True)
    assert commands(policy.flush()) == [("first", C.NEXT)]
