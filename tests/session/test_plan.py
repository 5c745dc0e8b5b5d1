"""What earlier sessions and answers make of a session: who is asked what, what is played, in which dose."""

from dataclasses import replace

import pytest

from voicecoach.care import Intake, Limits, Memory, Outcome, Past, Plan, Standing, remembered
from voicecoach.care.exercise import eased
from voicecoach.session import Mode
from voicecoach.session.facts import AnswerGiven, HoldBegan, NothingLeft
from voicecoach.session.sentences import safety_lines
from voicecoach.testing import ENGLISH, HEALTHY, LIBRARY

from .driver import NEW, RETURNING, Driver

FLOOR = LIBRARY.program("floor")
GENTLE = LIBRARY.program("gentle")


def planned(memory: Memory, intake: Intake = RETURNING, limits: Limits = Limits()) -> Driver:  # noqa: B008
    """A session of `gentle` for somebody with this memory."""
    plan = Plan(GENTLE, LIBRARY.exercises, limits, memory)
    today = plan.today(LIBRARY.protocol, intake.profile)
    return Driver(today, replace(intake, found=memory.standing), plan=plan)


def answered(driver: Driver, **answers: str) -> list[str]:
    """Answer "no" and "two" except as given until the program begins; returns the questions asked."""
    asked = []
    while driver.mode() is Mode.INTAKE and (key := driver.to_question()):
        asked.append(key)
        usual = "two" if key in ("baseline", "afterwards", "effort") else "no"
        driver.hear(answers.get(key, HEALTHY.get(key, usual)))  # type: ignore[arg-type]
    return asked


def names(driver: Driver) -> list[str]:
    return [e.id for e in driver.state.program.exercises]


HURT = Memory(frozenset({Standing.HURT}), hurt=("bridge",), left_out=frozenset({"bridge"}))


def test_the_second_start_asks_two_questions() -> None:
    assert answered(planned(Memory())) == ["since_last", "baseline"]


def test_a_first_meeting_asks_each_group_once_and_keeps_the_answers() -> None:
    driver = planned(Memory(), NEW)
    asked = answered(driver)
    assert [key for key in asked if key in HEALTHY] == list(HEALTHY)
    kept = {f.question: f.answer for f in driver.facts(AnswerGiven) if f.question in HEALTHY}
    assert kept == HEALTHY
    assert not set(HEALTHY) & set(answered(planned(Memory(), Intake(profile=kept))))


def test_what_hurt_is_named_and_the_morning_after_asked() -> None:
    driver = planned(HURT)
    assert "morning_after" in answered(driver)
    assert "Last time this hurt: Bridge." in driver.said
    assert "bridge" not in names(driver)
    driver.until("For your safety I leave out: Bridge.")


def test_a_condition_told_now_changes_this_session() -> None:
    """The profile was once a file that nobody edits: "condition: yes" led to one sentence."""
    driver = planned(Memory(), NEW)
    answered(driver, general="yes", osteoporosis="yes", inflammatory_disease="no", cancer_or_steroids="no")
    assert len(names(driver)) >= 4
    assert not any("osteoporosis" in e.contraindications for e in driver.state.program.exercises)
    assert "For your safety I leave out: Knee to chest." in driver.until("Knee to chest").said


def test_who_cannot_get_to_the_floor_is_played_something_else() -> None:
    driver = planned(Memory(), NEW)
    answered(driver, floor="no")
    assert {e.position.value for e in driver.state.program.exercises} <= {"chair", "standing"}


def test_what_needs_clearance_does_not_begin_without_it() -> None:
    driver = planned(Memory(), NEW)
    answered(driver, consulted="no", circulation="yes", heart_disease="yes", cleared="no")
    assert driver.until_ended().outcome is Outcome.NOT_STARTED


def test_where_nothing_is_left_nothing_begins_and_the_advice_is_said() -> None:
    driver = planned(Memory(), NEW)
    answered(driver, lately="yes", fracture="yes")
    assert driver.facts(NothingLeft)
    assert driver.until_ended().outcome is Outcome.NOT_STARTED
    assert {ENGLISH.coach.nothing_left, ENGLISH.care.advice[Outcome.NOT_STARTED][0]} <= set(driver.said)
    assert not driver.facts(HoldBegan)


@pytest.mark.parametrize("standing", [Standing.OFTEN, Standing.NO_BETTER])
@pytest.mark.parametrize("answer", ["no", "not sure", "yes"])
def test_pain_that_comes_too_often_has_to_be_acknowledged(standing: Standing, answer: str) -> None:
    driver = planned(Memory(frozenset({standing})))
    answered(driver, **{standing.value: answer})
    if answer == "yes":
        assert driver.mode() is Mode.MOVING
    else:
        assert driver.until_ended().outcome is Outcome.NOT_STARTED


def test_a_step_is_offered_after_a_good_morning_and_can_be_refused() -> None:
    due = Memory(frozenset({Standing.STEP}))
    taken, refused, worse, sore = (planned(due) for _ in range(4))
    assert answered(taken, step="yes")[-2:] == ["morning_after", "step"]
    answered(refused)
    assert "step" not in answered(worse, morning_after="yes")
    assert "step" not in answered(sore, baseline="four")
    sets = [d.state.program.exercises[1].sets for d in (taken, refused)]
    assert sets[0] == sets[1] + 1
    assert worse.state.program.exercises[1].sets <= sets[1]


def test_after_a_session_two_questions_may_be_answered_or_not() -> None:
    for answers in ((), ("three", "five")):
        driver = planned(Memory())
        answered(driver)
        driver.in_hold().hear("finish")
        for answer in answers:
            driver.to_question()
            driver.hear(answer)
        assert driver.until_ended().outcome is Outcome.FINISHED_EARLY
        told = {f.question: f.answer for f in driver.facts(AnswerGiven)}
        assert (told["afterwards"], told["effort"]) == ((3, 5) if answers else ("unanswered", "unanswered"))
        assert driver.said.count("And how hard was it, zero to ten?") == 1, "not repeated"


def test_much_pain_after_a_session_ends_with_advice() -> None:
    driver = planned(Memory())
    answered(driver)
    driver.in_hold().hear("finish").to_question()
    driver.hear("seven")
    assert driver.until_ended().outcome is Outcome.ENDED_BY_PAIN
    assert ENGLISH.care.advice[Outcome.ENDED_BY_PAIN][0] in driver.said


def test_stop_and_finish_end_the_last_questions() -> None:
    for word in ("stop", "finish"):
        driver = planned(Memory())
        answered(driver)
        driver.in_hold().hear("finish").to_question()
        assert driver.hear(word).until_ended().outcome is Outcome.FINISHED_EARLY


def test_a_session_ended_after_a_report_is_called_by_what_happened() -> None:
    driver = planned(Memory())
    answered(driver)
    driver.in_hold().reported("two", "no", "no", "no", "finish").until_ended()
    assert driver.outcome is Outcome.STOPPED_FOR_PAIN
    told = Past(0.0, "gentle", Outcome.STOPPED_FOR_PAIN)
    assert not remembered([told] * 3, 1.0, LIBRARY.protocol.memory).standing


def test_a_roller_needs_guidance() -> None:
    roller = LIBRARY.program("roller")
    plan = Plan(roller, LIBRARY.exercises)
    for answer, rolls in (("yes", True), ("no", False), ("not sure", False)):
        found = frozenset({Standing.GUIDED_ONLY})
        driver = Driver(roller, replace(RETURNING, found=found), plan=plan)
        assert "guided" in answered(driver, guided=answer)
        assert any(e.opt_in for e in driver.state.program.exercises) is rolls


def test_a_worse_morning_leaves_out_what_hurt_and_halves_the_rest() -> None:
    """An ache that had not settled by the next morning."""
    ache = Memory(frozenset({Standing.HURT}), hurt=("bridge",))
    fine, worse = planned(ache), planned(ache)
    answered(fine)
    answered(worse, morning_after="yes")
    assert "bridge" in names(fine)
    assert "bridge" not in names(worse)
    tilts = [next(e for e in d.state.program.exercises if e.id == "pelvic_tilt") for d in (fine, worse)]
    assert tilts[1].dose != tilts[0].dose or tilts[0].dose == eased(tilts[0].dose)
    assert "Then we take it more gently today." in worse.said


def test_a_change_that_is_known_is_named_no_more_but_what_hurt_always_is() -> None:
    """Seven exercises that somebody cannot do were announced every day."""
    upright = Intake(first_run=False, profile={**HEALTHY, "floor": "no"})
    new = planned(Memory(), upright)
    answered(new)
    assert any("leave out" in text for text in new.until_ended().said)
    met = {e.id: 2 for e in LIBRARY.exercises.values()}
    known = planned(Memory(met=met, left_out=frozenset({"bridge"})), upright)
    answered(known)
    said = [text for text in known.until_ended().said if "leave out" in text]
    assert said == ["For your safety I leave out: Bridge."]


def test_a_completed_session_ends_with_a_walk_in_mind() -> None:
    driver = planned(Memory())
    answered(driver)
    assert ENGLISH.care.walk in driver.until_ended().said


def test_what_a_safety_stop_says_is_known_before_anything_moves() -> None:
    """Whatever the answers bring in: its way out is rendered ahead."""
    before = planned(Memory(), NEW)
    ahead = {text for text, _ in safety_lines(before.state)}
    answered(before, floor="no", limbs="yes", knee_problem="yes", wrist_problem="yes")
    assert names(before) != [e.id for e in GENTLE.exercises]
    assert {line for e in before.state.program.exercises for line in e.lines.ease_out} <= ahead
