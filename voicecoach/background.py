"""Threads for what may block: a disk or a terminal that hangs must not hold up the loop that listens."""

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

_END = None
T = TypeVar("T")


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


class Soon(Generic[T]):
    """A call that is being made on a thread of its own."""

    def __init__(self, function: Callable[..., T], *arguments: Any) -> None:
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._make, args=(function, arguments), daemon=True)
        self._thread.start()

    def result(self, within_s: float) -> T:
        """What the call returned. Raises what it raised, and TimeoutError if it has not returned by then."""
        self._thread.join(within_s)
        if self._error is not None:
            raise self._error
        if not self._results:
            raise TimeoutError
        return self._results[0]

    def abandon(self, within_s: float) -> None:
        """Nobody needs the result any more. Wait a little all the same: a program that ends while native code
        of it still runs may crash."""
        self._thread.join(within_s)

    def _make(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> None:
        try:
            self._results.append(function(*arguments))
        except BaseException as error:
            self._error = error


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
