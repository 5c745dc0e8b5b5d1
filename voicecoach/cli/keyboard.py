"""Reads single key presses from the terminal, in its own thread."""

import os
import signal
import sys
import threading
from collections.abc import Callable


class Keyboard:
    """Calls `pressed` with each key while active. Does nothing without a terminal."""

    def __init__(self, pressed: Callable[[str], None]) -> None:
        self._pressed = pressed
        self._restore: Callable[[], None] | None = None
        self._over = threading.Event()

    @staticmethod
    def present() -> bool:
        try:
            return sys.stdin is not None and sys.stdin.isatty()
        except ValueError:  # closed
            return False

    def __enter__(self) -> "Keyboard":
        if self.present():
            read = self._windows if sys.platform == "win32" else self._posix()
            threading.Thread(target=read, daemon=True, name="keyboard").start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._restore:
            self._restore()

    def _posix(self) -> Callable[[], None]:
        import select
        import termios
        import tty

        fd = sys.stdin.fileno()
        before = termios.tcgetattr(fd)
        tty.setcbreak(fd, termios.TCSANOW)  # keys arrive at once, and Ctrl-C is still a signal
        # the shell sets its own mode while this program is stopped (Ctrl-Z)
        signal.signal(signal.SIGCONT, lambda *_: tty.setcbreak(fd, termios.TCSANOW))

        def restore() -> None:
            signal.signal(signal.SIGCONT, signal.SIG_DFL)
            termios.tcsetattr(fd, termios.TCSANOW, before)  # TCSADRAIN waits for a terminal that hangs

        self._restore = restore

        def read() -> None:
            while not self._over.is_set():
                if not select.select([fd], [], [], 0.1)[0]:
                    continue
                pressed = os.read(fd, 32).decode("utf-8", "replace")
                if not pressed:
                    return
                # an arrow or function key arrives as an escape sequence: count it as one unknown key
                for key in [pressed[:1]] if pressed.startswith("\x1b") else pressed:
                    self._pressed(key)

        return read

    def _windows(self) -> None:
        import msvcrt

        while not self._over.is_set():
            if msvcrt.kbhit():  # type: ignore[attr-defined]
                self._pressed(msvcrt.getwch())  # type: ignore[attr-defined]
            else:
                self._over.wait(0.05)
