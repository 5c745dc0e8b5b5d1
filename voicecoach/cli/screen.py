"""The live transcript: everything audible is also on the screen."""

import contextlib
import os
import sys

from rich.console import Console
from rich.text import Text

from voicecoach.background import Background
from voicecoach.desktop import notify
from voicecoach.session import View

CLOSE_S = 0.5


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich itself would end the program, and the session with it


class BackgroundScreen:
    """A screen written by a thread of its own.

    A terminal that takes no more output (Ctrl-S, a connection that hangs) loses lines; the session goes on.
    """

    def __init__(self, screen: "Transcript") -> None:
        self._screen = screen
        self._background = Background("screen", limit=10_000)

    def coach(self, at_ms: int, text: str) -> None:
        self._background.call(self._screen.coach, at_ms, text)

    def user(self, at_ms: int, text: str, source: str, doubtful: bool = False) -> None:
        self._background.call(self._screen.user, at_ms, text, source, doubtful)

    def notice(self, text: str) -> None:
        self._background.call(self._screen.notice, text)

    def alarm(self, text: str) -> None:
        self._background.call(self._screen.alarm, text)
        notify("voicecoach", text)

    def show(self, view: View) -> None:
        self._background.call(self._screen.show, view)

    def close(self) -> bool:
        """Whether everything has been written."""
        return self._background.close(CLOSE_S)


class Transcript:
    """Plain lines, in colour if the terminal has it. Times are those of the session's clock."""

    def __init__(self) -> None:
        self._console = _Console(highlight=False, emoji=False)
        self._console.soft_wrap = not self._console.is_terminal  # a file gets whole lines
        self._gone = False

    def coach(self, at_ms: int, text: str) -> None:
        self._line(at_ms, "coach", text, "cyan")

    def user(self, at_ms: int, text: str, source: str, doubtful: bool = False) -> None:
        heard = f"{text}?" if doubtful else text
        self._line(at_ms, "you", f"{heard}  ({source})" if source != "voice" else heard, "bold green")

    def notice(self, text: str) -> None:
        self._print(Text(f"  ! {text}", style="bold yellow"))

    def alarm(self, text: str) -> None:
        self.bell()
        self.notice(text)

    def bell(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # a terminal that has gone
            if self._console.is_terminal:
                self._console.bell()

    def show(self, view: View) -> None:
        """A log has no place for what changes every second."""

    def line(self, text: str) -> None:
        self._print(Text(text))

    def _line(self, at_ms: int, who: str, text: str, style: str) -> None:
        minutes, seconds = divmod(at_ms / 1000, 60)
        self._print(Text.assemble(f"{int(minutes):2d}:{seconds:04.1f}  ", (f"{who:<5}  {text}", style)))

    def _print(self, text: Text) -> None:
        """A terminal or pipe that has gone away ends the transcript, never the session."""
        if self._gone or sys.stdout is None:  # pythonw has no standard output
            return
        try:
            self._console.print(text)
            sys.stdout.flush()
        except (OSError, ValueError):
            self._gone = True
            # otherwise Python complains again when it closes the broken pipe
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
