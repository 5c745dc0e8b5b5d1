"""The program as it would be played next: doses raised or lowered, exercises left out, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.care import Answers, Breaths, Exercise, Hold, Limits, Memory, Plan, Program
from voicecoach.library import Library
from voicecoach.report.days import spelled
from voicecoach.storage import Account

MOST_LINES, MOST_EXERCISES, MOST_REASONS = 6, 16, 2
"""on the sheet"""


@dataclass(frozen=True, slots=True)
class Dosed:
    name: str
    dose: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A dose that is not the one written in the program."""

    name: str
    raised: bool
    written: str
    now: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    name: str
    why: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    name: str
    description: str
    minutes: int
    exercises: tuple[Dosed, ...]
    changed: tuple[Changed, ...]
    left_out: tuple[LeftOut, ...]
    more: int = 0
    """changes and exercises that are not listed"""


def planned(
    program: Program,
    library: Library,
    limits: Limits,
    memory: Memory,
    answers: Answers,
    accounts: Sequence[Account],
) -> Planned:
    """`answers`: those that are asked once. `limits`: those of the settings."""
    plan = Plan(program, library.exercises, limits, memory)
    today, limits = plan.today(library.protocol, answers), plan.limits_today(library.protocol, answers)
    written = {**library.exercises, **{e.id: e for e in program.exercises}}
    changed = [
        Changed(e.name, memory.steps.get(e.id, 0) > 0, dose(written[e.id]), dose(e))
        for e in today.exercises
        if memory.steps.get(e.id, 0) and dose(e) != dose(written[e.id])
    ]
    changed.sort(key=lambda change: change.raised)  # what hurt comes first
    plays, instead = {e.id for e in today.exercises}, dict(today.instead)
    gone = [e for e in program.exercises if e.id not in plays]
    elsewhere = [library.exercises[e] for e in sorted(memory.left_out) if e in library.exercises]
    gone += [e for e in elsewhere if e not in gone and e.id not in plays]
    out = [
        LeftOut(e.name, _why(e, limits, accounts), instead.get(e.name, ""))
        for e in {e.id: e for e in gone}.values()
    ]
    return Planned(
        program.name,
        program.description,
        library.minutes(today) if today.exercises else 0,
        tuple(Dosed(e.name, dose(e)) for e in today.exercises[:MOST_EXERCISES]),
        tuple(changed[:MOST_LINES]),
        tuple(out[:MOST_LINES]),
        len(changed[MOST_LINES:]) + len(out[MOST_LINES:]) + len(today.exercises[MOST_EXERCISES:]),
    )


def dose(exercise: Exercise) -> str:
    match exercise.dose:
        case Hold(hold_s=hold_s):
            one = f"{hold_s} s"
        case Breaths(breaths=breaths):
            one = f"{breaths} breaths"
        case timed:
            one = f"{timed.duration_s} s"
    rounds = f"{exercise.sets} × {one}" if exercise.sets > 1 or isinstance(exercise.dose, Hold) else one
    return f"{rounds} a side" if exercise.sides else rounds


def _why(exercise: Exercise, limits: Limits, accounts: Sequence[Account]) -> str:
    reasons = []
    if exercise.id in limits.exercises:
        reasons.append(_hurt(exercise.id, accounts))
    if limits.movements & set(exercise.movement):
        reasons.append("this direction sent pain down the leg")
    has = limits.conditions & set(exercise.contraindications)
    reasons += [name.replace("_", " ") for name in sorted(has)]
    reasons += [f"no {thing}" for thing in sorted(limits.missing & set(exercise.equipment))]
    if limits.no_floor and Limits(no_floor=True).rule_out(exercise):
        reasons.append("cannot get down to the floor")
    return "; ".join(reasons[:MOST_REASONS])


def _hurt(exercise: str, accounts: Sequence[Account]) -> str:
    """When it hurt last, and how much."""
    for account in reversed(accounts):
        for report in reversed(account.reports):
            if report.exercise == exercise:
                level = "" if report.level is None else f", level {report.level}"
                return f"hurt on {spelled(account.day)}{level}"
    return "hurt"
