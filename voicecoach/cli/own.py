"""Files of one's own: a template to begin with, and a check of what was written."""

from pathlib import Path

import click

from voicecoach.files import replacing
from voicecoach.tables import InputError


def begin(folder: Path, name: str, template: str) -> Path:
    """Write a template to `folder`/`name`.toml. Raises InputError if there is one, or no such name."""
    if not name.isidentifier():
        raise InputError(f"{name!r} cannot be a name: use letters, digits and _, and begin with a letter.")
    path = folder / f"{name}.toml"
    if path.exists():
        raise InputError(f"{path} is there already: change it, or choose another name.")
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_text(template, "utf-8")
    click.echo(f"Written: {path}")
    return path
