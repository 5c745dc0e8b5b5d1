"""Exercises and programs as the session sees them: validated data, no files."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Position(StrEnum):
    BACK = "back"
    HANDS_AND_KNEES = "hands_and_knees"
    FRONT = "front"
    KNEELING = "kneeling"
    CHAIR = "chair"
    STANDING = "standing"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Hold:
    """Take a position and keep it: counted on the sample clock."""

    hold_s: int
    hold_max_s: int
    gentle_hold_s: int
    start_cue: str
    end_cue: str


@dataclass(frozen=True, slots=True)
class Breaths:
    """Move with the breath: `breaths` cycles of in and out."""

    breaths: int
    in_s: int
    out_s: int
    in_cue: str
    out_cue: str


@dataclass(frozen=True, slots=True)
class Timed:
    """Move freely for a while."""

    duration_s: int
    gentle_duration_s: int
    start_cue: str
    end_cue: str


Dose = Hold | Breaths | Timed


@dataclass(frozen=True, slots=True)
class Exercise:
    id: str
    name: str
    section: str
    position: Position
    equipment: tuple[str, ...]
    movement: tuple[str, ...]
    sides: tuple[Side, ...]
    sets: int
    """repetitions per side, or in all where there are no sides"""
    opt_in: bool
    setup_s: int
    rest_s: int
    contraindications: tuple[str, ...]
    dose: Dose
    set_up: tuple[str, ...]
    steps: tuple[str, ...]
    brief: tuple[str, ...]
    ease_out: tuple[str, ...]
    cautions: tuple[str, ...]
    side_cues: tuple[str, ...]
    """one line for each of `sides`, in their order"""

    def sentences(self) -> tuple[str, ...]:
        """Every line of this exercise that is ever spoken."""
        dose = self.dose
        cues = (dose.in_cue, dose.out_cue) if isinstance(dose, Breaths) else (dose.start_cue, dose.end_cue)
        return (
            self.name,
            *self.set_up,
            *self.steps,
            *self.brief,
            *self.ease_out,
            *self.cautions,
            *self.side_cues,
            *cues,
        )


@dataclass(frozen=True, slots=True)
class Program:
    id: str
    name: str
    description: str
    gentle: bool
    opt_in: bool
    exercises: tuple[Exercise, ...]
    left_out: tuple[str, ...] = ()
    """names of exercises that the user's conditions or last pain report excluded, to be said"""

    def without(self, conditions: frozenset[str], painful: frozenset[str] = frozenset()) -> "Program":
        """This program less what a condition forbids or what hurt last time (exercise ids)."""
        kept = tuple(
            e for e in self.exercises if not conditions & set(e.contraindications) and e.id not in painful
        )
        dropped = tuple(e.name for e in self.exercises if e not in kept)
        return replace(self, exercises=kept, left_out=self.left_out + dropped)


def gentled(dose: Dose) -> Dose:
    """The dose of a first-time program."""
    if isinstance(dose, Hold):
        return replace(dose, hold_s=min(dose.hold_s, dose.gentle_hold_s))
    if isinstance(dose, Timed):
        return replace(dose, duration_s=min(dose.duration_s, dose.gentle_duration_s))
    return dose


def eased(dose: Dose) -> Dose:
    """About half of a dose, after "ease off"; never more than it was."""
    if isinstance(dose, Hold):
        return replace(dose, hold_s=min(dose.hold_s, max(3, dose.hold_s // 2)))
    if isinstance(dose, Timed):
        return replace(dose, duration_s=min(dose.duration_s, max(5, dose.duration_s // 2)))
    return replace(dose, breaths=max(1, dose.breaths // 2))
