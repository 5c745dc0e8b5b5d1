"""What goes through the door: one JSON object a line, told apart by its key `type`."""

from collections.abc import Iterator
from pathlib import Path
from socket import socket

import msgspec

from voicecoach.care import Outcome
from voicecoach.language import Command
from voicecoach.session import View

LONGEST = 16_384
"""bytes of a line; nobody who means well sends more"""


class Address(msgspec.Struct, frozen=True):
    """Where a session listens, as its file has it."""

    port: int
    secret: str
    pid: int

    @classmethod
    def read(cls, path: Path) -> "Address | None":
        """None if there is no such file, or none that makes sense."""
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except (OSError, ValueError, RecursionError):
            return None


class Hello(msgspec.Struct, frozen=True, tag_field="type", tag="hello"):
    """A visitor's first line."""

    secret: str
    watch: bool = False
    """whether to be shown everything"""


class Give(msgspec.Struct, frozen=True, tag_field="type", tag="give"):
    """A command for the session."""

    command: Command
    source: str = "send"
    asking: str | None = None
    """the question that it answers; None: whatever is asked"""


class Welcome(msgspec.Struct, frozen=True, tag_field="type", tag="welcome"):
    """The secret was right."""


class Done(msgspec.Struct, frozen=True, tag_field="type", tag="done"):
    """The command is in the session's inbox."""


class Seen(msgspec.Struct, frozen=True, tag_field="type", tag="view"):
    """How the session stands now."""

    view: View


class Line(msgspec.Struct, frozen=True, tag_field="type", tag="line"):
    """What was said."""

    at_ms: int
    who: str
    """coach or you"""
    text: str
    source: str = "voice"
    doubtful: bool = False
    """it may have been the coach's own echo"""


class Notice(msgspec.Struct, frozen=True, tag_field="type", tag="notice"):
    """What should be read."""

    text: str
    alarm: bool = False


class Ended(msgspec.Struct, frozen=True, tag_field="type", tag="ended"):
    """The session is over."""

    outcome: Outcome


Message = Seen | Line | Notice | Ended
"""What a visitor who watches is shown."""
Answer = Welcome | Done | Message
Asked = Hello | Give


def put(connection: socket, message: msgspec.Struct) -> None:
    """Raises OSError."""
    connection.sendall(msgspec.json.encode(message) + b"\n")


def lines(connection: socket, patient: bool = False) -> Iterator[bytes]:
    """Each whole line that comes, until the other side leaves or sends too long a one.

    `patient`: go on waiting when the connection's time limit has passed. Raises OSError.
    """
    rest = b""
    while True:
        try:
            data = connection.recv(65_536)
        except TimeoutError:
            if patient:
                continue
            raise
        *whole, rest = (rest + data).split(b"\n")
        yield from whole
        if not data or len(rest) > LONGEST:
            return
