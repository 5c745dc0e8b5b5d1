"""voicecoach exercise: exercises of one's own, with all that the coach says in them."""

import click

from voicecoach.app import users_library
from voicecoach.own import Kind, begin
from voicecoach.storage import Places
from voicecoach.tables import InputError


@click.group()
def exercise() -> None:
    """Make exercises of your own, for programs of your own.

    \b
    Examples: voicecoach exercise new heel_lift       writes a file to begin with
              voicecoach exercise check heel_lift
    """


@exercise.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a template of exercise NAME into your folder."""
    click.echo(f"Written: {begin(Places.of_user(), Kind.EXERCISE, name)}")


@exercise.command()
@click.argument("name")
def check(name: str) -> None:
    """Check exercise NAME of your folder."""
    library = users_library(Places.of_user())  # refuses a wrong file with its key
    found = library.exercises.get(name)
    if found is None:
        raise InputError(f"There is no exercise {name!r}; the exercises are {', '.join(library.exercises)}.")
    click.echo(f"{found.name}: as it should be. To hear it: voicecoach show {name}")
