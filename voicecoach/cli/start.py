"""voicecoach start: play a session."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import click

from voicecoach.cli.keyboard import Keyboard
from voicecoach.cli.page import open_page
from voicecoach.cli.playing import finish, play, playing_options
from voicecoach.request import Request
from voicecoach.storage import AlreadyRunning, Places


@click.command()
@click.argument("program", required=False)
@playing_options
@click.option(
    "--hands-free", is_flag=True, help="For the shortcut: time to lie down first; errors are spoken."
)
@click.option("--page", is_flag=True, help="Show the session in the browser; if one is played, its page.")
@click.option("--no-microphone", is_flag=True, help="Do not listen; use the keys.")
def start(
    program: str | None,
    microphone: str | None,
    speaker: str | None,
    speed: str | None,
    out: Path | None,
    hands_free: bool,
    page: bool,
    no_microphone: bool,
) -> None:
    """Play PROGRAM by voice: by default a gentle one, and once a few went well the everyday one.

    \b
    Examples:  voicecoach start
               voicecoach start desk
               voicecoach start --page              with its page in the browser

    `voicecoach list` names the programs. Say stop, or press any key, at any moment.
    """
    keys = Keyboard.present()
    request = Request(program, microphone, speaker, speed, out, hands_free, no_microphone, keys)
    with _failures(speaker, hands_free, page) as began:
        finish(play(request, Places.of_user(), began.set, page))


@contextlib.contextmanager
def _failures(speaker: str | None, hands_free: bool, page: bool) -> Iterator[threading.Event]:
    """Who started it by an icon sees no terminal: failures are spoken, and shown on the page.

    Yields an event to be set when the session begins.
    """
    with contextlib.ExitStack() as stack:
        began = threading.Event()
        if hands_free:
            from voicecoach.cli.hands_free import errors_spoken

            began = stack.enter_context(errors_spoken(speaker))
        try:
            yield began
        except Exception as error:
            if page and not began.is_set():
                open_page("" if isinstance(error, AlreadyRunning) else str(error))
            raise
