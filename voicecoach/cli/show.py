"""voicecoach show: one exercise or program, as the coach will speak it."""

import click

from voicecoach.app import users_library
from voicecoach.care import Exercise
from voicecoach.language import Language
from voicecoach.session.script import dose_in_words
from voicecoach.storage import Places
from voicecoach.tables import InputError


@click.command()
@click.argument("name")
def show(name: str) -> None:
    """Show the EXERCISE or PROGRAM called NAME."""
    library = users_library(Places.of_user())
    if name in library.exercises:
        _exercise(library.exercises[name], library.language)
        return
    try:
        program = library.program(name)
    except InputError as error:
        if name in library.program_ids or name.endswith(".toml"):
            raise
        known = ", ".join(library.exercises)
        raise InputError(f"{error} Exercises are: {known}.") from error
    click.echo(f"{program.name}: {program.description}")
    for exercise in program.exercises:
        click.echo(f"  {exercise.id:<26} {dose_in_words(exercise, library.language)}")


def _exercise(e: Exercise, language: Language) -> None:
    click.echo(f"{e.name}  ({e.section})")
    click.echo(f"  {dose_in_words(e, language)}  Position: {e.position.replace('_', ' ')}.")
    for title, lines in (
        ("Cautions", e.lines.cautions),
        ("Position", e.lines.set_up),
        ("Movement", e.lines.steps),
        ("To come out if it hurts", e.lines.ease_out),
    ):
        click.echo(f"  {title}:")
        for line in lines:
            click.echo(f"    {line}")
    if e.contraindications:
        click.echo(f"  Left out with: {', '.join(c.replace('_', ' ') for c in e.contraindications)}.")
