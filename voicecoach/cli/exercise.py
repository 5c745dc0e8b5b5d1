"""voicecoach exercise: exercises of one's own, with all that the coach says in them."""

import click

from voicecoach.app import users_library
from voicecoach.library import meant
from voicecoach.own import Kind, begin
from voicecoach.storage import Places
from voicecoach.tables import InputError


@click.group()
def exercise() -> None:
    """Make exercises of your own, for programs of your own.

    \b
    Examples:  voicecoach exercise new heel_lift       writes a file to begin with
               voicecoach exercise check heel_lift
    """


@exercise.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a template of exercise NAME into your folder.

    \b
    Examples:  voicecoach exercise new heel_lift
    """
    click.echo(f"Written: {begin(Places.of_user(), Kind.EXERCISE, name)}")


@exercise.command()
@click.argument("exercise", metavar="NAME")
def check(exercise: str) -> None:
    """Check exercise NAME of your folder.

    \b
    Examples:  voicecoach exercise check heel_lift
    """
    library = users_library(Places.of_user())  # refuses a wrong file with its key
    found = library.exercises.get(exercise)
    if found is None:
        known = f"The exercises are {', '.join(library.exercises)}."
        raise InputError(f"There is no exercise {exercise!r}.{meant(exercise, library.exercises)} {known}")
    click.echo(f"{found.name}: as it should be. To read it: voicecoach show {found.id}")
