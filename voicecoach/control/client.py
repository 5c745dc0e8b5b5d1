"""The other side of a session's door."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec

from voicecoach.control.messages import Address, Answer, Done, Give, Hello, Message, Welcome, lines, put
from voicecoach.language import Command

ANSWER_S = 2.0


class NobodyThere(Exception):
    """No session is being played, or it does not answer."""

    def __init__(self, text: str = "No session is being played. Start one: voicecoach start") -> None:
        super().__init__(text)


NO_ANSWER = "The session does not answer. Say the word, or press a key where it runs."


class Connection:
    """To a session; give commands, or watch it. Close it in the end."""

    def __init__(self, address: Address, watch: bool) -> None:
        """Raises OSError, and NobodyThere if whoever listens there is no session of ours."""
        self._socket = socket.create_connection(("127.0.0.1", address.port), ANSWER_S)
        self._received = lines(self._socket)
        self.pid = address.pid
        put(self._socket, Hello(address.secret, watch))
        if not isinstance(self._next(), Welcome):
            raise NobodyThere(NO_ANSWER)
        if watch:
            self._socket.settimeout(None)

    def give(self, command: Command, source: str, asking: str | None = None) -> None:
        """Raises OSError."""
        put(self._socket, Give(command, source, asking))

    def given(self) -> bool:
        """Whether the session has taken the command; of one that is not watched."""
        return isinstance(self._next(), Done)

    def messages(self) -> Iterator[Message]:
        """What the session shows, until it ends or the connection is closed from another thread."""
        with contextlib.suppress(OSError):
            while (message := self._next()) is not None:
                if not isinstance(message, Welcome | Done):
                    yield message

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _next(self) -> Answer | None:
        """Raises OSError."""
        line = next(self._received, None)
        try:
            return None if line is None else msgspec.json.decode(line, type=Answer)
        except (ValueError, RecursionError):  # it is no message of ours
            return None


def connected(place: Path, watch: bool = False) -> Connection:
    """A connection to the session whose file is at `place`. Raises NobodyThere."""
    address = Address.read(place)
    if address is None:
        raise NobodyThere
    try:
        return Connection(address, watch)
    except OSError:  # it has died without tidying up, or hangs
        raise NobodyThere from None
