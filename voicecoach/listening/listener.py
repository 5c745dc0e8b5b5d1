"""The ear at work: in step with the session, or in a thread of its own where the session must not wait for
it.

The recogniser is native code. It can be slow, fail, or never return; a session that waited for it would count
on, deaf to every word and key.
"""

import contextlib
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from voicecoach.language import ListeningState
from voicecoach.listening.policy import Verdict
from voicecoach.sound import Samples
from voicecoach.units import BLOCK, RATE_HZ

BACKLOG_S = 2.0
"""How much sound may wait. What comes then is dropped: a word understood later than that is of no use."""
STUCK_S = 2.0
"""Nothing takes so long: an ear that has not returned by then is given up, and another one is made."""
MOST_GIVEN_UP = 3
"""Each leaves a thread and its memory behind."""
_BLOCK_S = BLOCK / RATE_HZ


class Ears(Protocol):
    """An `Ear`, or two."""

    @property
    def now_s(self) -> float: ...
    @property
    def low(self) -> bool: ...
    @property
    def hint(self) -> str: ...
    def hear(self, heard: Samples, played: Samples) -> Sequence[Verdict]: ...
    def listen_for(self, state: ListeningState) -> None: ...
    def coach_says(self, text: str, until_s: float) -> None: ...
    def forget_room(self) -> None: ...
    def close(self) -> None: ...


class Listener(Protocol):
    """What the player asks of an ear; it answers at once."""

    @property
    def low(self) -> bool:
        """Whether the coach is to be ducked."""

    @property
    def failure(self) -> str:
        """Why it can no longer hear; "" while it can."""

    @property
    def hint(self) -> str:
        """What the user should know of the ear though it hears; "" for nothing."""

    @property
    def behind_s(self) -> float:
        """How much sound has not been listened to yet."""

    @property
    def stuck_s(self) -> float:
        """For how long it has not returned, though there was something to listen to."""

    def hear(self, heard: Samples, played: Samples) -> list[Verdict]:
        """Listen to one block; returns what has been decided since the last call."""

    def listen_for(self, state: ListeningState) -> None: ...

    def coach_says(self, text: str, duration_s: float) -> None:
        """From now on the coach's voice sounds with `text`."""

    def forget_room(self) -> None:
        """Other devices: the way from the loudspeaker to the microphone is another one."""

    def close(self) -> None: ...


class Inline:
    """Listens while the caller waits: on the virtual clock, where a run is to be repeatable."""

    def __init__(self, ear: Ears) -> None:
        self.ear = ear
        self.failure = ""
        self.behind_s = self.stuck_s = 0.0

    @property
    def low(self) -> bool:
        return self.ear.low and not self.failure

    @property
    def hint(self) -> str:
        return self.ear.hint

    def hear(self, heard: Samples, played: Samples) -> list[Verdict]:
        if self.failure:
            return []
        try:
            return list(self.ear.hear(heard, played))
        except Exception as error:  # native code can fail in any way
            self.failure = str(error) or type(error).__name__
            return []

    def listen_for(self, state: ListeningState) -> None:
        self.ear.listen_for(state)

    def coach_says(self, text: str, duration_s: float) -> None:
        self.ear.coach_says(text, self.ear.now_s + duration_s)

    def forget_room(self) -> None:
        self.ear.forget_room()

    def close(self) -> None:
        self.ear.close()


class InBackground:
    """Listens in a thread of its own. `make_ear` makes the ear, and another one if that gets stuck."""

    def __init__(self, make_ear: Callable[[], Ears], state: ListeningState) -> None:
        self._make_ear = make_ear
        self._state = state
        self._given_up = 0
        self._worker = _Worker(make_ear)
        self.listen_for(state)

    @property
    def low(self) -> bool:
        return self._worker.low and self._worker.calls_without_result * _BLOCK_S < STUCK_S

    @property
    def failure(self) -> str:
        return self._worker.failure

    @property
    def hint(self) -> str:
        return self._worker.hint

    @property
    def behind_s(self) -> float:
        return self._worker.waiting * _BLOCK_S

    @property
    def stuck_s(self) -> float:
        return self._worker.calls_without_result * _BLOCK_S

    def hear(self, heard: Samples, played: Samples) -> list[Verdict]:
        if self.stuck_s >= STUCK_S * (self._given_up + 1) and self._given_up < MOST_GIVEN_UP:
            self._given_up += 1
            calls = self._worker.calls_without_result
            self._worker.close()
            self._worker = _Worker(self._make_ear)
            self._worker.calls_without_result = calls  # the trouble is over when this one returns
            self.listen_for(self._state)
        return self._worker.hear(heard, played)

    def listen_for(self, state: ListeningState) -> None:
        self._state = state
        self._worker.do(lambda ear: ear.listen_for(state))

    def coach_says(self, text: str, duration_s: float) -> None:
        self._worker.do(lambda ear: ear.coach_says(text, ear.now_s + duration_s))

    def forget_room(self) -> None:
        self._worker.do(lambda ear: ear.forget_room())

    def close(self) -> None:
        self._worker.close()


class _Worker:
    """One ear and its thread."""

    def __init__(self, make_ear: Callable[[], Ears]) -> None:
        self.low = False
        self.failure = self.hint = ""
        self._given = self._done = 0
        """blocks; each is counted by one thread alone"""
        self.calls_without_result = 0
        """blocks that have come since the ear last returned"""
        self._work: queue.Queue[Callable[[Ears], None] | None] = queue.Queue()
        self._noticed: deque[Verdict] = deque()
        threading.Thread(target=self._listen, args=(make_ear,), daemon=True, name="ear").start()

    @property
    def waiting(self) -> int:
        """Blocks that have not been listened to."""
        return self._given - self._done

    def do(self, what: Callable[[Ears], None]) -> None:
        self._work.put(what)

    def hear(self, heard: Samples, played: Samples) -> list[Verdict]:
        if self.waiting * _BLOCK_S < BACKLOG_S:
            self._given += 1
            self.do(lambda ear: self._hear(ear, heard, played))
        if self.waiting:
            self.calls_without_result += 1
        return [self._noticed.popleft() for _ in range(len(self._noticed))]

    def close(self) -> None:
        self._work.put(None)

    def _listen(self, make_ear: Callable[[], Ears]) -> None:
        try:
            ear = make_ear()
            with contextlib.closing(ear):
                while (what := self._work.get()) is not None:
                    what(ear)
        except Exception as error:  # native code can fail in any way
            self.failure = str(error) or type(error).__name__
            self.low = False

    def _hear(self, ear: Ears, heard: Samples, played: Samples) -> None:
        self._noticed.extend(ear.hear(heard, played))
        self.low, self.hint = ear.low, ear.hint
        self._done += 1
        self.calls_without_result = 0
