"""voicecoach timeline: a session as a picture."""

from pathlib import Path

import click

from voicecoach.tables import InputError


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def timeline(folder: Path) -> None:
    """Draw timeline.png in FOLDER, where `start --out FOLDER` has left a session.

    \b
    Examples:  voicecoach start --out today
               voicecoach timeline today
    """
    from voicecoach.report.timeline import draw_timeline

    for name in ("session.wav", "events.jsonl"):
        if not (folder / name).is_file():
            raise InputError(f"{folder / name}: is missing. Was the session played with --out {folder}?")
    draw_timeline(folder)
    click.echo(f"Written to {folder / 'timeline.png'}")
