"""What `start` and `demo` share: options, keyboard, signals, the closing message."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from voicecoach.app import REAL, VIRTUAL, Request, assemble
from voicecoach.care import Outcome
from voicecoach.cli.keyboard import Keyboard
from voicecoach.cli.screen import BackgroundScreen, Transcript
from voicecoach.player import Key, Player
from voicecoach.storage import Places

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


def play(request: Request, places: Places) -> Outcome:
    """Assemble and play one session, say how it ended, and with --out draw its timeline."""
    screen = BackgroundScreen(Transcript())
    player = assemble(request, places, screen)
    restore = _catch_signals(player)
    try:
        with Keyboard(lambda key: player.inbox.append(Key(key))):
            outcome = player.run()
    finally:
        restore()
        hung = not screen.close()
    if hung:
        os._exit(exit_code(outcome))  # the interpreter would wait for the terminal while it ends
    click.echo(f"Session ended: {outcome.value}.")
    if request.out:
        from voicecoach.report.timeline import draw_timeline

        draw_timeline(request.out)
        click.echo(f"Written to {request.out}: session.wav, events.jsonl, timeline.png")
    return outcome


def finish(outcome: Outcome) -> None:
    sys.exit(exit_code(outcome))


def exit_code(outcome: Outcome) -> int:
    """0 if the session was played, 130 if it was interrupted, and otherwise 10, for example if it ended, or
    never began, for safety."""
    return 0 if outcome in WELL else 130 if outcome is Outcome.INTERRUPTED else 10


def _catch_signals(player: Player) -> Callable[[], None]:
    """Ctrl-C, SIGTERM and a closed terminal hush and end the session; a second signal ends the program."""
    names = [n for n in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, n)]
    before = {getattr(signal, n): signal.getsignal(getattr(signal, n)) for n in names}

    def leave(number: int, _frame: object) -> None:
        if "left" in caught:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        caught.append("left")
        player.inbox.append(signal.Signals(number).name)

    caught: list[str] = []
    for number in before:
        signal.signal(number, leave)

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return restore
