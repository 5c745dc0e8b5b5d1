"""The session's side of its door: a screen that shows itself to whoever watches."""

import contextlib
import hmac
import os
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from voicecoach.care import Outcome
from voicecoach.control.messages import (
    Address,
    Asked,
    Done,
    Ended,
    Give,
    Hello,
    Line,
    Message,
    Notice,
    Seen,
    Welcome,
    lines,
    put,
)
from voicecoach.files import write_whole
from voicecoach.language import Command
from voicecoach.session import View

MOST_VISITORS = 16
MOST_WAITING = 100
"""Lines that a visitor may be behind; older ones are dropped for it."""
REMEMBERED = 30
"""How many of the last lines a new visitor is shown."""
INTRODUCTION_S, UNREAD_S = 2.0, 5.0
"""How long a visitor may take to say hello, and to read what it is shown."""
LEAVE_S = 0.2
PAUSE_S = 0.05
Giving = Callable[[Command, str, str | None], None]


class Control:
    """A `Screen`. Its methods only append to a list, so they take no time of the session's."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._secret = secrets.token_urlsafe(32)
        self._give: Giving | None = None
        self._listening: socket.socket | None = None
        self._visitors: list[_Visitor] = []
        self._inside = 0
        """connections, also of those who have not said hello"""
        self._closed = False
        self._lock = threading.Lock()
        self._view: View | None = None
        self._last: deque[Message] = deque(maxlen=REMEMBERED)

    # -- what the session shows

    def coach(self, at_ms: int, text: str) -> None:
        self._tell(Line(at_ms, "coach", text))

    def user(self, at_ms: int, text: str, source: str, doubtful: bool = False) -> None:
        self._tell(Line(at_ms, "you", text, source, doubtful))

    def notice(self, text: str) -> None:
        self._tell(Notice(text))

    def alarm(self, text: str) -> None:
        self._tell(Notice(text, alarm=True))

    def show(self, view: View) -> None:
        with self._lock:
            self._view = view
            for visitor in self._visitors:
                visitor.show(view)

    def ended(self, outcome: Outcome) -> None:
        self._tell(Ended(outcome))

    def _tell(self, message: Message) -> None:
        with self._lock:
            self._last.append(message)
            for visitor in self._visitors:
                visitor.tell(message)

    # -- the door

    def open(self, give: Giving) -> None:
        """Listen, and say in a file where. If that cannot be done there is no door; no session needs one."""
        self._give = give
        with contextlib.suppress(OSError):
            listening = socket.create_server(("127.0.0.1", 0))
            address = Address(listening.getsockname()[1], self._secret, os.getpid())
            write_whole(self._place, msgspec.json.encode(address).decode(), mode=0o600)
            self._listening = listening
            threading.Thread(target=self._welcome, daemon=True, name="control").start()

    def close(self) -> None:
        """Let everybody read how it ended, and close the door."""
        if self._listening is None:
            return
        with contextlib.suppress(OSError):
            here = Address.read(self._place)
            if here is not None and here.secret == self._secret:
                self._place.unlink()
        self._closed = True
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # closing alone would not wake the thread that accepts
        with contextlib.suppress(OSError):
            self._listening.close()
        with self._lock:
            visitors = list(self._visitors)
        for visitor in visitors:
            visitor.leave(LEAVE_S)

    def _welcome(self) -> None:
        """Let visitors in, until the door is closed."""
        assert self._listening is not None
        while not self._closed:
            try:
                connection, _ = self._listening.accept()
            except OSError:  # no more descriptors, or a visitor that has gone already
                time.sleep(PAUSE_S)
                continue
            with self._lock:
                full = self._closed or self._inside >= MOST_VISITORS
                self._inside += not full
            if full:
                connection.close()
                continue
            visitor = _Visitor(connection, self._secret, self._entered, self._given, self._left)
            try:
                threading.Thread(target=visitor.listen, daemon=True, name="visitor").start()
            except RuntimeError:  # no more threads
                self._left(visitor)
                connection.close()

    def _entered(self, visitor: "_Visitor") -> None:
        with self._lock:
            for message in self._last:
                visitor.tell(message)
            if self._view is not None:
                visitor.show(self._view)
            self._visitors.append(visitor)

    def _left(self, visitor: "_Visitor") -> None:
        with self._lock:
            self._inside -= 1
            if visitor in self._visitors:
                self._visitors.remove(visitor)

    def _given(self, give: Give) -> None:
        assert self._give is not None
        self._give(give.command, give.source, give.asking)


class _Visitor:
    """One connection: a thread that listens and, if it watches, one that shows."""

    def __init__(
        self,
        connection: socket.socket,
        secret: str,
        entered: "Callable[[_Visitor], None]",
        given: Callable[[Give], None],
        left: "Callable[[_Visitor], None]",
    ) -> None:
        self._connection, self._secret = connection, secret
        self._entered, self._given, self._left = entered, given, left
        self._waiting: deque[Message] = deque(maxlen=MOST_WAITING)
        self._view: deque[View] = deque(maxlen=1)
        self._news = threading.Event()
        self._leaving = False
        self._showing: threading.Thread | None = None

    def tell(self, message: Message) -> None:
        self._waiting.append(message)
        self._news.set()

    def show(self, view: View) -> None:
        """Only the newest counts: a visitor that is slow skips those between."""
        self._view.append(view)
        self._news.set()

    def leave(self, within_s: float) -> None:
        self._leaving = True
        self._news.set()
        if self._showing is not None:
            self._showing.join(within_s)
        self._hang_up()

    def listen(self) -> None:
        connection = self._connection
        try:
            late = threading.Timer(INTRODUCTION_S, self._hang_up)  # also for who sends a byte a second
            late.daemon = True
            late.start()
            hello = msgspec.json.decode(next(lines(connection), b""), type=Asked)
            late.cancel()
            if not isinstance(hello, Hello) or not hmac.compare_digest(
                hello.secret.encode(), self._secret.encode()
            ):
                return
            connection.settimeout(UNREAD_S)
            put(connection, Welcome())
            if hello.watch:
                self._entered(self)
                self._showing = threading.Thread(target=self._show_news, daemon=True, name="visitor's view")
                self._showing.start()
            for line in lines(connection, patient=True):
                asked = msgspec.json.decode(line, type=Asked)
                if isinstance(asked, Give):
                    self._given(asked)
                    if not hello.watch:
                        put(connection, Done())
        except (OSError, ValueError, RecursionError):  # ValueError: no JSON, no UTF-8, or no message of ours
            return
        finally:
            self._left(self)
            self._hang_up()

    def _show_news(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._news.wait()
                self._news.clear()
                while self._waiting:
                    put(self._connection, self._waiting.popleft())
                if self._view:
                    put(self._connection, Seen(self._view.popleft()))
                if self._leaving and not self._waiting:
                    return
        self._hang_up()

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._connection.close()
