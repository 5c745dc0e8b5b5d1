"""voicecoach show: an exercise or a program, as the coach will speak it."""

from collections.abc import Iterator
from dataclasses import dataclass

import click

from voicecoach.app import users_library
from voicecoach.care import Exercise, Program
from voicecoach.cli.output import as_json, put_json
from voicecoach.language import Language
from voicecoach.library import Library, find
from voicecoach.session import Wording
from voicecoach.session.script import Beat, Count, Quiet, Speak, compile_program
from voicecoach.session.sentences import needs
from voicecoach.storage import Places, load_settings
from voicecoach.tables import InputError


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is spoken, or a time without words."""

    exercise: str | None
    """id; None before the first"""
    text: str = ""
    wait_s: float | None = None
    hold_s: int | None = None
    """a counted hold, in which `text` is spoken"""


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
@as_json
def show(part: str, as_json: bool) -> None:
    """Show the EXERCISE or PROGRAM called NAME, line by line as it will be spoken.

    \b
    Examples:  voicecoach show bridge
               voicecoach show floor
    """
    places = Places.of_user()
    library = users_library(places)
    wording = load_settings(places.settings).wording
    shown = _shown(part, library, wording)
    if as_json:
        put_json(shown)
        return
    click.echo(f"{shown.name}: {shown.description}")
    exercise: str | None = ""
    for line in shown.lines:
        if line.exercise != exercise:
            exercise = line.exercise
            click.echo()
        click.echo(f"  {_as_text(line)}")
    if shown.if_it_hurts:
        click.echo("\nIf it hurts:")
        for text in shown.if_it_hurts:
            click.echo(f"  {text}")
    if shown.left_out_with:
        click.echo(f"\nLeft out with: {', '.join(c.replace('_', ' ') for c in shown.left_out_with)}.")


def _shown(name: str, library: Library, wording: Wording) -> Shown:
    """Raises InputError if there is nothing called like that."""
    exercise, program = _found(name, library)
    if exercise is not None:
        program = Program(exercise.id, exercise.name, exercise.section, False, True, (exercise,))
    assert program is not None
    return Shown(
        "program" if exercise is None else "exercise",
        program.id,
        program.name,
        program.description,
        library.minutes(program),
        tuple(_lines(program, library.language, wording)),
        exercise.lines.ease_out if exercise else (),
        tuple(exercise.contraindications) if exercise else (),
    )


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


def _lines(program: Program, language: Language, wording: Wording) -> Iterator[Line]:
    yield from (Line(None, text) for text in needs(language, program))
    for part in compile_program(program, language, wording):
        for beat in part.beats:
            line = _line(program.exercises[part.exercise].id, beat)
            if line is not None:
                yield line


def _line(exercise: str, beat: Beat) -> Line | None:
    match beat:
        case Speak(text):
            return Line(exercise, text)
        case Quiet(duration_ms) if duration_ms >= 1_000:
            return Line(exercise, wait_s=duration_ms / 1000)
        case Count(duration_ms, cues):
            return Line(exercise, ", ".join(cue.text.rstrip(".") for cue in cues), hold_s=duration_ms // 1000)
    return None


def _as_text(line: Line) -> str:
    if line.hold_s is not None:
        return f"    {line.hold_s} s: {line.text}"
    return line.text if line.wait_s is None else f"    ({line.wait_s:.0f} s)"
