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
from voicecoach.player import Player, StoodStill

LEAVE_S = 1.0
"""How long a session that was asked to leave may take to do so itself. All is over within two seconds."""
TOLD_S, GIVEN_UP_S = 1.0, 10.0
"""When a loop that does not go on is told to the user, and when the session is ended for it."""
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

    def run(self) -> Outcome:
        """The session's outcome. Raises what the session raises, and Hung."""
        session = threading.Thread(target=self._play, daemon=True, name="session")
        session.start()
        now_s = moved_s = self.clock()
        handled, told = 0, False
        while session.is_alive():
            session.join(_LOOK_S)  # signals are served in between
            before_s, now_s = now_s, self.clock()
            if now_s - before_s > STOOD_STILL_S and self.player.real_time:
                self.player.inbox.append(StoodStill(now_s - before_s))
                moved_s = now_s
            if handled != self.player.frames_handled:
                handled, moved_s, told = self.player.frames_handled, now_s, False
            hangs_s = now_s - moved_s if self.player.real_time and handled else 0.0
            if hangs_s > TOLD_S and not told:
                told = True
                self.player.screen.alarm(HANGS)
            asked = self._asked_s is not None and now_s - self._asked_s > LEAVE_S
            if session.is_alive() and (asked or hangs_s > GIVEN_UP_S):
                raise Hung(self.player.abandon())
        if self._error is not None:
            raise self._error
        assert self._result is not None
        return self._result

    def _play(self) -> None:
        try:
            self._result = self.player.run()
        except BaseException as error:
            self._error = error
