"""An ear in a thread of its own: whatever it does, whoever gives it sound is answered at once."""

import threading
from typing import cast

import pytest

from tests.waiting import eventually
from voicecoach.language import Command, ListeningState
from voicecoach.listening import Decision, Ear, InBackground, Inline, Noticed
from voicecoach.listening.listener import BACKLOG_S, MOST_GIVEN_UP, STUCK_S
from voicecoach.sound import Samples, silence
from voicecoach.units import BLOCK, RATE_HZ

QUIET = silence(BLOCK)
BLOCKS_A_SECOND = RATE_HZ // BLOCK
STATE = ListeningState.HOLDING
STOP = Noticed(Decision(Command.STOP, "stop", 0.0, "partial"), 0.0, 0.0)


class FakeEar:
    """Hears "stop" in every block; can be held up, and can fail."""

    low = True
    hint = ""
    now_s = 7.0

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.fails = False
        self.heard = 0
        self.did: list[str] = []

    def hear(self, heard: Samples, played: Samples) -> list[Noticed]:
        self.goes_on.wait(10)
        if self.fails:
            raise RuntimeError("out of memory")
        self.heard += 1
        self.did.append("hear")
        return [STOP]

    def listen_for(self, state: ListeningState) -> None:
        self.did.append(state.value)

    def coach_says(self, text: str, until_s: float) -> None:
        self.did.append(f"{text} {until_s}")

    def forget_room(self) -> None:
        self.did.append("forget")

    def close(self) -> None:
        self.did.append("close")


def background(ears: list[FakeEar]) -> InBackground:
    """A listener that makes the `ears`, one after the other."""
    waiting = iter(ears)
    return InBackground(lambda: cast(Ear, next(waiting)), STATE)


def test_what_is_noticed_comes_with_a_later_block_and_nothing_is_lost() -> None:
    ear = FakeEar()
    listener = background([ear])
    noticed = [n for _ in range(5) for n in listener.hear(QUIET, QUIET)]
    eventually(lambda: ear.heard == 5)
    noticed += listener.hear(QUIET, QUIET)
    assert noticed == [STOP] * 5
    eventually(lambda: listener.behind_s == 0)
    assert listener.low
    listener.close()


def test_orders_keep_their_place_among_the_blocks() -> None:
    """The mask over the coach's own words must begin with its line, not when the ear has caught up."""
    ear = FakeEar()
    listener = background([ear])
    listener.hear(QUIET, QUIET)
    listener.coach_says("Rest.", 2.0)
    listener.hear(QUIET, QUIET)
    listener.forget_room()
    eventually(lambda: len(ear.did) == 5)
    assert ear.did == [STATE.value, "hear", "Rest. 9.0", "hear", "forget"]
    listener.close()


@pytest.mark.fault(
    "the recogniser is too slow", "how far it lags is known; what it could no longer use is dropped"
)
def test_an_ear_that_lags_does_not_hold_anybody_up_and_drops_what_is_too_late() -> None:
    ear = FakeEar()
    ear.goes_on.clear()
    listener = background([ear])
    for _ in range(round(BACKLOG_S * BLOCKS_A_SECOND) - 1):
        assert listener.hear(QUIET, QUIET) == []
    assert listener.behind_s == pytest.approx(BACKLOG_S - 0.02)
    assert listener.stuck_s == pytest.approx(BACKLOG_S - 0.02)
    ear.goes_on.set()
    eventually(lambda: listener.behind_s == 0)
    assert listener.stuck_s == 0
    assert ear.heard == round(BACKLOG_S * BLOCKS_A_SECOND) - 1
    listener.close()


def test_an_ear_that_does_not_return_is_given_up_for_another_in_the_same_state() -> None:
    stuck, fresh = FakeEar(), FakeEar()
    stuck.goes_on.clear()
    listener = background([stuck, fresh])
    listener.listen_for(ListeningState.QUESTION)
    for _ in range(round(STUCK_S * BLOCKS_A_SECOND) + 2):
        listener.hear(QUIET, QUIET)
    eventually(lambda: fresh.heard > 0)
    assert fresh.did[0] == ListeningState.QUESTION.value
    assert listener.stuck_s == 0
    stuck.goes_on.set()
    listener.close()


def test_ears_are_not_made_for_ever() -> None:
    ears = [FakeEar() for _ in range(MOST_GIVEN_UP + 1)]
    for ear in ears:
        ear.goes_on.clear()
    listener = background(ears)
    for _ in range(60 * BLOCKS_A_SECOND):
        listener.hear(QUIET, QUIET)
    assert listener.stuck_s > STUCK_S, "an ear too many would have raised StopIteration"
    assert not listener.low
    assert listener.failure == ""
    for ear in ears:
        ear.goes_on.set()
    listener.close()


@pytest.mark.parametrize("in_step", [True, False])
def test_an_ear_that_fails_says_why_and_no_longer_ducks_the_coach(in_step: bool) -> None:
    ear = FakeEar()
    ear.fails = True
    listener = Inline(cast(Ear, ear)) if in_step else background([ear])
    listener.hear(QUIET, QUIET)
    eventually(lambda: listener.failure == "out of memory")
    assert not listener.low
    assert listener.hear(QUIET, QUIET) == []
    listener.close()
