"""Fits a program to a user: what they should not do is replaced or left out, and named."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from voicecoach.care.exercise import UPRIGHT, Exercise, gentled
from voicecoach.care.program import Program

FEWEST = 4
"""A program is filled up to so many exercises, or to as many as it had."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What keeps a user from an exercise."""

    conditions: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    """equipment that is not at hand"""
    no_floor: bool = False
    """getting down to the floor, or up again, is not possible"""
    exercises: frozenset[str] = frozenset()
    """ids of those that hurt"""
    movements: frozenset[str] = frozenset()
    """directions that sent the pain down the leg"""

    def rule_out(self, exercise: Exercise) -> bool:
        return (
            not self.conditions.isdisjoint(exercise.contraindications)
            or not self.missing.isdisjoint(exercise.equipment)
            or (self.no_floor and exercise.position not in UPRIGHT)
            or exercise.id in self.exercises
            or not self.movements.isdisjoint(exercise.movement)
        )


def fitted(program: Program, limits: Limits, exercises: Mapping[str, Exercise]) -> Program:
    """`program` for a user with `limits`; `exercises`: all there are, by id.

    An exercise that is ruled out gives way to the first of its substitutes that is not. If then fewer than
    FEWEST remain, others are added. What comes in keeps to the program's groups of positions, so that nobody
    gets up and down twice.
    """
    kept: list[Exercise] = []
    left_out: list[str] = []
    instead: list[tuple[str, str]] = []

    def may_come(exercise: Exercise) -> bool:
        planned = {e.id for e in (*kept, *program.exercises)}
        return exercise.id not in planned and not exercise.opt_in and not limits.rule_out(exercise)

    def dosed(exercise: Exercise) -> Exercise:
        return replace(exercise, dose=gentled(exercise.dose)) if program.gentle else exercise

    for exercise in program.exercises:
        if not limits.rule_out(exercise):
            kept.append(exercise)
            continue
        other = next((e for i in exercise.substitutes if may_come(e := exercises[i])), None)
        if other is None:
            left_out.append(exercise.name)
        else:
            kept.append(dosed(other))
            instead.append((exercise.name, other.name))
    fewest = min(FEWEST, len(program.exercises))
    for exercise in sorted(exercises.values(), key=lambda e: e.position not in {k.position for k in kept}):
        if len(kept) < fewest and may_come(exercise):
            kept.append(dosed(exercise))
    changed = left_out or instead
    return replace(
        program,
        exercises=_grouped(kept) if changed else tuple(kept),
        left_out=(*program.left_out, *left_out),
        instead=(*program.instead, *instead),
    )


def _grouped(exercises: list[Exercise]) -> tuple[Exercise, ...]:
    """In groups of one position, upright ones and floor ones together, otherwise in the order given."""
    positions = list(dict.fromkeys(e.position for e in exercises))
    upright_first = not positions or positions[0] in UPRIGHT

    def group(exercise: Exercise) -> tuple[bool, int]:
        upright = exercise.position in UPRIGHT
        return upright is not upright_first, positions.index(exercise.position)

    return tuple(sorted(exercises, key=group))
