"""`voicecoach shortcut`: an icon that starts a session."""

import os
import sys

import click

from voicecoach import desktop
from voicecoach.app import users_library
from voicecoach.storage import Places


@click.group()
def shortcut() -> None:
    """Add or remove a desktop icon that starts a session."""


@shortcut.command()
@click.argument("program", default="floor")
def install(program: str) -> None:
    """Write an icon that starts PROGRAM (default: floor), hands-free."""
    users_library(Places.of_user()).program(program)  # report a wrong name now, not when the icon is used
    command = [os.path.abspath(sys.executable), "-m", "voicecoach", "start", program, "--hands-free"]
    try:
        written = desktop.install(program, command)
    except OSError as problem:
        raise click.ClickException(f"The shortcut could not be written: {problem}.") from problem
    for path in written:
        click.echo(f"wrote {path}")


@shortcut.command()
def remove() -> None:
    """Delete the icon."""
    try:
        removed = desktop.remove()
    except OSError as problem:
        raise click.ClickException(f"The shortcut could not be removed: {problem}.") from problem
    for path in removed:
        click.echo(f"removed {path}")
    if not removed:
        click.echo("There was no shortcut to remove.")
