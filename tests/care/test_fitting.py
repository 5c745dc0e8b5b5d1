"""A program fitted to a user: replaced where something like it will do, left out and named where not."""

from dataclasses import replace

import pytest

from tests.session.driver import exercise, hold, program
from voicecoach.care import Exercise, Hold, Limits, Position, fitted


def made(id: str, *substitutes: str, position: Position = Position.BACK, **changes: object) -> Exercise:
    return replace(exercise(id), substitutes=substitutes, position=position, **changes)  # type: ignore[arg-type]


BRIDGE = made("bridge", "tilt", "wall")
TILT = made("tilt", contraindications=("pregnancy",))
WALL = made("wall", position=Position.STANDING)
CHAIR = made("chair", position=Position.CHAIR, equipment=("chair",))
KNEES = made("knees", position=Position.HANDS_AND_KNEES, movement=("extension",))
ROLLER = made("roller", opt_in=True)
ALL = {e.id: e for e in (ROLLER, BRIDGE, TILT, WALL, CHAIR, KNEES)}


def ids(*limits: Limits, of: tuple[Exercise, ...] = (BRIDGE,)) -> list[str]:
    plan = program(*of)
    for each in limits:
        plan = fitted(plan, each, ALL)
    return [e.id for e in plan.exercises]


def test_without_limits_a_program_stays_as_it_is() -> None:
    mixed = (WALL, BRIDGE, CHAIR)
    assert fitted(program(*mixed), Limits(), ALL) == program(*mixed)


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        (Limits(exercises=frozenset({"bridge"})), ["tilt"]),
        (Limits(exercises=frozenset({"bridge"}), conditions=frozenset({"pregnancy"})), ["wall"]),
        (Limits(no_floor=True), ["wall"]),
        (Limits(movements=frozenset({"flexion"})), ["knees"]),
    ],
)
def test_the_first_substitute_that_suits_takes_its_place(limits: Limits, left: list[str]) -> None:
    assert ids(limits) == left


def test_what_changes_is_named() -> None:
    hurt = Limits(exercises=frozenset({"bridge"}))
    assert fitted(program(BRIDGE), hurt, ALL).instead == (("Exercise bridge", "Exercise tilt"),)
    assert fitted(program(BRIDGE, TILT, WALL), hurt, ALL).left_out == ("Exercise bridge",)


def test_what_is_left_out_makes_room_for_others() -> None:
    assert ids(Limits(exercises=frozenset({"knees"})), of=(KNEES, TILT)) == ["tilt", "bridge"]
    left = ids(Limits(no_floor=True), of=(KNEES, TILT, BRIDGE))
    assert left == ["wall", "chair"], "all there is off the floor"


def test_equipment_that_is_not_at_hand_is_not_needed() -> None:
    assert ids(Limits(missing=frozenset({"chair"})), of=(CHAIR,)) == ["bridge"]


def test_an_opt_in_exercise_never_comes_in_by_itself() -> None:
    everything = Limits(exercises=frozenset(ALL) - {"roller"})
    assert ids(everything, of=(BRIDGE, TILT)) == []


def test_nobody_gets_up_and_down_twice() -> None:
    """Whatever comes in stands with its like."""
    hurt = Limits(exercises=frozenset({"bridge"}), conditions=frozenset({"pregnancy"}))
    assert ids(hurt, of=(CHAIR, BRIDGE, KNEES)) == ["chair", "wall", "knees"]


def test_a_gentle_program_stays_gentle() -> None:
    gentle = replace(program(BRIDGE), gentle=True)
    long = {**ALL, "tilt": replace(TILT, dose=replace(hold(10), gentle_hold_s=3))}
    dose = fitted(gentle, Limits(exercises=frozenset({"bridge"})), long).exercises[0].dose
    assert isinstance(dose, Hold)
    assert dose.hold_s == 3
