"""The rules of docs/safety.md as tables, and whole safety stops as the user experiences them."""

import pytest

from voicecoach.care import ADVISED, Answer, Intake, Outcome, PainReport, gravest
from voicecoach.care.screening import demanded, flagged, next_after_pain, next_before
from voicecoach.language import Command
from voicecoach.session import Earcon, Hush, Mode, Play, Say, Show
from voicecoach.session.facts import AdviceGiven, AnswerGiven
from voicecoach.session.questions import DOUBT, HURT, answer_of, question
from voicecoach.session.state import broken_off
from voicecoach.testing import ENGLISH, HEALTHY, LIBRARY, SAFETY, VOCABULARY

from .driver import LOCKED, NEW, RETURNING, Driver, exercise, moving, program

C = Command
Answers = dict[str, Answer]
PROTOCOL = LIBRARY.protocol
RED_FLAGS = (
    "saddle_numbness",
    "bladder_or_bowel",
    "both_legs",
    "leg_weakness",
    "injury",
    "unwell",
    "weight_loss",
    "unbearable",
    "unrelenting",
    "chest_or_breath",
)
ALL_WELL: Answers = dict.fromkeys(RED_FLAGS, "no")


# -- what the red flags demand


@pytest.mark.parametrize(
    "flag", ["saddle_numbness", "bladder_or_bowel", "both_legs", "both_legs_or_worsening", "chest_or_breath"]
)
def test_a_sign_of_nerve_compression_or_heart_trouble_is_an_emergency(flag: str) -> None:
    """Warning cards for cauda equina syndrome name the first three; all four mean: call now."""
    assert flagged(PROTOCOL, {flag: "yes"}) is Outcome.EMERGENCY


@pytest.mark.parametrize(
    "flag", ["leg_weakness", "injury", "unwell", "weight_loss", "unbearable", "unrelenting"]
)
def test_a_serious_sign_alone_means_a_doctor_today(flag: str) -> None:
    assert flagged(PROTOCOL, {flag: "yes"}) is Outcome.TODAY


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"injury": "yes", "baseline": 6}, Outcome.EMERGENCY),
        ({"injury": "yes", "level": 10}, Outcome.EMERGENCY),
        ({"injury": "yes", "unbearable": "yes"}, Outcome.EMERGENCY),
        ({"injury": "yes", "level": 5}, Outcome.TODAY),
        ({"injury": "no", "level": 10}, None),
        (ALL_WELL, None),
        ({}, None),
    ],
)
def test_a_fall_with_severe_pain_is_an_emergency(answers: Answers, outcome: Outcome | None) -> None:
    assert flagged(PROTOCOL, answers) is outcome


@pytest.mark.parametrize("flag", RED_FLAGS)
def test_silence_on_a_red_flag_counts_as_yes(flag: str) -> None:
    assert flagged(PROTOCOL, {flag: "unanswered"}) is flagged(PROTOCOL, {flag: "yes"})


def test_the_more_serious_of_two_outcomes_wins() -> None:
    assert gravest(Outcome.TODAY, None, Outcome.EMERGENCY) is Outcome.EMERGENCY
    assert gravest(None, Outcome.FINISHED_EARLY) is None
    assert demanded(PROTOCOL, {"since_last": "yes"}) is Outcome.TODAY
    assert demanded(PROTOCOL, {"since_last": "unanswered", "saddle_numbness": "unanswered"}) is None
    assert ADVISED[0] is Outcome.EMERGENCY


# -- before a session

BEFORE_PAIN: Answers = {key: "no" for key in RED_FLAGS if key not in ("injury", "unbearable", "unrelenting")}
WELL_KNOWN: Answers = {"since_last": "no"}
NEWLY_WELL: Answers = {**HEALTHY, **ALL_WELL}
NOT_ASKED: Answers = {**HEALTHY, "consulted": "no"}


@pytest.mark.parametrize(
    ("intake", "answers", "verdict"),
    [
        (NEW, {}, "consulted"),
        (NEW, {"consulted": "yes"}, "condition"),
        (NEW, {**HEALTHY, "condition": "yes"}, "disc_problem"),
        (NEW, {**NOT_ASKED, "condition": "yes", "disc_problem": "yes", "stenosis": "no"}, "cleared"),
        (
            NEW,
            {**NOT_ASKED, "condition": "yes", "disc_problem": "yes", "stenosis": "no", "cleared": "no"},
            Outcome.NOT_STARTED,
        ),
        (NEW, {**NOT_ASKED}, "saddle_numbness"),
        (NEW, {**HEALTHY, "condition": "yes", "disc_problem": "no", "stenosis": "no"}, "saddle_numbness"),
        (NEW, {**NEWLY_WELL, "both_legs": "yes"}, Outcome.EMERGENCY),
        (NEW, {**NEWLY_WELL}, "baseline"),
        (NEW, {**NEWLY_WELL, "baseline": 5}, None),
        (NEW, {**NEWLY_WELL, "baseline": 6}, Outcome.NOT_STARTED),
        (NEW, {**NEWLY_WELL, "leg_weakness": "yes"}, "both_legs_or_worsening"),
        (NEW, {**NEWLY_WELL, "leg_weakness": "yes", "both_legs_or_worsening": "no"}, Outcome.TODAY),
        (NEW, {**NEWLY_WELL, "leg_weakness": "yes", "both_legs_or_worsening": "yes"}, Outcome.EMERGENCY),
        (NEW, {**HEALTHY, **BEFORE_PAIN, "baseline": 1}, "injury"),
        (NEW, {**HEALTHY, **BEFORE_PAIN, "baseline": 0}, None),
        (LOCKED, {"released": "yes", **BEFORE_PAIN, "baseline": 1}, "injury"),
        (NEW, {**NEWLY_WELL, "injury": "yes", "baseline": 7}, Outcome.EMERGENCY),
        (NEW, {**NEWLY_WELL, "injury": "yes", "baseline": 2}, Outcome.TODAY),
        (RETURNING, {}, "since_last"),
        (RETURNING, WELL_KNOWN, "baseline"),
        (RETURNING, {**WELL_KNOWN, "baseline": 0}, None),
        (RETURNING, {**WELL_KNOWN, "baseline": 10}, Outcome.NOT_STARTED),
        (RETURNING, {"since_last": "yes"}, "saddle_numbness"),
        (RETURNING, {"since_last": "yes", "saddle_numbness": "yes"}, Outcome.EMERGENCY),
        (
            RETURNING,
            {
                "since_last": "yes",
                "saddle_numbness": "no",
                "bladder_or_bowel": "no",
                "both_legs": "no",
                "leg_weakness": "no",
            },
            Outcome.TODAY,
        ),
        (LOCKED, {}, "released"),
        (LOCKED, {"released": "no"}, Outcome.LOCKED),
        (LOCKED, {"released": "yes"}, "saddle_numbness"),
        (LOCKED, {"released": "yes", **ALL_WELL}, "baseline"),
        (LOCKED, {"released": "unanswered"}, Outcome.LOCKED),
    ],
)
def test_what_follows_before_a_session(
    intake: Intake, answers: Answers, verdict: str | Outcome | None
) -> None:
    assert next_before(PROTOCOL, intake, {**intake.profile, **answers}) == verdict


@pytest.mark.parametrize("key", ["consulted", "condition", *RED_FLAGS, "baseline"])
def test_silence_at_any_question_before_a_session_starts_nothing(key: str) -> None:
    """A user who does not answer may not be well enough to exercise."""
    assert next_before(PROTOCOL, NEW, {**NEWLY_WELL, "baseline": 1, key: "unanswered"}) is Outcome.NOT_STARTED


@pytest.mark.parametrize("key", sorted([*PROTOCOL.questions, DOUBT, HURT]))
def test_not_sure_is_the_more_careful_answer(key: str) -> None:
    """ "Not sure" once meant yes everywhere: not sure to be cleared released the lock."""
    allowing = {
        "released",
        "consulted",
        "cleared",
        "floor",
        "has_mat",
        "has_chair",
        "has_roller",
        "number",
        "guided",
        "often",
    }
    careful = "no" if key in {*allowing, "no_better", "again", "step"} else "yes"
    answer = answer_of(C.NOT_SURE, question(PROTOCOL, key))
    assert answer == (careful if question(PROTOCOL, key).kind.value != "number" else None)


# -- after a report of pain

NOTHING_WORSE: Answers = {"level": 1, "spread": "no", "leg_symptoms": "no", "sharp": "no"}
NO_NERVE: Answers = dict.fromkeys(("saddle_numbness", "bladder_or_bowel", "both_legs", "leg_weakness"), "no")
SPREADS: Answers = {**NOTHING_WORSE, **NO_NERVE, "spread": "yes"}
WEAK: Answers = {**SPREADS, "leg_weakness": "yes"}
BASE = PainReport(("it hurts",), baseline=2)


def report(words: str, baseline: int, reports: int = 1) -> PainReport:
    phrase = next(p for p in VOCABULARY.safety if p.text == words)
    symptoms = frozenset({phrase.symptom} if phrase.symptom else ())
    return PainReport((words,), symptoms, baseline, reports)


def after(level: int, reported: PainReport = BASE, **more: Answer) -> str | Outcome | None:
    return next_after_pain(PROTOCOL, reported, {**NOTHING_WORSE, "level": level, **more})


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (after(3), "mild"),
        (after(0), "mild"),
        (after(4), "over"),
        (after(5), "over"),
        (after(2, report("pain", 0)), "over"),  # baseline + 2
        (after(1, report("pain", 0)), "mild"),  # baseline + 1
        (after(3, report("pain", 1)), "over"),
        (after(3, sharp="yes"), Outcome.ENDED_BY_PAIN),
        (after(1, report("pain", 2, reports=2)), Outcome.ENDED_BY_PAIN),
        (after(6), "injury"),
        (
            after(6, injury="no", unbearable="no", unrelenting="no", chest_or_breath="no"),
            Outcome.ENDED_BY_PAIN,
        ),
        (after(6, injury="no", unbearable="yes", unrelenting="no", chest_or_breath="no"), Outcome.TODAY),
        (after(8, injury="yes"), Outcome.EMERGENCY),
        (after(8, injury="no", unbearable="no", unrelenting="no", chest_or_breath="yes"), Outcome.EMERGENCY),
        (after(1, spread="yes"), "saddle_numbness"),
        (after(1, leg_symptoms="yes"), "saddle_numbness"),
        (
            after(
                1,
                leg_symptoms="yes",
                saddle_numbness="no",
                bladder_or_bowel="no",
                both_legs="no",
                leg_weakness="no",
            ),
            Outcome.ENDED_BY_PAIN,
        ),
        (next_after_pain(PROTOCOL, BASE, {"level": 1, "spread": "no"}), "leg_symptoms"),
        (
            next_after_pain(PROTOCOL, BASE, SPREADS),
            "further_down",
        ),
        (
            next_after_pain(PROTOCOL, BASE, {**SPREADS, "further_down": "yes"}),
            Outcome.ENDED_BY_PAIN,
        ),
        (
            next_after_pain(PROTOCOL, BASE, WEAK),
            "both_legs_or_worsening",
        ),
        (
            next_after_pain(PROTOCOL, BASE, {**WEAK, "both_legs_or_worsening": "no", "further_down": "no"}),
            Outcome.TODAY,
        ),
        (after(1, spread="yes", saddle_numbness="no", bladder_or_bowel="yes"), Outcome.EMERGENCY),
    ],
)
def test_what_a_report_of_pain_leads_to(verdict: object, outcome: str | Outcome) -> None:
    assert verdict == outcome


def test_dizzy_asks_for_the_heart_first() -> None:
    assert next_after_pain(PROTOCOL, report("dizzy", 2), {}) == "chest_or_breath"
    assert next_after_pain(PROTOCOL, report("dizzy", 2), {"chest_or_breath": "no"}) == "level"


@pytest.mark.parametrize("words", ["numb", "tingling"])
def test_numb_asks_the_red_flags_even_if_nothing_spreads(words: str) -> None:
    assert next_after_pain(PROTOCOL, report(words, 2), NOTHING_WORSE) == "saddle_numbness"


@pytest.mark.parametrize(
    "key", ["level", "spread", "leg_symptoms", "sharp", "saddle_numbness", "injury", "chest_or_breath"]
)
def test_silence_at_any_question_of_a_safety_stop_is_the_worst_answer(key: str) -> None:
    assert next_after_pain(PROTOCOL, BASE, {**NOTHING_WORSE, key: "unanswered"}) is (Outcome.UNANSWERED)


# -- whole safety stops


@pytest.mark.parametrize("words", sorted(w for w in SAFETY if w != "stop"))
def test_every_word_for_pain_leads_the_user_out_of_the_position(words: str) -> None:
    """Hush at once; then, slowly, how to leave this exercise's position; then the questions."""
    coach = moving().in_hold().hear(words)
    assert coach.last[0] == Hush()
    assert coach.mode() is Mode.SAFETY
    mark = len(coach.said)
    coach.to_question()
    assert coach.said[mark : mark + 2] == ["Let go of alpha.", "Rest after alpha."]
    assert coach.said[mark + 2] == "Breathe gently. There is no hurry."
    slow = [c.wpm for c in coach.outputs if isinstance(c, Say)][mark:]
    assert max(slow) <= 140


def test_a_mild_report_offers_to_ease_off_and_halves_the_hold() -> None:
    coach = (
        moving().in_hold().reported("three", "no", "no", "no").asked("ease off").hear("ease off").in_hold()
    )
    assert coach.holds_ms() == [5000, 3000]
    assert coach.mode() is Mode.MOVING


def test_an_exercise_that_hurt_is_over_for_today_even_on_the_way_back() -> None:
    """After "skip", "back" and another whole exercise, the one that hurt was played again."""
    coach = moving().hear("next").in_hold()
    coach.reported("five", "no", "no", "no").asked("skip").hear("skip").until("Exercise charlie.")
    coach.hear("back").until("Exercise alpha.")
    mark = len(coach.said)
    coach.until("Exercise charlie.")
    assert not [line for line in coach.said[mark:] if line.startswith(("Exercise bravo", "Lift for bravo"))]


def test_an_exercise_that_hurt_is_over_wherever_it_stands_in_the_program() -> None:
    coach = moving(program(exercise("alpha"), exercise("bravo"), exercise("alpha"))).in_hold()
    coach.reported("five", "no", "no", "no").asked("skip").hear("skip").until_ended()
    assert coach.holds_ms() == [5000, 5000]


def test_the_second_report_ends_the_session() -> None:
    coach = moving().in_hold().reported("two", "no", "no", "no").asked("ease off").hear("ease off").in_hold()
    coach.reported("one", "no", "no", "no").until_ended()
    assert coach.outcome is Outcome.ENDED_BY_PAIN


@pytest.mark.parametrize("answered", range(5))
@pytest.mark.fault(
    "the user falls silent at any point of a safety stop",
    "it stays stopped, and counts as unanswered",
)
def test_falling_silent_at_any_point_of_a_safety_stop_stays_stopped(answered: int) -> None:
    """Asked twice, then the emergency wording is spoken and shown; locked, and never resumed."""
    coach = moving().in_hold().reported(*("two", "no", "no", "no")[:answered])
    mark = len(coach.said)
    coach.until_ended()
    assert coach.outcome is Outcome.UNANSWERED
    assert "I did not hear an answer." in " ".join(coach.said[mark:])
    assert coach.said.count("If you need help, call 1 1 2 now.") == 2
    assert any(isinstance(c, Show) and "call 1 1 2" in c.text for c in coach.outputs)
    assert Play(Earcon.ALERT) in coach.outputs
    assert coach.holds_ms() == [5000]


def test_silence_at_a_question_of_a_safety_stop_is_no_answer_and_nothing_more_is_asked() -> None:
    coach = moving().in_hold().hear("it hurts").until_ended()
    screening, *after = coach.facts(AnswerGiven)[1:]
    assert screening.question == "baseline"
    assert after == [AnswerGiven("level", "unanswered")]


def test_an_exercise_that_hurt_more_than_mildly_cannot_be_eased() -> None:
    """A key is never out of reach: "ease" is no choice once the exercise is over for today."""
    coach = moving().in_hold().reported("five", "no", "no", "no").asked("skip").say_anyway(C.EASE)
    assert coach.mode() is Mode.SAFETY
    assert coach.until_ended().holds_ms() == [5000]


def test_advice_is_said_twice_shown_and_journalled() -> None:
    coach = moving().in_hold().reported("seven", "no", "no", "yes").until_ended()
    assert coach.outcome is Outcome.EMERGENCY
    assert coach.said.count("Call 1 1 2 now.") == 2
    assert any(isinstance(c, Show) and "Call 1 1 2 now." in c.text for c in coach.outputs)
    assert AdviceGiven(Outcome.EMERGENCY) in coach.outputs


def test_numb_said_in_the_middle_of_a_safety_stop_asks_the_red_flags() -> None:
    """ "Is there any numbness?" - "numb": the answer was taken for an interruption and lost."""
    coach = moving().in_hold().reported("two", "no").asked("or weakness")
    coach.hear("numb").to_question()
    coach.hear("no")
    assert coach.to_question() == "saddle_numbness"


def test_numb_in_reply_to_the_offer_withdraws_the_offer() -> None:
    coach = moving().in_hold().reported("two", "no", "no", "no").asked("ease off").hear("numb")
    assert coach.to_question() == "saddle_numbness"


def test_a_report_before_the_questions_does_not_skip_them() -> None:
    """After mild pain in the greeting and "ease off", the first exercise began without screening."""
    for word in ("ease off", "skip"):
        coach = Driver().wait(2_000).reported("one", "no", "no", "no").asked("ease off").hear(word)
        assert coach.mode() is Mode.INTAKE
        assert coach.to_question() == "since_last"
        assert coach.holds_ms() == []


def test_a_mild_report_after_an_emergency_does_not_cancel_it() -> None:
    """ "It hurts" during the advice to call for help led to "ease off", and on to the exercise."""
    coach = Driver(intake=NEW)
    while coach.mode() is Mode.INTAKE:
        key = coach.to_question()
        if key is None or key == "bladder_or_bowel":
            break
        coach.hear("yes" if key in ("consulted", "saddle_numbness") else "no")
        if key == "saddle_numbness":
            break
    coach.until("Call 1 1 2 now.").hear("it hurts")
    mark = len(coach.said)
    coach.until_ended()
    assert coach.outcome is Outcome.EMERGENCY
    assert coach.said[mark:].count("Call 1 1 2 now.") == 2


def test_pain_after_a_refused_start_never_starts_it() -> None:
    coach = Driver().screened("eight").until("do not exercise")
    coach.reported("one", "no", "no", "no").until_ended()
    assert coach.outcome is Outcome.ENDED_BY_PAIN or coach.outcome is Outcome.NOT_STARTED
    assert coach.holds_ms() == []


def with_weak_legs() -> Driver:
    """A user who said yes to weakness in the legs, among the questions before a session."""
    coach = Driver(intake=LOCKED).asked("cleared you").hear("yes")
    for answer in ("no", "no", "no", "yes"):
        coach.to_question()
        coach.hear(answer)
    return coach


def test_finishing_after_a_reported_red_flag_keeps_its_advice_and_lock() -> None:
    """Weak legs, then "finish": the session ended normally and forgot the red flag."""
    coach = with_weak_legs().hear("finish").until_ended()
    assert coach.outcome is Outcome.TODAY
    assert "Contact a doctor today." in coach.said


def test_a_session_that_breaks_after_a_red_flag_keeps_its_lock() -> None:
    """The player records this outcome when it meets a fault."""
    assert broken_off(with_weak_legs().state) is Outcome.TODAY
    assert broken_off(moving().state) is Outcome.INTERRUPTED


def test_a_session_that_is_left_or_forgotten_after_a_red_flag_keeps_its_lock() -> None:
    assert with_weak_legs().quit().outcome is Outcome.TODAY
    forgotten = with_weak_legs()
    forgotten.to_question()
    assert forgotten.press(" ").mode() is Mode.PAUSED
    assert forgotten.until_ended().outcome is Outcome.TODAY


def test_finishing_a_safety_stop_before_its_questions_are_answered_says_its_advice() -> None:
    coach = moving().in_hold().hear("pain").asked("zero to ten").hear("finish").until_ended()
    assert coach.outcome is Outcome.ENDED_BY_PAIN
    assert coach.said.count(ENGLISH.care.advice[Outcome.ENDED_BY_PAIN][0]) == 2


def test_finishing_after_the_emergency_wording_keeps_its_lock() -> None:
    coach = moving().in_hold().hear("pain").until("Stay still.").hear("finish").until_ended()
    assert coach.outcome is Outcome.UNANSWERED


@pytest.mark.parametrize("command", [C.NEXT, C.READY, C.RESUME, C.SWITCH, C.PAUSE, C.BACK, C.EASE, C.REST])
def test_no_word_but_an_answer_leads_out_of_a_safety_stop(command: Command) -> None:
    coach = moving().in_hold().hear("pain")
    for _ in range(12):
        coach.say_anyway(command)
        assert coach.mode() is Mode.SAFETY
        coach.wait(1_500)
    assert coach.holds_ms() == [5000]


def test_pain_during_the_farewell_is_heard() -> None:
    coach = moving().hear("finish").until("end of our session").hear("it hurts")
    assert coach.mode() is Mode.SAFETY
    coach.until_ended()
    assert coach.outcome is Outcome.UNANSWERED


@pytest.mark.fault("the terminal is closed in a safety stop", "the next start is locked")
def test_closing_the_terminal_in_a_safety_stop_locks_the_next_start() -> None:
    assert moving().in_hold().hear("help").wait(3_000).quit().outcome is Outcome.UNANSWERED
    staying = moving().in_hold().hear("help").until("Stay still.")
    assert staying.quit().outcome is Outcome.UNANSWERED


def test_continuing_after_the_emergency_wording_goes_back_to_the_questions() -> None:
    coach = moving().in_hold().hear("pain").until("Stay still.").hear("continue")
    assert coach.mode() is Mode.SAFETY
    assert coach.to_question() == "level"


def test_asking_what_to_say_while_staying_still_loses_nothing() -> None:
    """The question discarded what was queued: the session stayed silent and never ended."""
    coach = moving().in_hold().hear("pain").until("Stay still.").hear("what can i say")
    assert coach.until_ended().outcome is Outcome.UNANSWERED


def test_not_knowing_how_bad_it_is_asks_for_a_number() -> None:
    coach = moving().in_hold().hear("pain").asked("zero to ten").hear("not sure")
    assert "I did not catch that." in coach.last_said()[0]


def test_stop_alone_asks_whether_the_user_is_hurt() -> None:
    coach = moving().in_hold().hear("stop").asked("Are you in pain")
    assert coach.mode() is Mode.STOPPED
    coach.hear("yes")
    assert coach.mode() is Mode.SAFETY


def test_not_sure_whether_hurt_is_treated_as_hurt() -> None:
    assert moving().in_hold().hear("stop").asked("Are you in pain").hear("not sure").mode() is Mode.SAFETY


def test_three_mumbles_at_a_question_count_as_no_answer() -> None:
    """The first gets a short reply, the second lists the valid answers, the third counts as silence."""
    coach = moving().in_hold().hear("pain").asked("zero to ten").mumble()
    assert coach.last_said() == ["I did not catch that. How bad is the pain, from zero to ten?"]
    coach.asked("zero to ten").mumble()
    assert "Say a number from zero to ten." in coach.last_said()[0]
    assert coach.asked("zero to ten").mumble().mode() is Mode.STAYING


def test_a_mumble_while_the_question_is_still_being_spoken_is_ignored() -> None:
    coach = moving().in_hold().hear("pain").until("zero to ten").mumble()
    assert coach.last == ()


def test_deafness_in_a_safety_stop_is_said_before_the_question_goes_on() -> None:
    """Whoever answered by voice, with closed eyes, heard the question again and then the emergency
    wording."""
    coach = moving().in_hold(1_000).hear("pain").asked("How bad is the pain")
    coach.go_deaf()
    coach.until("The microphone is muted").until("use the keys").until("How bad is the pain")
    coach.press("9")
    assert coach.mode() is Mode.SAFETY
