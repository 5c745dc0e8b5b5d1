"""What `start` and `demo` share: options, keyboard, signals, the closing message."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from voicecoach.app import assemble
from voicecoach.care import Outcome
from voicecoach.cli.errors import native_messages_kept
from voicecoach.cli.keyboard import Keyboard
from voicecoach.cli.page import open_page
from voicecoach.cli.screen import BackgroundScreen, Transcript
from voicecoach.control import Control
from voicecoach.request import REAL, VIRTUAL, Request
from voicecoach.screen import Several
from voicecoach.storage import Places
from voicecoach.watchdog import Hung, Watchdog

WELL = frozenset({Outcome.COMPLETED, Outcome.FINISHED_EARLY})


def playing_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """--microphone, --speaker, --speed and --out."""
    for option in (
        click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
                     help="Write session.wav (coach left, user right), events.jsonl and timeline.png here."),
        click.option("--speed", type=click.Choice([VIRTUAL, REAL]),
                     help="virtual: as fast as the machine allows (needs files at both ends)."),
        click.option("--speaker", metavar="FILE|DEVICE", help="A new file to write, or a device."),
        click.option("--microphone", metavar="FILE|DEVICE",
                     help="A recorded user, or a device's name or number. After the end of a recording, the "
                     "user is silent."),
    ):  # fmt: skip
        function = option(function)
    return function


def play(
    request: Request, places: Places, begins: Callable[[], object] = bool, page: bool = False
) -> Outcome:
    """Assemble and play one session, say how it ended, and with --out draw its timeline.

    `begins` is called when everything it needs is there. `page`: show it in the browser.
    """
    transcript = Transcript()
    screen, control = BackgroundScreen(transcript), Control(places.session)
    with native_messages_kept(places.log / "sound.log"):
        with signals_caught(_interrupt):
            watchdog = Watchdog(assemble(request, places, Several(screen, control)))
        control.open(watchdog.give)
        begins()
        if page:
            open_page()
        outcome = _watched(watchdog, screen, control)
    transcript.line(f"Session ended: {outcome.value}.")
    if request.out and watchdog.leaving:  # whoever ended it by a signal does not wait for a picture
        transcript.line(f"Written to {request.out}: session.wav, events.jsonl")
        transcript.line(f"To draw them: voicecoach timeline {request.out}")
    elif request.out:
        from voicecoach.report.timeline import draw_timeline

        draw_timeline(request.out)
        transcript.line(f"Written to {request.out}: session.wav, events.jsonl, timeline.png")
    return outcome


def _watched(watchdog: Watchdog, screen: BackgroundScreen, control: Control) -> Outcome:
    """The session's outcome; if it hangs, this process ends here."""
    hung = False
    with signals_caught(watchdog.leave):
        try:
            with Keyboard(watchdog.press):
                outcome = watchdog.run()
            control.ended(outcome)
        except Hung as error:
            hung, outcome = True, error.outcome
            control.ended(outcome)
            screen.notice(str(error))
        finally:
            written = screen.close()
            control.close()
        if hung or not written:
            os._exit(exit_code(outcome))  # the interpreter would wait for what hangs while it ends
    return outcome


def _interrupt(_name: str) -> None:
    """Before the session there is nothing to end."""
    raise KeyboardInterrupt


def finish(outcome: Outcome) -> None:
    sys.exit(exit_code(outcome))


def exit_code(outcome: Outcome) -> int:
    """0 if the session was played, 130 if it was interrupted, and otherwise 10, for example if it ended, or
    never began, for safety."""
    return 0 if outcome in WELL else 130 if outcome is Outcome.INTERRUPTED else 10


@contextlib.contextmanager
def signals_caught(leave: Callable[[str], object]) -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal call `leave` with the signal's name, the first time.

    Further ones change nothing: leaving takes two seconds at most, and cutting it short would lose the end of
    the journal and leave the terminal without echo.
    """
    names = [n for n in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK") if hasattr(signal, n)]
    before = {getattr(signal, n): signal.getsignal(getattr(signal, n)) for n in names}
    caught: list[str] = []

    def caught_one(number: int, _frame: object) -> None:
        if not caught:
            caught.append(signal.Signals(number).name)
            leave(caught[0])

    for number in before:
        signal.signal(number, caught_one)
    try:
        yield
    finally:
        for number, handler in before.items():  # a second Ctrl-C may come while the interpreter ends
            signal.signal(number, signal.SIG_IGN if caught else handler)
