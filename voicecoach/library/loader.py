"""Loads and validates exercises and programs, ours and the user's own."""

from dataclasses import replace
from pathlib import Path

from voicecoach.library.table import LibraryError, Table
from voicecoach.session.program import (
    Breaths,
    Dose,
    Exercise,
    Hold,
    Position,
    Program,
    Side,
    Timed,
    gentled,
)

__all__ = ["Library", "LibraryError"]

_HERE = Path(__file__).parent
_MAX_EXERCISES = 40
_LONGEST_S = 120
"""No hold, however long a file wants it, may pin a body for more than two minutes."""


def _load_dose(t: Table) -> Dose:
    kind = t.text("kind")
    if kind == "hold":
        hold = Hold(
            hold_s=t.number("hold_s", 1, _LONGEST_S),
            hold_max_s=t.number("hold_max_s", 1, _LONGEST_S),
            gentle_hold_s=t.number("gentle_hold_s", 1, _LONGEST_S),
            start_cue=t.text("start_cue"),
            end_cue=t.text("end_cue"),
        )
        if hold.hold_s > hold.hold_max_s:
            raise t.refuse("hold_s", f"is longer than hold_max_s = {hold.hold_max_s}")
        dose: Dose = hold
    elif kind == "breath":
        dose = Breaths(
            breaths=t.number("breaths", 1, 20),
            in_s=t.number("in_s", 2, 10),
            out_s=t.number("out_s", 2, 10),
            in_cue=t.text("in_cue"),
            out_cue=t.text("out_cue"),
        )
    elif kind == "timed":
        dose = Timed(
            duration_s=t.number("duration_s", 1, _LONGEST_S),
            gentle_duration_s=t.number("gentle_duration_s", 1, _LONGEST_S),
            start_cue=t.text("start_cue"),
            end_cue=t.text("end_cue"),
        )
    else:
        raise t.refuse("kind", f"is {kind!r}, but must be hold, breath or timed")
    t.close()
    return dose


def load_exercise(path: Path) -> Exercise:
    """One exercise file; its stem is the id. Raises LibraryError."""
    t = Table.read(path)
    position = t.text("position")
    if position not in list(Position):
        raise t.refuse("position", f"is {position!r}, but must be one of {', '.join(Position)}")
    sides = t.texts("sides")
    if any(side not in list(Side) for side in sides):
        raise t.refuse("sides", f"is {list(sides)}, but may hold left, right and both")
    spoken = t.table("spoken")
    cues = t.table("left_right") if sides else None
    exercise = Exercise(
        id=path.stem,
        name=t.text("name"),
        section=t.text("section"),
        position=Position(position),
        equipment=t.texts("equipment"),
        movement=t.texts("movement", 1),
        sides=tuple(map(Side, sides)),
        sets=t.number("sets", 1, 20),
        opt_in=t.flag("opt_in"),
        setup_s=t.number("setup_s", 5, 30),
        rest_s=t.number("rest_s", 2, 60),
        contraindications=t.texts("contraindications"),
        dose=_load_dose(t.table("dose")),
        set_up=spoken.texts("set_up", 1),
        steps=spoken.texts("steps", 1),
        brief=spoken.texts("brief", 1),
        ease_out=spoken.texts("ease_out", 1),
        cautions=spoken.texts("cautions"),
        side_cues=tuple(cues.text(side) for side in sides) if cues else (),
    )
    for table in (t, spoken, cues):
        if table:
            table.close()
    return exercise


def load_program(path: Path, exercises: dict[str, Exercise]) -> Program:
    """One program file; its stem is the id. Raises LibraryError."""
    t = Table.read(path)
    gentle = t.flag("gentle", False)
    program = Program(
        id=path.stem,
        name=t.text("name"),
        description=t.text("description"),
        gentle=gentle,
        opt_in=t.flag("opt_in", False),
        exercises=tuple(_entry(e, exercises, gentle) for e in t.tables("exercises", _MAX_EXERCISES)),
    )
    t.close()
    for exercise in program.exercises:
        if exercise.opt_in and not program.opt_in:
            raise t.refuse("exercises", f"{exercise.id!r} needs a program with opt_in = true")
    return program


def _entry(t: Table, exercises: dict[str, Exercise], gentle: bool) -> Exercise:
    """One line of a program: an exercise, perhaps with another dose within its limits."""
    name = t.text("id")
    if name not in exercises:
        raise t.refuse("id", f"there is no exercise {name!r}; there are {', '.join(sorted(exercises))}")
    exercise = exercises[name]
    dose = gentled(exercise.dose) if gentle else exercise.dose
    match dose:
        case Hold():
            dose = replace(dose, hold_s=t.number("hold_s", 1, dose.hold_max_s, dose.hold_s))
        case Breaths():
            dose = replace(dose, breaths=t.number("breaths", 1, 20, dose.breaths))
        case Timed():
            dose = replace(dose, duration_s=t.number("duration_s", 1, _LONGEST_S, dose.duration_s))
    sets = t.number("sets", 1, 20, exercise.sets)
    t.close()
    return replace(exercise, dose=dose, sets=sets)


class Library:
    """Every exercise and program there is; `own` is the folder of the user's programs."""

    def __init__(self, own: Path | None = None) -> None:
        self.exercises = {p.stem: load_exercise(p) for p in sorted((_HERE / "exercises").glob("*.toml"))}
        self._paths = {p.stem: p for p in sorted((_HERE / "programs").glob("*.toml"))}
        if own is not None and own.is_dir():
            self._paths |= {p.stem: p for p in sorted(own.glob("*.toml"))}

    @property
    def program_ids(self) -> list[str]:
        return list(self._paths)

    def program(self, name: str) -> Program:
        """A program by its id, or by the path of a .toml file. Raises LibraryError."""
        path = self._paths.get(name)
        if path is None and name.endswith(".toml"):
            path = Path(name)
        if path is None:
            raise LibraryError(f"There is no program {name!r}; there are {', '.join(self._paths)}.")
        return load_program(path, self.exercises)
