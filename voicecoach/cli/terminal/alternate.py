"""The alternate screen of a terminal: what was there before comes back when it is left."""

import contextlib
import os
import sys
from collections.abc import Sequence

_ENTER, _LEAVE = "\x1b[?1049h", "\x1b[0m\x1b[?1049l"
_BEGIN, _END = "\x1b[?25l\x1b[?7l", "\x1b[?7h\x1b[?25h"
"""The cursor is hidden, and lines are not continued, only while a frame is written: a program that is killed
between two leaves a terminal that can be used."""
_CLEAR, _BELL = "\x1b[0m\x1b[2J", "\a"


class AlternateScreen:
    """Rows of standard output. Only those that have changed are written, a frame at once."""

    def __init__(self) -> None:
        self.entered = False
        self._size = (0, 0)
        self._rows: list[str] = []

    @staticmethod
    def usable() -> bool:
        """Whether standard output is a terminal that can be drawn on, and knows its size."""
        if sys.stdout is None or (
            os.name == "posix" and os.environ.get("TERM", "") in ("", "dumb", "unknown")
        ):
            return False
        try:
            return sys.stdout.isatty() and min(AlternateScreen.size()) > 0
        except (OSError, ValueError):  # closed
            return False

    @staticmethod
    def size() -> tuple[int, int]:
        """Columns and rows; not of the environment, which does not change with the window. Raises OSError."""
        size = os.get_terminal_size(sys.stdout.fileno())
        return size.columns, size.lines

    @staticmethod
    def in_front() -> bool:
        """Whether the terminal is ours now, and not the shell's (Ctrl-Z, then `bg`)."""
        try:
            return os.tcgetpgrp(sys.stdout.fileno()) == os.getpgrp()
        except (OSError, AttributeError):  # it controls no processes, or this is Windows
            return True

    @staticmethod
    def resume_output() -> None:
        """Take Ctrl-S back: a screen that is stopped cannot be left."""
        if sys.platform == "win32":
            return
        import termios

        with contextlib.suppress(OSError, ValueError, termios.error):
            if AlternateScreen.in_front():  # in the background it would stop this program
                for action in (termios.TCOOFF, termios.TCOON):  # Linux takes back only its own stop
                    termios.tcflow(sys.stdout.fileno(), action)

    def paint(
        self, rows: Sequence[str], size: tuple[int, int], bell: bool = False, anew: bool = False
    ) -> None:
        """`anew`: write every row, as another program may have written there. Raises OSError."""
        before = self._rows if self.entered and size == self._size else []
        out = "" if self.entered else _ENTER
        out += _BEGIN + (_BELL if bell else "") + ("" if before else _CLEAR)
        for i, row in enumerate(rows):
            if anew or not before or row != before[i]:
                # erased first: after a full row the cursor still stands on its last character
                out += f"\x1b[{i + 1};1H\x1b[0m\x1b[K{row}"
        out += f"\x1b[0m\x1b[{size[1]};1H{_END}"
        self.entered, self._size, self._rows = True, size, list(rows)
        _write(out)

    def leave(self) -> None:
        """Raises OSError."""
        if self.entered:
            self.entered = False
            _write(_END + _LEAVE)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
