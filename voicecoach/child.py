"""A process beside the session, for work that may take memory, time or a fault: it can be killed.

It reads requests from its standard input and answers on its standard output, each message with its length
before it. It ends by itself when the input does, so it outlives nobody.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from typing import IO, Any

import msgspec

_LENGTH_BYTES = 4
_BELOW_NORMAL = 0x00004000 | 0x08000000  # Windows: BELOW_NORMAL_PRIORITY_CLASS, CREATE_NO_WINDOW
NICENESS = 5
"""Whoever listens to the user comes first."""


class ChildLost(Exception):
    """The process could not start, has died, or did not answer in time and was killed."""


def send(pipe: IO[bytes], message: msgspec.Struct) -> None:
    data = msgspec.msgpack.encode(message)
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "little") + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """The next message, encoded; None if there will be no whole one any more."""
    length = int.from_bytes(pipe.read(_LENGTH_BYTES), "little")
    data = pipe.read(length)
    return data if length and len(data) == length else None


def command(package: str, *arguments: str) -> list[str]:
    """What runs `package` with this Python; -P: no file in the current folder stands in for a module."""
    return [sys.executable, "-P", "-m", package, *arguments]


class Child:
    """The process that runs a package's `__main__.py`; ask in one thread only. Raises ChildLost."""

    def __init__(self, package: str, *arguments: str) -> None:
        try:
            self._process = subprocess.Popen(
                command(package, *arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=_BELOW_NORMAL if sys.platform == "win32" else 0,
                start_new_session=True,  # Ctrl-C in the terminal is for the session
            )
        except OSError as error:
            raise ChildLost(f"could not start ({error})") from error

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, message: msgspec.Struct, within_s: float, of: Any) -> Any:
        """The answer to `message`, of type `of`; the process is killed if none comes within `within_s`."""
        with contextlib.suppress(OSError):  # what is wrong then shows in the answer
            assert self._process.stdin is not None
            send(self._process.stdin, message)
        return self.answer(within_s, of)

    def answer(self, within_s: float, of: Any) -> Any:
        """The next message, of the type `of`."""
        assert self._process.stdout is not None
        late = threading.Timer(within_s, self._process.kill)
        late.daemon = True
        late.start()
        try:
            data = receive(self._process.stdout)
        except (OSError, ValueError):
            data = None
        finally:
            late.cancel()
        if data is None:
            raise ChildLost("has died, or hung and was ended")
        try:
            return msgspec.msgpack.decode(data, type=of)
        except msgspec.DecodeError as error:
            self.close()
            raise ChildLost(f"answered nonsense ({error})") from error

    def close(self) -> None:
        """Kill the process; what it is at is lost. From any thread."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)


def give_back() -> None:
    """Give freed memory back to the system.

    glibc would keep it: a third of what a child has (malloc_trim(3)). Other C libraries need no asking.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def served() -> tuple[IO[bytes], IO[bytes]]:
    """In the process itself: where requests come from and where answers go."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    return sys.stdin.buffer, answers
