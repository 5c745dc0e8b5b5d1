"""A thread for what may block: a disk or a terminal that hangs must not hold up the loop that listens."""

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, Protocol

_END = None


class Aside(Protocol):
    """Takes calls that may block."""

    def call(self, function: Callable[..., object], *arguments: Any) -> None: ...
    def close(self, within_s: float) -> bool: ...


class Directly:
    """Makes each call at once: on the virtual clock, nobody is kept waiting."""

    def call(self, function: Callable[..., object], *arguments: Any) -> None:
        function(*arguments)

    def close(self, within_s: float) -> bool:
        return True


class Background:
    """Calls functions one after another on a thread of its own.

    The functions handle their own errors. `limit`: how many calls may wait; more are dropped and counted, as
    whoever calls must not wait either.
    """

    def __init__(self, name: str, limit: int = 1_000) -> None:
        self.dropped = 0
        self._calls: queue.Queue[Callable[[], object] | None] = queue.Queue(limit)
        self._thread = threading.Thread(target=self._work, daemon=True, name=name)
        self._thread.start()

    def call(self, function: Callable[..., object], *arguments: Any) -> None:
        """Have `function(*arguments)` called soon; returns at once."""
        try:
            self._calls.put_nowait(lambda: function(*arguments))
        except queue.Full:
            self.dropped += 1

    def wait(self, within_s: float) -> bool:
        """Whether the calls that wait now are all done within `within_s` seconds."""
        done = threading.Event()
        self.call(done.set)
        return done.wait(within_s)

    def close(self, within_s: float) -> bool:
        """Take no more calls; whether those that waited were all done `within_s` seconds."""
        with contextlib.suppress(queue.Full):
            self._calls.put(_END, timeout=within_s)
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (call := self._calls.get()) is not _END:
            call()
