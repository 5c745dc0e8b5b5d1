"""voicecoach show: an exercise or a program, as the coach will speak it, and as a drawing."""

from collections.abc import Iterator
from pathlib import Path

import click

from voicecoach.app import users_library
from voicecoach.care import Exercise, Program
from voicecoach.cli.output import leave
from voicecoach.language import Language
from voicecoach.library import Library, find
from voicecoach.session import Wording
from voicecoach.session.script import Beat, Count, Quiet, Speak, compile_program
from voicecoach.session.sentences import needs
from voicecoach.storage import Places, load_settings
from voicecoach.tables import InputError


@click.command()
@click.argument("name")
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Drawings and lines, as a page."
)
@click.option("--png", type=click.Path(path_type=Path), metavar="FILE", help="The drawings alone.")
def show(name: str, html: Path | None, png: Path | None) -> None:
    """Show the EXERCISE or PROGRAM called NAME, line by line as it will be spoken, or as drawings in a FILE.

    \b
    Examples:  voicecoach show bridge
               voicecoach show floor
               voicecoach show floor --html floor.html   to open in a browser, and to print
    FILE must not exist.
    """
    places = Places.of_user()
    library = users_library(places)
    wording = load_settings(places.settings).wording
    exercise, program = _found(name, library)
    if exercise is not None:
        program = Program(exercise.id, exercise.name, exercise.section, False, True, (exercise,))
    assert program is not None
    if html is not None or png is not None:
        _draw(program, html, png)
        return
    click.echo(f"{program.name}: {program.description}")
    for line in _spoken(program, library.language, wording):
        click.echo(line)
    if exercise is not None:
        click.echo("\nIf it hurts:")
        for line in exercise.lines.ease_out:
            click.echo(f"  {line}")
        if exercise.contraindications:
            names = ", ".join(c.replace("_", " ") for c in exercise.contraindications)
            click.echo(f"\nLeft out with: {names}.")


def _draw(program: Program, html: Path | None, png: Path | None) -> None:
    """Raises InputError."""
    from voicecoach import drawing  # matplotlib takes a second, which the printed lines need not wait for

    exercises = list({exercise.id: exercise for exercise in program.exercises}.values())
    if not any(exercise.figure for exercise in exercises):
        raise InputError(f"{program.name!r} has no drawing: give it one, a table `figure` in its file.")
    if html is not None:
        leave(html, drawing.page(program.name, program.description, exercises))
        click.echo(f"Written to {html}. Open it in a browser.")
    if png is not None:
        leave(png, drawing.png(exercises))
        click.echo(f"Written to {png}.")


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


def _spoken(program: Program, language: Language, wording: Wording) -> Iterator[str]:
    yield from (f"\n  {line}" for line in needs(language, program))
    shown = None
    for part in compile_program(program, language, wording):
        if part.exercise != shown:
            shown = part.exercise
            yield ""
        for beat in part.beats:
            line = _line(beat)
            if line:
                yield f"  {line}"


def _line(beat: Beat) -> str:
    match beat:
        case Speak(text):
            return text
        case Quiet(duration_ms) if duration_ms >= 1_000:
            return f"    ({duration_ms / 1000:.0f} s)"
        case Count(duration_ms, cues):
            return f"    {duration_ms // 1000} s: " + ", ".join(cue.text.rstrip(".") for cue in cues)
    return ""
