"""voicecoach program: programs of one's own, as a physiotherapist may prescribe them."""

import click

from voicecoach.app import users_library
from voicecoach.own import Kind, begin
from voicecoach.storage import Places


@click.group()
def program() -> None:
    """Make programs of your own, or for somebody else.

    \b
    Examples:  voicecoach program new evening        writes a file to begin with
               voicecoach program check evening      or the path of a .toml file
    """


@program.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a template of program NAME into your folder.

    \b
    Examples:  voicecoach program new evening
    """
    click.echo(f"Written: {begin(Places.of_user(), Kind.PROGRAM, name)}")


@program.command()
@click.argument("program", metavar="NAME")
def check(program: str) -> None:
    """Check program NAME, or the file at a path ending in .toml.

    \b
    Examples:  voicecoach program check evening
               voicecoach program check clinic/evening.toml
    """
    library = users_library(Places.of_user())
    found = library.program(program)
    click.echo(f"{found.name}: {len(found.exercises)} exercises, {library.minutes(found)} minutes.")
