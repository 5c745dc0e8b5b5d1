"""Moments of a session on the page, without sound: the real session machine, shown through its door."""

from collections.abc import Callable

from tests.session.driver import Driver
from voicecoach.control import Control
from voicecoach.session import Alarm, Mode, Say, Show, view
from voicecoach.testing import LIBRARY

GENTLE = LIBRARY.program("gentle")


def session() -> Driver:
    return Driver(GENTLE)


def moving() -> Driver:
    return session().screened()


def in_hold() -> Driver:
    """In the first counted hold."""
    coach = moving()
    while "Bridge." not in coach.said:
        coach.hear("next").until(f"{coach.state.program.exercises[coach.state.exercise].name}.")
    return coach.in_hold(2_200)


def at_rest() -> Driver:
    coach = in_hold()
    while view(coach.state, coach.now_ms).clock.phase != "rest":
        coach.wait(200)
    return coach


def advised() -> Driver:
    """Every answer is the worst."""
    coach = in_hold().hear("it hurts")
    while coach.mode() is Mode.SAFETY:
        coach.hear("nine" if coach.to_question() == "level" else "yes")
    return coach.wait(2_000)


MOMENTS: dict[str, Callable[[], Driver]] = {
    "question": lambda: session().asked("bladder or bowel"),
    "number": lambda: session().asked("bladder or bowel").hear("no").asked("zero to ten"),
    "breath": lambda: moving().in_hold(1_500),
    "hold": in_hold,
    "rest": at_rest,
    "paused": lambda: in_hold().hear("pause"),
    "stopped": lambda: in_hold().hear("stop").asked("in pain"),
    "safety": lambda: in_hold().hear("it hurts").asked("How bad"),
    "advice": advised,
    "deaf": lambda: in_hold().go_deaf(),
}


def put_on(control: Control, coach: Driver) -> None:
    """Show on `control` how `coach` stands, and what it said last."""
    control.show(view(coach.state, coach.now_ms, coach.outcome))
    said = [each for each in coach.outputs if isinstance(each, Say) and each.at_ms is None]
    if said:
        control.coach(coach.now_ms, said[-1].text)
    for each in coach.last:
        if isinstance(each, Show | Alarm):
            control.notice(each.text)
