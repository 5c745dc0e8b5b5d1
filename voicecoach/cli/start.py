"""voicecoach start: play a session."""

from pathlib import Path

import click

from voicecoach.cli.keyboard import Keyboard
from voicecoach.cli.playing import finish, play, playing_options
from voicecoach.request import Request
from voicecoach.storage import Places


@click.command()
@click.argument("program", required=False)
@playing_options
@click.option(
    "--hands-free", is_flag=True, help="For the shortcut: time to lie down first; errors are spoken."
)
@click.option("--no-microphone", is_flag=True, help="Do not listen; use the keys.")
def start(
    program: str | None,
    microphone: str | None,
    speaker: str | None,
    speed: str | None,
    out: Path | None,
    hands_free: bool,
    no_microphone: bool,
    plain: bool,
) -> None:
    """Play PROGRAM (default: floor) by voice. See `voicecoach list`."""
    keys = Keyboard.present()
    request = Request(program, microphone, speaker, speed, out, hands_free, no_microphone, keys)
    if hands_free:
        from voicecoach.cli.hands_free import errors_spoken

        with errors_spoken(speaker) as began:
            finish(play(request, Places.of_user(), began.set, plain=plain))
    else:
        finish(play(request, Places.of_user(), plain=plain))
