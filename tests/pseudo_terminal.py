"""A terminal without a window: what a program shows in it can be read as somebody before it would read it."""

import contextlib
import fcntl
import os
import pty
import select
import struct
import termios
import threading
import time
from collections.abc import Callable

import pyte

from voicecoach.cli.terminal.figures import LEAST_ROWS, figures


class PseudoTerminal:
    """`theirs` is the program's end; `ours` is that of whoever sits before it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.ours, self.theirs = pty.openpty()
        self.screen = pyte.Screen(columns, rows)
        self.written = bytearray()
        """all that the program has written"""
        self._stream = pyte.ByteStream(self.screen)
        self._lock = threading.Lock()
        self.resize(columns, rows)
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        with self._lock:
            self.screen.resize(rows, columns)

    @property
    def lines(self) -> list[str]:
        with self._lock:
            return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.lines).split())

    @property
    def digits(self) -> str:
        """The number that is drawn large; "" for none."""
        inked = [line for line in self.lines if line and set(line) <= set("█ ")]
        if len(inked) < LEAST_ROWS:
            return ""
        left = min(len(line) - len(line.lstrip()) for line in inked)
        drawn = [line[left:] for line in inked]
        for number in map(str, range(31)):
            if drawn == [line.rstrip() for line in figures(number, 80, len(drawn), "█")]:
                return number
        return ""

    def until(self, seen: Callable[[], object], within_s: float = 20.0) -> None:
        until_s = time.monotonic() + within_s
        while not seen():
            assert time.monotonic() < until_s, "\n".join(self.lines)
            time.sleep(0.02)

    def press(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def close(self) -> None:
        self._over.set()
        self._reader.join()  # it would read from whoever gets the number of `ours` next
        for end in (self.ours, self.theirs):
            with contextlib.suppress(OSError):
                os.close(end)

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while not self._over.is_set():
                if select.select([self.ours], [], [], 0.1)[0]:
                    data = os.read(self.ours, 65_536)
                    with self._lock:
                        self.written += data
                        self._stream.feed(data)
