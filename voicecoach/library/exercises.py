"""Loads exercises and programs; checks that doses are within bounds and that everything named exists."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta

from voicecoach.care.exercise import (
    Breaths,
    Dose,
    Exercise,
    ExerciseLines,
    Hold,
    Position,
    Side,
    Timed,
    gentled,
)
from voicecoach.care.program import Program
from voicecoach.library.figures import FigureTable, figure_of
from voicecoach.library.names import meant
from voicecoach.tables import convert, read, refused

_MAX_EXERCISES = 40
_LONGEST_S = 120
"""No file may make anybody hold a position for more than two minutes."""

_NEEDED_LINES = ("set_up", "steps", "brief", "ease_out")

Seconds = Annotated[int, Meta(ge=1, le=_LONGEST_S)]
Repeated = Annotated[int, Meta(ge=1, le=20)]
Texts = Annotated[tuple[str, ...], Meta(max_length=20)]
SomeTexts = Annotated[tuple[str, ...], Meta(min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True)
class _DoseTable:
    """A dose of one of three kinds; each kind has its own keys."""

    kind: Literal["hold", "breath", "timed"]
    hold_s: Seconds | None = None
    hold_max_s: Seconds | None = None
    gentle_hold_s: Seconds | None = None
    breaths: Repeated | None = None
    in_s: Annotated[int, Meta(ge=2, le=10)] | None = None
    out_s: Annotated[int, Meta(ge=2, le=10)] | None = None
    out_first: bool | None = None
    duration_s: Seconds | None = None
    gentle_duration_s: Seconds | None = None


_DOSES: dict[str, type[Hold] | type[Breaths] | type[Timed]] = {
    "hold": Hold,
    "breath": Breaths,
    "timed": Timed,
}


@dataclass(frozen=True, slots=True)
class _ExerciseFile:
    section: str
    position: Position
    movement: SomeTexts
    sets: Repeated
    setup_s: Annotated[int, Meta(ge=5, le=30)]
    rest_s: Annotated[int, Meta(ge=2, le=60)]
    dose: _DoseTable
    contraindications: Texts
    equipment: Texts = ()
    substitutes: Texts = ()
    sides: tuple[Side, ...] = ()
    opt_in: bool = False
    figure: FigureTable | None = None
    lines: ExerciseLines | None = None
    """of an exercise of the user's own; those of a care pack are in its language file"""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a program: an exercise, optionally with another dose within its limits."""

    id: str
    sets: Repeated | None = None
    hold_s: int | None = None
    breaths: Repeated | None = None
    duration_s: Seconds | None = None


@dataclass(frozen=True, slots=True)
class _ProgramFile:
    exercises: Annotated[tuple[_Entry, ...], Meta(min_length=1, max_length=_MAX_EXERCISES)]
    name: str | None = None
    description: str | None = None
    gentle: bool = False
    opt_in: bool = False
    prescribed: bool = False
    """a professional has set these doses: a hold may be longer than the exercise's longest"""


@dataclass(frozen=True, slots=True)
class ProgramLines:
    name: str
    description: str


def load_own_exercise(path: Path, conditions: frozenset[str]) -> Exercise:
    """Load an exercise of the user's own, with its lines in the same file. Raises InputError."""
    file = read(path, _ExerciseFile)
    if file.lines is None:
        raise refused(path, "lines", "is missing: what the coach says in this exercise")
    _check_lines(path, "lines", file.lines)
    return _exercise(path, file, file.lines, conditions)


def load_exercise(path: Path, lines: ExerciseLines, conditions: frozenset[str]) -> Exercise:
    """Load one exercise file; its stem is the id. Raises InputError."""
    return _exercise(path, read(path, _ExerciseFile), lines, conditions)


def _exercise(path: Path, file: _ExerciseFile, lines: ExerciseLines, conditions: frozenset[str]) -> Exercise:
    for condition in file.contraindications:
        if condition not in conditions:
            known = ", ".join(sorted(conditions))
            raise refused(
                path, "contraindications", f"{condition!r} is not a known condition; these are: {known}"
            )
    dose = _dose(path, file.dose)
    return Exercise(
        id=path.stem,
        section=file.section,
        position=file.position,
        equipment=file.equipment,
        movement=file.movement,
        sides=file.sides,
        sets=file.sets,
        opt_in=file.opt_in,
        setup_s=file.setup_s,
        rest_s=file.rest_s,
        contraindications=file.contraindications,
        dose=dose,
        lines=lines,
        substitutes=file.substitutes,
        figure=figure_of(path, file.figure, dose, file.sides) if file.figure else None,
    )


def _dose(path: Path, table: _DoseTable) -> Dose:
    kind = _DOSES[table.kind]
    given = {name: getattr(table, name) for name in table.__dataclass_fields__ if name != "kind"}
    given = {name: value for name, value in given.items() if value is not None}
    for name in given.keys() - kind.__dataclass_fields__.keys():
        raise refused(path, f"dose.{name}", f"is not a key of a dose of kind {table.kind!r}")
    needed = {each.name for each in fields(kind) if each.default is MISSING}
    for name in needed - given.keys():
        raise refused(path, f"dose.{name}", "is missing")
    dose: Dose = kind(**given)
    if isinstance(dose, Hold) and dose.hold_s > dose.hold_max_s:
        raise refused(path, "dose.hold_s", f"is longer than hold_max_s = {dose.hold_max_s}")
    return dose


def load_lines(path: Path, table: Any, exercise: str) -> ExerciseLines:
    """Load the lines of one exercise, at `exercises.ID` in the language file `path`. Raises InputError."""
    key = f"exercises.{exercise}"
    lines = convert(path, table, ExerciseLines, f"{key}.")
    _check_lines(path, key, lines)
    return lines


def _check_lines(path: Path, key: str, lines: ExerciseLines) -> None:
    for name in _NEEDED_LINES:
        if not getattr(lines, name):
            raise refused(path, f"{key}.{name}", "must have at least one line")


def load_program(path: Path, exercises: Mapping[str, Exercise], lines: ProgramLines | None) -> Program:
    """Load one program file; its stem is the id. Raises InputError.

    `lines`: name and description of a shipped program; a user's own file contains them (None).
    """
    file = read(path, _ProgramFile)
    if lines is None:
        for key in ("name", "description"):
            if getattr(file, key) is None:
                raise refused(path, key, "is missing")
        lines = ProgramLines(file.name or "", file.description or "")
    program = Program(
        id=path.stem,
        name=lines.name,
        description=lines.description,
        gentle=file.gentle,
        opt_in=file.opt_in,
        exercises=tuple(
            _dosed(path, f"exercises[{i}]", entry, exercises, file) for i, entry in enumerate(file.exercises)
        ),
    )
    for exercise in program.exercises:
        if exercise.opt_in and not program.opt_in:
            raise refused(path, "exercises", f"{exercise.id!r} needs a program with opt_in = true")
    return program


def _dosed(
    path: Path, key: str, entry: _Entry, exercises: Mapping[str, Exercise], program: _ProgramFile
) -> Exercise:
    exercise = exercises.get(entry.id)
    if exercise is None:
        known = ", ".join(sorted(exercises))
        reason = f"there is no exercise {entry.id!r}.{meant(entry.id, exercises)} The exercises are {known}"
        raise refused(path, f"{key}.id", reason)
    dose = gentled(exercise.dose) if program.gentle else exercise.dose
    changes = {n: v for n in ("hold_s", "breaths", "duration_s") if (v := getattr(entry, n)) is not None}
    for name, value in changes.items():
        if not hasattr(dose, name):
            raise refused(path, f"{key}.{name}", f"is not a key of the dose of {entry.id!r}")
        longest_s = _LONGEST_S if program.prescribed or not isinstance(dose, Hold) else dose.hold_max_s
        if name == "hold_s" and not 1 <= value <= longest_s:
            more = "" if program.prescribed else " (longer only with prescribed = true, by a professional)"
            raise refused(path, f"{key}.{name}", f"is {value}, but must be from 1 to {longest_s}{more}")
    return replace(exercise, dose=replace(dose, **changes), sets=entry.sets or exercise.sets)
