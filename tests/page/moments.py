"""Moments of a session on the page, without sound: the real session machine, shown through its door."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.page.browsing import Server, chromium
from tests.session.driver import Driver
from voicecoach.control import Control
from voicecoach.session import Alarm, Mode, Say, Show, view
from voicecoach.storage import Places
from voicecoach.testing import LIBRARY

if TYPE_CHECKING:
    from playwright.sync_api import Page

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


@contextmanager
def page_of(home: Path) -> "Iterator[tuple[Page, Control]]":
    """The page of a session in a hold."""
    places = Places.inside(home)
    places.data.mkdir(parents=True)
    control = Control(places.session)
    control.open(lambda command, source, asking: None)
    put_on(control, MOMENTS["hold"]())
    with Server(home) as server, chromium() as browser:
        page = browser.new_page()
        page.goto(server.address)
        page.wait_for_url("**/session")
        page.locator("#stop:enabled").wait_for()
        yield page, control
    control.close()
