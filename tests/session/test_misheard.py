"""A safety word that was not said is taken back: the user is told, and gets time before anything moves."""

import pytest

from voicecoach.session import Hush, Mode
from voicecoach.session.facts import TakenBack
from voicecoach.testing import SAFETY

from .driver import Driver, moving

SORRY = "I heard that wrongly. Let us go on."


@pytest.mark.parametrize("word", ["stop", "pain", "help"])
def test_a_hold_begins_anew_after_time_to_get_ready(word: str) -> None:
    driver = moving().in_hold().hear(word).wait(2_000)
    mark = len(driver.said)
    driver.not_said(word)
    assert Hush() in driver.last
    assert driver.mode() is Mode.MOVING
    assert driver.said[mark:] == [SORRY]
    again_ms = driver.now_ms
    driver.in_hold()
    assert driver.now_ms - again_ms >= 8_000, "there is time to say it again"
    assert [fact.command for fact in driver.facts(TakenBack)] == [SAFETY[word]]


def test_nothing_remains_of_a_report_that_was_none() -> None:
    driver = moving().in_hold()
    before = driver.state
    driver.hear("numb").wait(1_000).not_said("numb")
    after = driver.state
    assert (after.report, after.report_answers, after.over, after.due) == (
        before.report,
        before.report_answers,
        before.over,
        before.due,
    )
    driver.until_ended()
    assert str(driver.outcome) == "completed"


def test_what_is_said_again_counts() -> None:
    driver = moving().in_hold().hear("pain").wait(1_500).not_said("pain").wait(2_000).hear("pain")
    assert driver.mode() is Mode.SAFETY


@pytest.mark.parametrize("more", ["it hurts", "stop"])
def test_in_a_safety_stop_nothing_is_taken_back(more: str) -> None:
    """Neither the word that began it, once more was said, nor the later one."""
    driver = moving().in_hold().hear("pain").wait(1_000).hear(more)
    driver.not_said(more)
    assert driver.mode() is Mode.SAFETY
    driver.not_said("pain")
    assert driver.mode() is Mode.SAFETY


def test_an_answered_question_is_not_taken_back() -> None:
    driver = moving().in_hold().hear("stop").asked("Are you in pain").hear("no")
    mode = driver.mode()
    assert driver.not_said("stop").mode() is mode


def test_a_key_is_not_taken_back() -> None:
    assert moving().in_hold().press("p").not_said("pain").mode() is Mode.SAFETY


def test_another_word_than_the_one_that_stopped_is_not_taken_back() -> None:
    assert moving().in_hold().hear("pain").not_said("stop").mode() is Mode.SAFETY


def test_who_had_paused_stays_paused() -> None:
    driver = moving().in_hold().hear("pause").wait(4_000).hear("stop").wait(1_000).not_said("stop")
    assert driver.mode() is Mode.PAUSED
    assert SORRY in driver.said


def test_a_question_before_the_session_is_asked_again() -> None:
    driver = Driver()
    question = driver.to_question()
    driver.hear("stop").wait(1_000).not_said("stop")
    assert driver.mode() is Mode.INTAKE
    assert driver.to_question() == question


def test_without_a_stop_there_is_nothing_to_take_back() -> None:
    driver = moving().in_hold()
    before = driver.state
    driver.not_said("stop")
    assert driver.state == before
