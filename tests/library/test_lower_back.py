"""The shipped exercises: whom they suit, what takes their place, and how much movement there is."""

from itertools import combinations, product

import pytest

from voicecoach.care import Breaths, Exercise, Hold, Limits, Position, fitted
from voicecoach.care.exercise import UPRIGHT
from voicecoach.library import Library
from voicecoach.session.sentences import changes
from voicecoach.testing import ENGLISH

LIBRARY = Library()
EXERCISES = LIBRARY.exercises
PROGRAMS = {name: LIBRARY.program(name) for name in LIBRARY.program_ids}
CONDITIONS = sorted(LIBRARY.protocol.conditions)
CLEARANCE = {"recent_surgery", "fracture"}
"""With these nobody exercises before a professional has agreed."""
OTHERS = sorted(set(CONDITIONS) - CLEARANCE)
FEWEST = 4


def seconds(exercise: Exercise) -> int:
    """How long the movement of `exercise` is counted, in all."""
    dose = exercise.dose
    if isinstance(dose, Breaths):
        once = dose.breaths * (dose.in_s + dose.out_s)
    else:
        once = dose.hold_s if isinstance(dose, Hold) else dose.duration_s
    return max(1, len(exercise.sides)) * exercise.sets * once


def left(name: str, condition: str, no_floor: bool = False) -> tuple[Exercise, ...]:
    return fitted(PROGRAMS[name], Limits(frozenset({condition}), no_floor=no_floor), EXERCISES).exercises


# -- conditions


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda e: e.id)
def test_an_exercise_lists_the_conditions_that_need_clearance(exercise: Exercise) -> None:
    """Surgery and fracture: only with clearance; and pregnancy, on the back or front."""
    assert set(exercise.contraindications) >= CLEARANCE
    if exercise.position in (Position.BACK, Position.FRONT):
        assert "pregnancy" in exercise.contraindications


@pytest.mark.parametrize(("name", "condition"), list(product(PROGRAMS, CONDITIONS)))
def test_with_any_one_condition_at_least_four_exercises_are_left(name: str, condition: str) -> None:
    """None of them unwise with it; none at all where a professional must agree first."""
    suit = left(name, condition)
    assert len(suit) >= FEWEST if condition not in CLEARANCE else suit == ()
    assert not [e.id for e in suit if condition in e.contraindications]


@pytest.mark.parametrize("name", PROGRAMS)
def test_with_any_two_conditions_four_are_left_and_two_off_the_floor(name: str) -> None:
    """Every profile of two conditions; with fewer than four the coach says whom to ask."""
    for pair in combinations(OTHERS, 2):
        for no_floor, fewest in ((False, FEWEST), (True, 2)):
            program = fitted(PROGRAMS[name], Limits(frozenset(pair), no_floor=no_floor), EXERCISES)
            assert len(program.exercises) >= fewest, (pair, no_floor)
            assert not [e.id for e in program.exercises if set(pair) & set(e.contraindications)]
            told = ENGLISH.coach.few_left in changes(ENGLISH, program)
            assert told is (len(program.exercises) < FEWEST and program != PROGRAMS[name])


@pytest.mark.parametrize(("name", "condition"), list(product(PROGRAMS, OTHERS)))
def test_who_cannot_get_to_the_floor_has_four_exercises_off_it(name: str, condition: str) -> None:
    suit = left(name, condition, no_floor=True)
    assert len(suit) >= FEWEST
    assert {e.position for e in suit} <= UPRIGHT


@pytest.mark.parametrize(("name", "condition"), list(product(["seated", "desk"], CONDITIONS)))
def test_a_program_off_the_floor_stays_off_it(name: str, condition: str) -> None:
    """Who chose it may be unable to get down, or up again."""
    assert {e.position for e in PROGRAMS[name].exercises} <= UPRIGHT
    assert {e.position for e in left(name, condition)} <= UPRIGHT


def test_whoever_is_unwell_standing_sits_down_or_leans_on_a_wall() -> None:
    standing = {e.id for e in EXERCISES.values() if e.position is Position.STANDING}
    assert {name for name in standing if "dizziness" not in EXERCISES[name].contraindications} == {
        "wall_extension"
    }


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda e: e.id)
def test_bones_that_break_easily_are_neither_bent_nor_twisted(exercise: Exercise) -> None:
    """Two conditions, one reason. A pelvic tilt only flattens the back."""
    brittle = {"osteoporosis", "cancer_or_steroids"}
    assert len(brittle & set(exercise.contraindications)) != 1
    bends = {"flexion", "rotation", "side_bend", "massage"} & set(exercise.movement)
    if bends and "stability" not in exercise.movement:
        assert brittle <= set(exercise.contraindications)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda e: e.id)
def test_a_slipped_vertebra_is_not_arched(exercise: Exercise) -> None:
    if "extension" in exercise.movement:
        assert "spondylolisthesis" in exercise.contraindications


# -- substitutes


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda e: e.id)
def test_the_last_substitutes_are_off_the_floor(exercise: Exercise) -> None:
    """Then something is left for somebody who cannot get down to it; and nobody is sent down from a chair."""
    upright = [EXERCISES[name].position in UPRIGHT for name in exercise.substitutes]
    assert upright
    assert upright[-1]
    assert exercise.position not in UPRIGHT or all(upright)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda e: e.id)
def test_a_substitute_is_alike_or_gentler(exercise: Exercise) -> None:
    """It moves in the same direction, or no more conditions rule it out; and it is held no longer."""
    for other in (EXERCISES[name] for name in exercise.substitutes):
        alike = not set(other.movement).isdisjoint(exercise.movement)
        gentler = len(other.contraindications) <= len(exercise.contraindications)
        assert alike or gentler, other.id
        assert not other.opt_in
        if isinstance(exercise.dose, Hold) and isinstance(other.dose, Hold):
            assert other.dose.hold_s <= exercise.dose.hold_s or seconds(other) <= seconds(exercise), other.id


# -- doses


def test_the_everyday_program_moves_for_eight_minutes_and_not_for_long_at_one_thing() -> None:
    """Of thirteen minutes four were movement; the rest was talk."""
    counted = [seconds(e) for e in PROGRAMS["floor"].exercises]
    assert sum(counted) >= 8 * 60
    assert max(counted) <= 2 * 60


@pytest.mark.parametrize("name", [n for n in PROGRAMS if n != "roller"])
def test_a_dose_is_that_of_a_leaflet(name: str) -> None:
    """Five to ten repetitions, of either leg at most six; fewer where it is gentle or held for longer."""
    for e in PROGRAMS[name].exercises:
        if isinstance(e.dose, Breaths):
            assert e.sets == 1
            assert e.dose.breaths <= (12 if e.id == "heel_slides" else 10)
        else:
            assert e.sets <= 8
