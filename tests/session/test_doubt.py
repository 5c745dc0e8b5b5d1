"""A safety word that may have been the coach's echo: hush, listen, ask if still unclear, else go on aloud."""

import pytest

from voicecoach.language import Command as C
from voicecoach.session import Hush, Mode
from voicecoach.session.doubt import LISTEN_MS, PATIENCE
from voicecoach.session.facts import Doubted

from .driver import Driver, moving

GOING_ON = "Let us go on."
ASKED = "Did you say stop?"


def test_it_hushes_at_once_and_goes_on_aloud_when_nothing_follows() -> None:
    driver = moving().until("Lift slowly").perhaps("stop")
    assert Hush() in driver.last
    assert driver.mode() is Mode.CHECKING
    mark = len(driver.said)
    driver.wait(LISTEN_MS - 50)
    assert driver.said[mark:] == []
    driver.wait(5_000)
    assert driver.said[mark] == GOING_ON
    assert "Lift slowly" in driver.said[mark + 1], "the interrupted sentence is said again"
    assert ASKED not in driver.said


def test_a_hushed_hold_starts_over_and_is_held_in_full() -> None:
    driver = moving().in_hold().perhaps("stop").wait(LISTEN_MS + 100)
    assert driver.said[-1] == GOING_ON
    driver.in_hold().until_ended()
    assert driver.holds_ms()[:2] == [5_000, 5_000]
    assert driver.outcome is not None
    assert [fact.command for fact in driver.facts(Doubted)] == [C.STOP]


def test_a_second_stop_in_the_hush_stops() -> None:
    driver = moving().in_hold().perhaps("stop").wait(500).hear("stop")
    assert driver.mode() is Mode.STOPPED
    driver.asked("Are you in pain").hear("no")
    assert driver.mode() is Mode.PAUSED


@pytest.mark.parametrize("words", ["pain", "numb"])
def test_pain_in_the_hush_is_pain(words: str) -> None:
    assert moving().in_hold().perhaps("stop").wait(500).hear(words).mode() is Mode.SAFETY


def test_speech_that_is_no_command_is_asked_about() -> None:
    driver = moving().in_hold().perhaps("stop").wait(700).mumble().asked(ASKED).hear("no")
    assert driver.mode() is Mode.MOVING
    assert driver.said[-1] == GOING_ON


def test_a_second_doubt_is_asked_about_too() -> None:
    assert ASKED in moving().in_hold().perhaps("stop").wait(300).perhaps("stop").said


def test_yes_and_silence_both_stop() -> None:
    asked = moving().in_hold().perhaps("stop").wait(700).mumble().asked(ASKED)
    assert asked.hear("yes").mode() is Mode.STOPPED
    silent = moving().in_hold().perhaps("stop").wait(700).mumble().asked(ASKED)
    assert silent.wait(60_000).mode() in (Mode.STOPPED, Mode.STAYING)


def test_of_pain_that_is_unclear_the_question_is_whether_it_hurts() -> None:
    driver = moving().in_hold().perhaps("ouch").wait(700).mumble().asked("Are you in pain").hear("yes")
    assert driver.mode() is Mode.SAFETY
    assert ASKED not in driver.said


@pytest.mark.parametrize(
    ("command", "mode"), [(C.PAUSE, Mode.PAUSED), (C.NEXT, Mode.MOVING), (C.RESUME, Mode.MOVING)]
)
def test_other_words_work_in_the_hush(command: C, mode: Mode) -> None:
    assert moving().in_hold().perhaps("stop").wait(300).say_anyway(command).mode() is mode


def test_in_the_questions_the_question_comes_again() -> None:
    driver = Driver().until("bladder or bowel").perhaps("stop").wait(LISTEN_MS + 100)
    assert driver.said[-1] == GOING_ON
    assert driver.asked("bladder or bowel").hear("no").mode() is Mode.INTAKE


def test_where_nothing_moves_a_doubtful_word_changes_nothing() -> None:
    driver = moving().in_hold().hear("pause")
    assert driver.perhaps("stop").last == ()
    assert driver.mode() is Mode.PAUSED


def test_a_sentence_that_is_doubted_every_time_is_said_to_its_end_the_third_time() -> None:
    """Seen in a bedroom: one sentence was taken for "stop" 53 times in ten minutes."""
    driver = moving().until("Lift slowly")
    for _ in range(PATIENCE):
        assert driver.perhaps("stop").mode() is Mode.CHECKING
        driver.wait(LISTEN_MS + 100).until("Lift slowly")
    assert driver.perhaps("stop").last == ()
    assert driver.mode() is Mode.MOVING
    assert driver.hear("stop").mode() is Mode.STOPPED, "a word that is certain is obeyed"


def test_a_hold_does_not_start_over_for_ever() -> None:
    driver = moving().in_hold()
    for _ in range(PATIENCE):
        driver.perhaps("stop").wait(LISTEN_MS + 100).in_hold()
    assert driver.perhaps("stop").mode() is Mode.MOVING
    driver.until_ended()
    assert driver.outcome is not None
