"""A session on a terminal that one can read from the floor. What was said is printed when it is over."""

import contextlib
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from types import FrameType

from rich.console import Console
from rich.text import Text

from voicecoach.cli.errors import log_failure
from voicecoach.cli.screen import CLOSE_S, BackgroundScreen, Transcript
from voicecoach.cli.terminal.alternate import AlternateScreen
from voicecoach.cli.terminal.layout import page
from voicecoach.cli.terminal.parts import Room, Shown
from voicecoach.cli.terminal.rows import Glyphs
from voicecoach.desktop import notify
from voicecoach.session import View

FRAME_S, LOOK_S = 0.1, 0.25
"""The least time between two frames, and how often the terminal's size is looked at."""
HEARD_S, NOTICE_S = 4.0, 15.0
"""How long it is shown what was heard, and a notice."""
ANEW_S = 5.0
"""How long what another program wrote over the screen may stay."""
_SENTENCE_ENDS = (".", "?", "!")
SUSPEND_S = 0.3
"""How long Ctrl-Z waits for a terminal that hangs."""


class TerminalScreen:
    """Draws the newest state in a thread of its own.

    A terminal that takes no more output (Ctrl-S, a connection that hangs) holds up nobody; when it goes on,
    it shows how things stand.
    """

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._lines: deque[Callable[[], None]] = deque()
        """of the transcript, not printed yet"""
        self._view: View | None = None
        self._coach = ""
        self._heard = ("", "", 0.0)
        self._notice = ("", 0.0)
        self._bell = False
        self._drawing = _Drawing()
        self._news, self._over = threading.Event(), threading.Event()
        self._suspended, self._left = threading.Event(), threading.Event()
        self._stops = hasattr(signal, "SIGTSTP") and signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL
        if self._stops:
            signal.signal(signal.SIGTSTP, self._suspend)
        self._thread = threading.Thread(target=self._work, daemon=True, name="screen")
        self._thread.start()

    # -- from the session: none of these waits for the terminal

    def coach(self, at_ms: int, text: str) -> None:
        if text.endswith(_SENTENCE_ENDS):  # the numbers of a count are the digits
            self._coach = text
        self._tell(partial(self._transcript.coach, at_ms, text))

    def user(self, at_ms: int, text: str, source: str, doubtful: bool = False) -> None:
        self._heard = (f"{text}?" if doubtful else text, source, time.monotonic())
        self._tell(partial(self._transcript.user, at_ms, text, source, doubtful))

    def notice(self, text: str) -> None:
        self._notice = (text, time.monotonic())
        self._tell(partial(self._transcript.notice, text))

    def alarm(self, text: str) -> None:
        self._bell = True
        self.notice(text)
        notify("voicecoach", text)

    def show(self, view: View) -> None:
        if self._view is not None and view.hears and not self._view.hears:
            self._notice = ("", 0.0)  # why it was deaf
        self._view = view
        self._news.set()

    def close(self) -> bool:
        """Whether the terminal is as it was before, and everything has been written."""
        self._over.set()
        self._news.set()
        AlternateScreen.resume_output()
        self._thread.join(CLOSE_S)
        if self._stops:
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        return not self._thread.is_alive()

    def _tell(self, line: Callable[[], None]) -> None:
        self._lines.append(line)
        self._news.set()

    # -- on the thread that writes

    def _work(self) -> None:
        while not self._over.is_set():
            self._news.wait(LOOK_S)
            self._news.clear()
            try:
                self._look()
            except OSError:  # the terminal has gone
                self._drawing.failed = True
            except Exception as error:  # plain lines are better than none
                log_failure(error)
                self._drawing.failed = True
            self._over.wait(FRAME_S)
        self._drawing.leave()
        self._print()

    def _look(self) -> None:
        if self._suspended.is_set():
            self._drawing.leave()
            self._left.set()
        elif self._view is None or self._drawing.failed:
            self._drawing.leave()
            self._print()
        else:
            now_s = time.monotonic()
            heard, source, heard_s = self._heard
            notice, notice_s = self._notice
            shown = Shown(
                self._view,
                self._coach,
                heard if now_s - heard_s < HEARD_S else "",
                source,
                notice if now_s - notice_s < NOTICE_S else "",
            )
            bell, self._bell = self._bell, False
            self._drawing.draw(shown, now_s, bell)

    def _print(self) -> None:
        if self._bell:
            self._bell = False
            self._transcript.bell()
        while self._lines:
            self._lines.popleft()()

    # -- Ctrl-Z

    def _suspend(self, _number: int, _frame: FrameType | None) -> None:
        """Give the terminal back, stop as everybody does, and draw again when the shell says so."""
        self._left.clear()
        self._suspended.set()
        self._news.set()
        self._left.wait(SUSPEND_S)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._suspend)
        self._suspended.clear()
        self._news.set()


class _Drawing:
    """Pages on the alternate screen."""

    def __init__(self) -> None:
        self.failed = False
        self._console = Console(highlight=False, emoji=False, markup=False)
        self._glyphs = Glyphs.of(self._console.encoding)
        self._screen = AlternateScreen()
        self._drawn: tuple[Shown, tuple[int, int]] | None = None
        self._anew_s = 0.0

    def draw(self, shown: Shown, now_s: float, bell: bool) -> None:
        """Unless nothing has changed. Raises OSError."""
        columns, rows = size = AlternateScreen.size()
        if not (columns and rows and AlternateScreen.in_front()):
            return
        anew = now_s - self._anew_s > ANEW_S
        if self._screen.entered and self._drawn == (shown, size) and not (anew or bell):
            return
        self._console.size = size
        lines = [self._rendered(line) for line in page(shown, Room(columns, rows, self._glyphs))]
        self._screen.paint(lines, size, bell, anew)
        self._drawn = (shown, size)
        self._anew_s = now_s if anew else self._anew_s

    def leave(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._screen.leave()

    def _rendered(self, line: Text) -> str:
        with self._console.capture() as captured:
            self._console.print(line, end="", no_wrap=True, overflow="crop")
        return captured.get()


def screen_for(transcript: Transcript, plain: bool) -> BackgroundScreen | TerminalScreen:
    """Plain lines if they are wished for, or where nothing can be drawn."""
    if plain or not AlternateScreen.usable() or Console().legacy_windows:
        return BackgroundScreen(transcript)
    return TerminalScreen(transcript)
