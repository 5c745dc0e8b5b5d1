"""Watches whichever session is being played, and passes on what it shows to every open page."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec

from voicecoach.control import Connection, Ended, Line, Message, NobodyThere, Notice, Seen, connected
from voicecoach.language import Command

LOOK_S = 0.25
"""How soon a session that begins is noticed."""
REMEMBERED = 30
MOST_WAITING = 200
"""Messages that a page may be behind; older ones are dropped for it."""
BEAT_S = 10.0
"""A page that has gone is noticed when something is sent to it."""


class Began(msgspec.Struct, frozen=True, tag_field="type", tag="began"):
    """A session is being played."""


class Gone(msgspec.Struct, frozen=True, tag_field="type", tag="gone"):
    """No session is being played."""


class Beat(msgspec.Struct, frozen=True, tag_field="type", tag="beat"):
    """Nothing new."""


class Superseded(msgspec.Struct, frozen=True, tag_field="type", tag="superseded"):
    """The page has been opened anew, in front of this one."""


Shown = Message | Began | Gone | Beat | Superseded


class _Reader:
    """One open page."""

    def __init__(self) -> None:
        self.waiting: deque[Shown] = deque(maxlen=MOST_WAITING)
        self.news = asyncio.Event()

    def tell(self, message: Shown) -> None:
        if isinstance(message, Seen) and self.waiting and isinstance(self.waiting[-1], Seen):
            self.waiting.pop()  # a page that is slow skips views
        self.waiting.append(message)
        self.news.set()


class Watching:
    """Used in the server's event loop; one thread of its own listens to the session."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._connection: Connection | None = None
        self._readers: set[_Reader] = set()
        self._last: deque[Line | Notice | Ended] = deque(maxlen=REMEMBERED)
        self._view: Seen | None = None
        self.problem = ""
        """why the last session that was started elsewhere could not begin"""
        self._over = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._watch, daemon=True, name="watching").start()

    def stop(self) -> None:
        self._over.set()
        if self._connection is not None:
            self._connection.close()

    @property
    def playing(self) -> bool:
        return self._connection is not None

    @property
    def readers(self) -> int:
        """How many pages are open."""
        return len(self._readers)

    def give(self, command: Command, asking: str | None) -> bool:
        """Whether there is a session that takes it."""
        connection = self._connection
        if connection is None:
            return False
        with contextlib.suppress(OSError):
            connection.give(command, "page", asking)
            return True
        return False

    def forget(self) -> None:
        """Another session is about to begin: nobody is shown the end of the last one."""
        self._last.clear()
        self._view = None

    def supersede(self) -> None:
        """Tell the pages that are open that there is a newer one."""
        for reader in self._readers:
            reader.tell(Superseded())

    async def shown(self) -> AsyncGenerator[Shown]:
        """What there is to show, from the last lines on."""
        reader = _Reader()
        if self.playing:
            reader.tell(Began())
        if self._view is not None:
            reader.tell(self._view)
        for message in self._last:
            reader.tell(message)
        if not self.playing:
            reader.tell(Gone())
        self._readers.add(reader)
        try:
            while True:
                while reader.waiting:
                    yield reader.waiting.popleft()
                reader.news.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.news.wait(), BEAT_S)
                if not reader.waiting:
                    yield Beat()
        finally:
            self._readers.discard(reader)

    # -- the thread

    def _watch(self) -> None:
        while not self._over.wait(LOOK_S):
            with contextlib.suppress(NobodyThere, RuntimeError):  # RuntimeError: the loop has been closed
                self._follow(connected(self._place, watch=True))

    def _follow(self, connection: Connection) -> None:
        self._connection = connection
        try:
            self._call(Began())
            for message in connection.messages():
                self._call(message)
        finally:
            self._connection = None
            connection.close()
            self._call(Gone())

    def _call(self, message: Shown) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._tell, message)

    def _tell(self, message: Shown) -> None:
        if isinstance(message, Began):
            self.forget()
            self.problem = ""
        elif isinstance(message, Seen):
            self._view = message
        elif isinstance(message, Line | Notice | Ended):
            self._last.append(message)
        for reader in self._readers:
            reader.tell(message)
