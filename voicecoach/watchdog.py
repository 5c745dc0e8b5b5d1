"""Plays a session on a thread of its own, so that this one can serve signals, and end it whatever it hangs
in.

The session's loop calls nothing that should block. Should it hang all the same, the loudspeaker falls silent
by itself (`Mixer.attend`), the user is told, and the journal keeps how the session stood.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from voicecoach.care import Outcome
from voicecoach.inbox import StoodStill
from voicecoach.language import Command
from voicecoach.player import Player
from voicecoach.session import broken_off

LEAVE_S = 1.6
"""How long a session that was asked to leave, or that has ended, may take to close."""
ABANDON_S = 0.3
"""How long its journal may take besides if it hangs. All is over within two seconds."""
TOLD_S, GIVEN_UP_S = 1.0, 10.0
"""When a loop that does not go on is told to the user, and when the session is ended for it. Before its first
block the devices are opened, which is told only when the session is ended."""
_LOOK_S = 0.1
STOOD_STILL_S = 2.0
"""Between two looks only a moment passes, unless the computer was asleep or this program was stopped."""
HANGS = "The session hangs. Please lie still and rest. Any key or signal ends it."


def _clock_s() -> float:
    """A clock that goes on while the computer sleeps, which `time.monotonic` does on Windows alone."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC_RAW"):  # Linux, macOS
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()


class Hung(Exception):
    """The session's thread does not return; the journal is closed, and the process has to be left hard."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"The session hung, and was ended ({outcome.value}).")
        self.outcome = outcome


@dataclass(slots=True)
class Watchdog:
    player: Player
    clock: Callable[[], float] = _clock_s
    _asked_s: float | None = None
    _told: bool = False
    _result: Outcome | None = None
    _error: BaseException | None = None

    def leave(self, reason: str) -> None:
        """End the session soon; from any thread, or from a signal handler."""
        if self._asked_s is None:
            self._asked_s = self.clock()
            self.player.leave(reason)

    @property
    def leaving(self) -> bool:
        """Whether it was asked to end."""
        return self._asked_s is not None

    def press(self, key: str) -> None:
        """A key, from the keyboard's thread; one that finds the session hanging ends it."""
        if self._told:
            self.leave("key")
        else:
            self.player.press(key)

    def give(self, command: Command, source: str, asking: str | None = None) -> None:
        """A command from a page or another program, likewise."""
        if self._told:
            self.leave(source)
        else:
            self.player.give(command, source, asking)

    def run(self) -> Outcome:
        """The session's outcome. Raises what the session raises, and Hung."""
        session = threading.Thread(target=self._play, daemon=True, name="session")
        session.start()
        handled, now_s = 0, self.clock()
        moved_s, closing_s = now_s, None
        while session.is_alive():
            session.join(_LOOK_S)  # signals are served in between
            before_s, now_s = now_s, self.clock()
            if now_s - before_s > STOOD_STILL_S and self.player.real_time:
                self.player.inbox.append(StoodStill(now_s - before_s))
                moved_s = now_s
            if handled != self.player.frames_handled or not self.player.real_time:
                handled, moved_s, self._told = self.player.frames_handled, now_s, False
            leaving_s = self._asked_s
            if self.player.closing and self.player.real_time:
                closing_s = closing_s or now_s
                moved_s, leaving_s = now_s, leaving_s or closing_s
            if handled and now_s - moved_s > TOLD_S and not self._told:
                self._told = True
                self.player.screen.alarm(HANGS)
            late = leaving_s is not None and now_s - leaving_s > LEAVE_S
            if session.is_alive() and (late or now_s - moved_s > GIVEN_UP_S):
                raise Hung(self._abandon())
        if self._error is not None:
            raise self._error
        assert self._result is not None
        return self._result

    def _abandon(self) -> Outcome:
        """Keep how the session stands, if the disk lets us; its outcome."""
        outcome = self.player.outcome or broken_off(self.player.state)
        keeping = threading.Thread(target=self.player.close_journal, daemon=True, name="abandon")
        keeping.start()
        keeping.join(ABANDON_S)
        return outcome

    def _play(self) -> None:
        try:
            self._result = self.player.run()
        except BaseException as error:
            self._error = error
