"""An exercise: its position, its dose, and the lines that guide the user through it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from voicecoach.care.figure import Figure


class Position(StrEnum):
    BACK = "back"
    HANDS_AND_KNEES = "hands_and_knees"
    FRONT = "front"
    SIDE = "side"
    KNEELING = "kneeling"
    CHAIR = "chair"
    STANDING = "standing"


LYING = frozenset({Position.BACK, Position.FRONT, Position.SIDE})
"""Positions from which one gets up by way of the side."""
LYING_ONCE_EASED = LYING | {Position.HANDS_AND_KNEES}
"""Positions whose way out, when it hurts, ends lying down."""
UPRIGHT = frozenset({Position.CHAIR, Position.STANDING})
"""Positions off the floor."""


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


@dataclass(frozen=True, slots=True)
class Breaths:
    """Move with the breath: `breaths` cycles of in and out."""

    breaths: int
    in_s: int
    out_s: int
    out_first: bool = False
    """the first movement goes with the breath out, and the breath in leads back"""

    @property
    def first_s(self) -> int:
        return self.out_s if self.out_first else self.in_s


@dataclass(frozen=True, slots=True)
class Timed:
    """Move freely for a while."""

    duration_s: int
    gentle_duration_s: int


Dose = Hold | Breaths | Timed


@dataclass(frozen=True, slots=True)
class ExerciseLines:
    """Everything the coach says about one exercise."""

    name: str
    set_up: tuple[str, ...]
    """how to take the position"""
    steps: tuple[str, ...]
    """the movement"""
    way_out: str
    """how to come out of the position"""
    brief: tuple[str, ...]
    """the steps in brief wording"""
    begin: str
    """said before a hold or a timed movement; in a breathing exercise, at each breath in"""
    end: str
    """said after a hold or a timed movement; in a breathing exercise, at each breath out"""
    ease_out: tuple[str, ...]
    """how to come out of the position when it hurts"""
    cautions: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    """one line for each side, in the order of `Exercise.sides`"""
    after: str = ""
    """in a breathing exercise, said after the last breath if that does not end where the first one began"""


@dataclass(frozen=True, slots=True)
class Exercise:
    id: str
    section: str
    """the section of the source article it comes from"""
    position: Position
    equipment: tuple[str, ...]
    movement: tuple[str, ...]
    sides: tuple[Side, ...]
    sets: int
    """repetitions per side, or in total if there are no sides"""
    opt_in: bool
    setup_s: int
    rest_s: int
    contraindications: tuple[str, ...]
    """the exercise is left out for a user with one of these conditions"""
    dose: Dose
    lines: ExerciseLines
    substitutes: tuple[str, ...] = ()
    """ids of exercises that may take its place, the most alike first"""
    figure: Figure | None = None
    """how it is drawn"""

    @property
    def name(self) -> str:
        return self.lines.name


def gentled(dose: Dose) -> Dose:
    """The dose for a gentle program."""
    if isinstance(dose, Hold):
        return replace(dose, hold_s=min(dose.hold_s, dose.gentle_hold_s))
    if isinstance(dose, Timed):
        return replace(dose, duration_s=min(dose.duration_s, dose.gentle_duration_s))
    return dose


STEP_S, MORE_ROUNDS = 5, 2


def raised(exercise: Exercise, steps: int) -> Exercise:
    """`exercise` after so many steps up from its dose as it is written.

    A step is one round more of a hold, up to two; then a third of its time, five seconds at most; one breath;
    or five seconds of a movement. So no step adds more than half. A hold never goes beyond its longest, nor
    anything beyond twice its dose.
    """
    now = exercise
    for _ in range(steps):
        now = _one_step(now, exercise)
    return now


def _one_step(now: Exercise, written: Exercise) -> Exercise:
    dose, first = now.dose, written.dose
    if isinstance(dose, Breaths) and isinstance(first, Breaths):
        return replace(now, dose=replace(dose, breaths=min(dose.breaths + 1, 2 * first.breaths)))
    if isinstance(dose, Timed) and isinstance(first, Timed):
        longer_s = min(dose.duration_s + STEP_S, 2 * first.duration_s)
        return replace(now, dose=replace(dose, duration_s=longer_s))
    if isinstance(dose, Hold) and isinstance(first, Hold):
        if 1 < now.sets < written.sets + MORE_ROUNDS:
            return replace(now, sets=now.sets + 1)
        longer_s = dose.hold_s + min(STEP_S, -(-dose.hold_s // 3))
        most_s = max(first.hold_s, min(2 * first.hold_s, first.hold_max_s))
        return replace(now, dose=replace(dose, hold_s=min(longer_s, most_s)))
    return now


def eased(dose: Dose) -> Dose:
    """About half of the dose, for "ease off"; never more than `dose`."""
    if isinstance(dose, Hold):
        return replace(dose, hold_s=min(dose.hold_s, max(3, dose.hold_s // 2)))
    if isinstance(dose, Timed):
        return replace(dose, duration_s=min(dose.duration_s, max(5, dose.duration_s // 2)))
    return replace(dose, breaths=max(1, dose.breaths // 2))
