"""voicecoach demo: the whole application without sound hardware."""

import tempfile
from pathlib import Path

import click

from voicecoach.cli.playing import play, playing_options
from voicecoach.request import VIRTUAL, Request
from voicecoach.storage import Places, shipped


@click.command()
@playing_options
def demo(microphone: str | None, speaker: str | None, speed: str | None, out: Path | None) -> None:
    """Play a session with a recorded user: the same code as `start`, with files instead of devices.

    \b
    Examples:  voicecoach demo
               voicecoach demo --out demo          leaves sound, events and a picture there
               voicecoach demo --speed real        as long as it really takes

    Shows next, repeat, pause, resume, stop, pain and the safety stop. Your journal is not changed.
    """
    folder = shipped("demo")
    with tempfile.TemporaryDirectory(prefix="voicecoach-demo-") as home:
        places = Places.inside(Path(home))
        request = Request(
            program=str(folder / "program.toml"),
            microphone=microphone or str(folder / "user.flac"),
            speaker=speaker or str(Path(home) / "coach.wav"),
            speed=speed or VIRTUAL,
            out=out,
        )
        play(request, places)
