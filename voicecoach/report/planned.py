"""The program as it would be played next: doses raised or lowered, exercises left out, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.care import Answers, Breaths, Exercise, Hold, Limits, Memory, Plan, Program, Protocol
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
    today = Plan(program, library.exercises, limits, memory).today(library.protocol, answers)
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
        LeftOut(e.name, _why(e, library, limits, memory, answers, accounts), instead.get(e.name, ""))
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


def _why(
    exercise: Exercise,
    library: Library,
    limits: Limits,
    memory: Memory,
    answers: Answers,
    accounts: Sequence[Account],
) -> str:
    protocol = library.protocol
    reasons = []
    if exercise.id in memory.left_out:
        reasons.append(_hurt(exercise.id, accounts))
    if _movements(memory, library, protocol) & set(exercise.movement):
        reasons.append("this direction sent pain down the leg")
    has = (limits.conditions | protocol.conditions_in(answers)) & set(exercise.contraindications)
    reasons += [name.replace("_", " ") for name in sorted(has)]
    reasons += [f"no {thing}" for thing in sorted(protocol.missing_in(answers) & set(exercise.equipment))]
    if answers.get(protocol.memory.floor) == "no" and Limits(no_floor=True).rule_out(exercise):
        reasons.append("cannot get down to the floor")
    return "; ".join(reasons[:MOST_REASONS])


def _movements(memory: Memory, library: Library, protocol: Protocol) -> frozenset[str]:
    known = (library.exercises[e] for e in memory.outward if e in library.exercises)
    return frozenset(m for e in known for m in e.movement) & protocol.directions


def _hurt(exercise: str, accounts: Sequence[Account]) -> str:
    """When it hurt last, and how much."""
    for account in reversed(accounts):
        for report in reversed(account.reports):
            if report.exercise == exercise:
                level = "" if report.level is None else f", level {report.level}"
                return f"hurt on {spelled(account.day)}{level}"
    return "hurt"
