"""voicecoach show: an exercise or a program, as the coach will speak it."""

from collections.abc import Iterator

import click

from voicecoach.app import users_library
from voicecoach.care import Exercise, Program
from voicecoach.language import Language
from voicecoach.library import Library, find
from voicecoach.report.spoken import Counted, Line, Said, Silence, alone, spoken
from voicecoach.session import Wording
from voicecoach.session.sentences import needs
from voicecoach.storage import Places, load_settings
from voicecoach.tables import InputError


@click.command()
@click.argument("name")
def show(name: str) -> None:
    """Show the EXERCISE or PROGRAM called NAME, line by line as it will be spoken.

    \b
    Examples:  voicecoach show bridge
               voicecoach show floor
    """
    places = Places.of_user()
    library = users_library(places)
    wording = load_settings(places.settings).wording
    exercise, program = _found(name, library)
    if exercise is not None:
        program = alone(exercise)
    assert program is not None
    click.echo(f"{program.name}: {program.description}")
    for line in _lines(program, library.language, wording):
        click.echo(line)
    if exercise is not None:
        click.echo("\nIf it hurts:")
        for line in exercise.lines.ease_out:
            click.echo(f"  {line}")
        if exercise.contraindications:
            names = ", ".join(c.replace("_", " ") for c in exercise.contraindications)
            click.echo(f"\nLeft out with: {names}.")


def _found(name: str, library: Library) -> tuple[Exercise | None, Program | None]:
    """Raises InputError if there is nothing called like that."""
    if name.endswith(".toml"):
        return None, library.program(name)
    exercises = {e.id: e.name for e in library.exercises.values()}
    programs = {each: each for each in library.program_ids}
    found = name if name in exercises or name in programs else find(name, {**programs, **exercises})
    if found in exercises:
        return library.exercises[found], None
    if found in programs:
        return None, library.program(found)
    raise InputError(
        f"There is no exercise or program {name!r}. Programs are: {', '.join(programs)}. "
        f"Exercises are: {', '.join(exercises.values())}."
    )


def _lines(program: Program, language: Language, wording: Wording) -> Iterator[str]:
    yield from (f"\n  {line}" for line in needs(language, program))
    for passage in spoken(program, language, wording):
        yield ""
        yield from (f"  {_text(line)}" for line in passage.lines)


def _text(line: Line) -> str:
    match line:
        case Said(text):
            return text
        case Silence(duration_s):
            return f"    ({duration_s:.0f} s)"
        case Counted(duration_s, cues):
            return f"    {duration_s} s: {', '.join(cues)}"
