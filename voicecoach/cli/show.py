"""voicecoach show: an exercise or a program, as the coach will speak it, and as a drawing."""

from dataclasses import dataclass
from pathlib import Path

import click

from voicecoach.app import users_library
from voicecoach.care import Exercise, Program
from voicecoach.cli.output import as_json, leave, put_json
from voicecoach.library import Library, find
from voicecoach.report.spoken import Line, alone, spoken
from voicecoach.session import Wording
from voicecoach.storage import Places, load_settings
from voicecoach.tables import InputError


@dataclass(frozen=True, slots=True)
class Shown:
    kind: str
    """exercise or program"""
    id: str
    name: str
    description: str
    minutes: int
    lines: tuple[Line, ...]
    if_it_hurts: tuple[str, ...] = ()
    left_out_with: tuple[str, ...] = ()
    """conditions"""


@click.command()
@click.argument("part", metavar="NAME")
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Drawings and lines, as a page."
)
@click.option("--png", type=click.Path(path_type=Path), metavar="FILE", help="The drawings alone.")
@as_json
def show(part: str, html: Path | None, png: Path | None, as_json: bool) -> None:
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
    exercise, program = _found(part, library)
    if html is not None or png is not None:
        _draw(program, html, png)
        return
    shown = _shown(exercise, program, library, wording)
    if as_json:
        put_json(shown)
        return
    click.echo(f"{shown.name}: {shown.description}")
    before: str | None = ""
    for line in shown.lines:
        if line.exercise != before:
            before = line.exercise
            click.echo()
        click.echo(f"  {_as_text(line)}")
    if shown.if_it_hurts:
        click.echo("\nIf it hurts:")
        for text in shown.if_it_hurts:
            click.echo(f"  {text}")
    if shown.left_out_with:
        click.echo(f"\nLeft out with: {', '.join(c.replace('_', ' ') for c in shown.left_out_with)}.")


def _shown(exercise: Exercise | None, program: Program, library: Library, wording: Wording) -> Shown:
    return Shown(
        "program" if exercise is None else "exercise",
        program.id,
        program.name,
        program.description,
        library.minutes(program),
        tuple(spoken(program, library.language, wording)),
        exercise.lines.ease_out if exercise else (),
        tuple(exercise.contraindications) if exercise else (),
    )


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


def _found(name: str, library: Library) -> tuple[Exercise | None, Program]:
    """A program, or an exercise and a program of it alone. Raises InputError if there is no such one."""
    if name.endswith(".toml"):
        return None, library.program(name)
    exercises = {e.id: e.name for e in library.exercises.values()}
    programs = {each: each for each in library.program_ids}
    found = name if name in exercises or name in programs else find(name, {**programs, **exercises})
    if found in exercises:
        return library.exercises[found], alone(library.exercises[found])
    if found in programs:
        return None, library.program(found)
    raise InputError(
        f"There is no exercise or program {name!r}. Programs are: {', '.join(programs)}. "
        f"Exercises are: {', '.join(exercises.values())}."
    )


def _as_text(line: Line) -> str:
    if line.hold_s is not None:
        return f"    {line.hold_s} s: {line.text}"
    return line.text if line.wait_s is None else f"    ({line.wait_s:.0f} s)"
