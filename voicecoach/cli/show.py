"""voicecoach show: one exercise or program, as it will be spoken."""

import click

from voicecoach.library import Library, LibraryError
from voicecoach.session import Exercise
from voicecoach.session.script import dose_in_words
from voicecoach.storage import Places


@click.command()
@click.argument("name")
def show(name: str) -> None:
    """Show the EXERCISE or PROGRAM called NAME."""
    library = Library(Places.of_user().own_programs)
    if name in library.exercises:
        _exercise(library.exercises[name])
        return
    try:
        program = library.program(name)
    except LibraryError as error:
        if name in library.program_ids or name.endswith(".toml"):
            raise
        known = ", ".join(library.exercises)
        raise LibraryError(f"{error} Exercises are: {known}.") from error
    click.echo(f"{program.name}: {program.description}")
    for exercise in program.exercises:
        click.echo(f"  {exercise.id:<26} {dose_in_words(exercise)}")


def _exercise(e: Exercise) -> None:
    click.echo(f"{e.name}  ({e.section})")
    click.echo(f"  {dose_in_words(e)}  Position: {e.position.replace('_', ' ')}.")
    for title, lines in (
        ("Cautions", e.cautions),
        ("Position", e.set_up),
        ("Movement", e.steps),
        ("To come out if it hurts", e.ease_out),
    ):
        click.echo(f"  {title}:")
        for line in lines:
            click.echo(f"    {line}")
    if e.contraindications:
        click.echo(f"  Left out with: {', '.join(c.replace('_', ' ') for c in e.contraindications)}.")
