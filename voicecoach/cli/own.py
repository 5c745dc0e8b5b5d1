"""Files of one's own: a template to begin with, and a check of what was written."""

from pathlib import Path

import click

from voicecoach.files import write_whole
from voicecoach.tables import InputError


def begin(folder: Path, name: str, template: str) -> None:
    """Write a template, with its {name} and {title}, to `folder`/`name`.toml. Raises InputError if there is
    such a file, or no such name."""
    if not name.isidentifier():
        raise InputError(f"{name!r} cannot be a name: use letters, digits and _, and begin with a letter.")
    path = folder / f"{name}.toml"
    if path.exists():
        raise InputError(f"{path} is there already: change it, or choose another name.")
    title = name.replace("_", " ").capitalize()
    write_whole(path, template.format(name=name, title=title))
    click.echo(f"Written: {path}")
