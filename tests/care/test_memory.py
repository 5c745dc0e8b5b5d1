"""What earlier sessions mean for the next one: every rule, and that more pain never means more exercise."""

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach.care import Answer, Answers, Exercise, Hurt, Memory, Outcome, Past, Plan, Standing, remembered
from voicecoach.care.course import GOOD_SESSIONS, MOST_STEPS
from voicecoach.care.exercise import Breaths, Hold, Timed, gentled, raised
from voicecoach.care.memory import BETWEEN_STEPS_DAYS, RULES, TOO_MANY
from voicecoach.testing import LIBRARY

PROTOCOL = LIBRARY.protocol
KEYS = PROTOCOL.memory
MONDAY = 20_000.75
DONE = ("bridge", "knee_to_chest")


def session(
    day: float, *hurt: Hurt, outcome: Outcome = Outcome.COMPLETED, said: Answers = MappingProxyType({})
) -> Past:
    return Past(MONDAY + day, "floor", outcome, True, said, hurt, DONE)


def after(*past: Past, days: float = 1) -> Memory:
    """What is remembered so long after the last of these sessions."""
    return remembered(past, past[-1].day + days, KEYS)


def good(count: int, first_day: float = 0) -> list[Past]:
    return [session(first_day + 2 * i) for i in range(count)]


STRONG, ACHE = Hurt("bridge", 5), Hurt("bridge", 2)


def test_nothing_is_remembered_of_a_first_run() -> None:
    assert remembered((), MONDAY, KEYS) == Memory()


def test_what_hurt_last_time_is_named_and_the_morning_after_asked() -> None:
    assert after(session(0, STRONG, ACHE)).hurt == ("bridge",)
    assert Standing.HURT in after(session(0, Hurt())).standing, "before an exercise, too"
    assert not after(session(0, STRONG), session(2)).hurt


@pytest.mark.parametrize(
    ("hurt", "outcome", "morning", "left_out"),
    [
        (STRONG, Outcome.COMPLETED, "no", True),
        (ACHE, Outcome.COMPLETED, "no", False),
        (ACHE, Outcome.COMPLETED, "yes", True),
        (ACHE, Outcome.COMPLETED, "unanswered", True),
        (ACHE, Outcome.ENDED_BY_PAIN, "no", True),
        (Hurt("bridge", None), Outcome.COMPLETED, "no", True),
        (Hurt("bridge", 1, outward=True), Outcome.COMPLETED, "no", True),
    ],
)
def test_what_hurt_much_or_until_the_next_morning_is_left_out(
    hurt: Hurt, outcome: Outcome, morning: Answer, left_out: bool
) -> None:
    memory = after(session(0, hurt, outcome=outcome), session(2, said={KEYS.morning_after: morning}))
    assert ("bridge" in memory.left_out) is left_out


def test_it_may_come_back_after_three_good_sessions_if_the_user_wishes() -> None:
    hurt = session(0, STRONG)
    assert after(hurt, *good(GOOD_SESSIONS - 1, 2)).again == ""
    asked = (hurt, *good(GOOD_SESSIONS, 2))
    assert after(*asked).again == "bridge"
    assert "bridge" in after(*asked, session(9, said={KEYS.again: "no"})).left_out
    back = after(*asked, session(9, said={KEYS.again: "yes"}))
    assert "bridge" not in back.left_out
    assert back.steps["bridge"] == -1, "and begins with half the dose"


def test_a_direction_that_sends_pain_down_the_leg_is_not_offered_again() -> None:
    memory = after(session(0, Hurt("knee_to_chest", 3, outward=True)), *good(10, 2))
    assert memory.outward == {"knee_to_chest"}
    program = Plan(LIBRARY.program("floor"), LIBRARY.exercises, memory=memory).today(PROTOCOL, {})
    assert program.exercises
    assert not any("flexion" in e.movement for e in program.exercises)


def test_a_session_that_crashed_after_a_report_is_not_forgotten() -> None:
    """Its row says that it was not screened; nothing of it came back the next time."""
    crashed = Past(MONDAY, "?", Outcome.UNANSWERED, False, {}, (STRONG,), ())
    memory = after(crashed)
    assert memory.hurt == ("bridge",)
    assert memory.left_out == {"bridge"}


def test_a_session_after_which_it_hurts_more_is_no_good_one() -> None:
    worse = session(4, said={KEYS.baseline: 1, KEYS.afterwards: 3})
    assert Standing.STEP not in after(*good(2), worse).standing
    fine = session(4, said={KEYS.baseline: 1, KEYS.afterwards: 2})
    assert Standing.STEP in after(*good(2), fine).standing


def test_an_ache_halves_the_dose_and_a_worse_morning_that_of_all() -> None:
    assert after(session(0, ACHE)).steps == {"bridge": -1}
    worse = after(session(0), session(2, said={KEYS.morning_after: "yes"}))
    assert worse.steps == dict.fromkeys(DONE, -1)


def test_after_three_good_sessions_a_step_is_offered_once_a_week_at_most() -> None:
    assert Standing.STEP not in after(*good(GOOD_SESSIONS - 1)).standing
    assert Standing.STEP in after(*good(GOOD_SESSIONS)).standing
    assert Standing.STEP not in after(session(0, ACHE), *good(GOOD_SESSIONS - 1, 2)).standing
    stepped = (*good(GOOD_SESSIONS), session(6, said={KEYS.step: "yes"}))
    soon = tuple(session(6 + i / 4) for i in (1, 2, 3))
    assert Standing.STEP not in after(*stepped, *soon, days=0.5).standing
    assert Standing.STEP in after(*stepped, *soon, days=BETWEEN_STEPS_DAYS).standing
    refused = (*good(GOOD_SESSIONS), session(6, said={KEYS.step: "no"}))
    assert after(*refused).steps == {}
    assert Standing.STEP not in after(*refused).standing, "not asked every time"


def test_pain_in_three_sessions_of_a_fortnight_is_to_be_acknowledged() -> None:
    often = [session(4 * i, ACHE) for i in range(TOO_MANY)]
    assert Standing.OFTEN not in after(*often[:-1]).standing
    assert Standing.OFTEN in after(*often).standing
    assert Standing.OFTEN not in after(*often, days=14).standing
    assert Standing.OFTEN not in after(*often, session(9, said={KEYS.acknowledged: "yes"})).standing
    assert Standing.OFTEN in after(*often, session(9, said={KEYS.acknowledged: "no"})).standing


@pytest.mark.parametrize(
    ("levels", "days_apart", "asked"),
    [
        ((4, 4, 4, 4), 5, True),
        ((4, 4, 5, 4), 5, True),
        ((4, 4, 3, 2), 5, False),
        ((4, 4, 4, 4), 2, False),
        ((2, 2, 2, 2), 5, False),
        ((3, 3, 3, 3), 5, True),
        ((4, 4, 4), 10, False),
    ],
)
def test_pain_that_does_not_ease_in_a_fortnight_is_to_be_acknowledged(
    levels: tuple[int, ...], days_apart: int, asked: bool
) -> None:
    past = [session(days_apart * i, said={KEYS.baseline: level}) for i, level in enumerate(levels)]
    assert (Standing.NO_BETTER in after(*past).standing) is asked


def test_no_step_is_offered_to_whom_anything_else_is_due() -> None:
    """Good sessions, with a pain that does not ease."""
    past = [session(5 * i, said={KEYS.baseline: 4}) for i in range(4)]
    assert after(*past).standing == {Standing.NO_BETTER}


def test_in_a_flare_today_has_half_the_dose() -> None:
    past = [session(i, said={KEYS.baseline: 2}) for i in range(3)]
    plan = Plan(LIBRARY.program("floor"), LIBRARY.exercises, memory=after(*past))
    usual = load(plan.today(PROTOCOL, {PROTOCOL.baseline: 3}).exercises)
    flare = load(plan.today(PROTOCOL, {PROTOCOL.baseline: 4}).exercises)
    assert flare.keys() == usual.keys()
    assert sum(flare.values()) < 0.8 * sum(usual.values())


def test_every_rule_has_a_meaning_and_a_source() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)
    assert all(rule.means and rule.source for rule in RULES)


# -- any user at all


def load(exercises: tuple[Exercise, ...]) -> dict[str, int]:
    """Seconds of movement, by exercise."""
    seconds = {}
    for e in exercises:
        match e.dose:
            case Hold(hold_s=s) | Timed(duration_s=s):
                one = s
            case Breaths(breaths=n, in_s=i, out_s=o):
                one = n * (i + o)
        seconds[e.id] = one * e.sets * max(1, len(e.sides))
    return seconds


def today(past: list[Past], answers: dict[str, Answer], program: str = "floor") -> dict[str, int]:
    now = (past[-1].day if past else MONDAY) + 1
    plan = Plan(LIBRARY.program(program), LIBRARY.exercises, memory=remembered(past, now, KEYS))
    return load(plan.today(PROTOCOL, answers).exercises)


FLOOR = tuple(e.id for e in LIBRARY.program("floor").exercises)
hurts = st.builds(Hurt, st.sampled_from(FLOOR), st.none() | st.integers(0, 10), st.booleans())
yes_or_no: st.SearchStrategy[Answer] = st.sampled_from(["yes", "no"])
replies = st.fixed_dictionaries(
    {KEYS.baseline: st.integers(0, 5)},
    optional=dict.fromkeys((KEYS.morning_after, KEYS.again, KEYS.step, KEYS.acknowledged), yes_or_no),
)


@st.composite
def pasts(draw: st.DrawFn) -> list[Past]:
    past, day = [], 0.0
    for _ in range(draw(st.integers(1, 12))):
        day += draw(st.sampled_from([0.5, 1, 2, 3, 7]))
        outcome = draw(st.sampled_from([Outcome.COMPLETED, Outcome.COMPLETED, Outcome.ENDED_BY_PAIN]))
        hurt = tuple(draw(st.lists(hurts, max_size=1)))
        past.append(Past(MONDAY + day, "floor", outcome, True, draw(replies), hurt, FLOOR))
    return past


@given(pasts(), hurts, replies)
@settings(max_examples=300)
def test_never_easier_after_worse(past: list[Past], hurt: Hurt, answers: dict[str, Answer]) -> None:
    """One report of pain more in the last session: nothing that was left out is back, no dose is larger, no
    acknowledgement is saved."""
    worse = [*past[:-1], replace(past[-1], hurt=(*past[-1].hurt, hurt))]
    now = past[-1].day + 1
    before, then = remembered(past, now, KEYS), remembered(worse, now, KEYS)
    assert then.left_out >= before.left_out
    assert then.outward >= before.outward
    grave = {Standing.OFTEN, Standing.NO_BETTER, Standing.HURT}
    assert then.standing & grave >= before.standing & grave
    assert not {Standing.STEP, Standing.AGAIN} & (then.standing - before.standing)
    planned, lighter = today(past, answers), today(worse, answers)
    for exercise in planned.keys() & lighter.keys():
        assert lighter[exercise] <= planned[exercise]


@given(pasts(), replies)
@settings(max_examples=300)
def test_a_worse_answer_never_leads_to_more(past: list[Past], answers: dict[str, Answer]) -> None:
    better = today(past, {**answers, KEYS.morning_after: "no"})
    worse = today(past, {**answers, KEYS.morning_after: "yes"})
    for exercise in better.keys() & worse.keys():
        assert worse[exercise] <= better[exercise]


def test_no_step_adds_more_than_half_and_none_leaves_the_bounds() -> None:
    for exercise in LIBRARY.exercises.values():
        for written in (exercise, replace(exercise, dose=gentled(exercise.dose), sets=1)):
            loads = [load((raised(written, steps),))[exercise.id] for steps in range(MOST_STEPS + 1)]
            assert loads == sorted(loads)
            assert all(more <= 1.5 * less for less, more in pairwise(loads)), (exercise.id, loads)
            most = raised(written, MOST_STEPS)
            if isinstance(most.dose, Hold) and isinstance(exercise.dose, Hold):
                assert most.dose.hold_s <= exercise.dose.hold_max_s
                assert most.sets <= written.sets + 2


@given(st.data())
@settings(max_examples=150)
def test_the_dose_rises_slowly_and_stays_below_its_bounds(data: st.DataObject) -> None:
    live(data)


@pytest.mark.slow
@given(st.data())
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_ten_thousand_users_stay_within_the_bounds(data: st.DataObject) -> None:
    live(data)


def live(data: st.DataObject) -> None:
    """Simulated users over months: whatever they answer, a week never brings more than one step, no hold is
    longer than its longest, and nothing is more than doubled but for two rounds."""
    written = LIBRARY.program("floor")
    past: list[Past] = []
    now, weekly = MONDAY, [0]
    for _ in range(data.draw(st.integers(5, 40))):
        now += data.draw(st.sampled_from([0.5, 1, 2, 4]))
        memory = remembered(past, now, KEYS)
        answers: dict[str, Answer] = {KEYS.baseline: data.draw(st.integers(0, 5))}
        if Standing.STEP in memory.standing:
            answers[KEYS.step] = data.draw(yes_or_no)
        hurt = tuple(data.draw(st.lists(hurts, max_size=1))) if data.draw(st.integers(0, 5)) == 0 else ()
        program = Plan(written, LIBRARY.exercises, memory=memory).today(PROTOCOL, answers)
        for exercise in program.exercises:
            assert memory.steps.get(exercise.id, 0) <= MOST_STEPS
            if isinstance(exercise.dose, Hold):
                assert exercise.dose.hold_s <= exercise.dose.hold_max_s
        past.append(Past(now, "floor", Outcome.COMPLETED, True, answers, hurt, FLOOR))
        stepped = [p.day for p in past if p.answers.get(KEYS.step) == "yes"]
        weekly.append(sum(now - began < BETWEEN_STEPS_DAYS for began in stepped))
    assert max(weekly) <= 1


def test_an_exercise_is_known_once_it_was_played_twice_until_more_is_asked_for() -> None:
    twice = good(2)
    assert after(*twice).met == dict.fromkeys(DONE, 2)
    assert after(*twice, replace(session(5), more=("bridge",))).met == {"bridge": 0, "knee_to_chest": 3}
    assert after(replace(session(0), knew=("bridge",))).met == {"bridge": 2, "knee_to_chest": 1}
