"""Sessions days apart, with real speech: what a user says today changes what is said and done the next time.

The user is played live: clips of a synthetic voice as the microphone of the real application, on the virtual
clock; each session has its own date.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from voicecoach.audio import FileDuplex
from voicecoach.care import Hold, Outcome
from voicecoach.storage import Journal, SessionRow
from voicecoach.testing import FIXTURES, ScriptedUser, assembled, prepare_home

MONDAY = datetime(2026, 1, 5, 18)
Turns = list[tuple[str, float, str]]
WELL: Turns = [("bladder or bowel", 0.8, "no"), ("zero to ten", 0.8, "one")]
HURTS: Turns = [
    ("two", 0.1, "pain"),
    ("zero to ten", 1.0, "five"),
    ("into your leg", 1.0, "no"),
    ("tingling, or weakness", 1.0, "no"),
    ("sharp", 1.0, "no"),
    ("Say rest", 1.0, "finish"),
]
DOWN_THE_LEG: Turns = [
    ("two", 0.1, "it hurts"),
    ("zero to ten", 1.0, "three"),
    ("into your leg", 1.0, "yes"),
    ("tingling, or weakness", 1.0, "no"),
    ("between the legs", 1.0, "no"),
    ("passing urine", 1.0, "no"),
    ("in both legs?", 1.0, "no"),
    ("tingling in the legs", 1.0, "no"),
    ("further down", 1.0, "yes"),
]


FIRST_MEETING: Turns = [
    ("asked a health", 0.5, "yes"),
    ("known spinal", 0.5, "no"),
    ("brittle bones", 0.5, "no"),
    ("blood thinners", 0.5, "no"),
    ("recent operation", 0.5, "no"),
    ("knees or wrists", 0.5, "no"),
    ("down to the floor", 0.5, "yes"),
    ("emergency number", 0.5, "yes"),
    ("between the legs", 0.5, "no"),
    ("passing urine", 0.5, "no"),
    ("both legs?", 0.5, "no"),
    ("tingling in the legs", 0.5, "no"),
    ("feeling unwell", 0.5, "no"),
    ("lost weight", 0.5, "no"),
    ("trouble breathing", 0.5, "no"),
    ("zero to ten", 0.5, "zero"),
]
FINISH = ("Let us begin", 4.0, "finish")


@dataclass
class Days:
    """One user's home, and the sessions played in it."""

    home: Path
    returning: bool = True
    said: list[str] = field(default_factory=list)
    """by the coach, in the last session"""
    at_s: dict[str, float] = field(default_factory=dict)
    """when it first said each line"""

    def __post_init__(self) -> None:
        self.places = prepare_home(
            {"returning": self.returning, "settings": {"wording": "minimal"}}, self.home
        )

    def play(self, day: int, turns: Turns, program: str = "short.toml") -> Outcome:
        user = ScriptedUser(turns=list(turns), voice="flite-rms")
        path = str(FIXTURES / "scenes" / program) if program.endswith(".toml") else program
        now = MONDAY + timedelta(days=day)
        user.player = player = assembled(path, self.places, user, FileDuplex(user, None), now)
        outcome = player.run()
        assert not user.turns, f"never said: {user.turns[0]}"
        self.said = [text for _, text in user.coach_lines]
        self.at_s = {text: at_ms / 1000 for at_ms, text in reversed(user.coach_lines)}
        self.exercises = [e.id for e in player.state.program.exercises]
        self.doses = [e.dose for e in player.state.program.exercises]
        return outcome

    def past(self, *days: int, hurt: str = "", level: int = 2, baseline: int = 1) -> None:
        """Sessions that were completed, well or with a pain in `hurt`."""
        for day in days:
            journal = Journal(self.places.journal, pytest.fail, (), MONDAY + timedelta(days=day))
            journal.record(0, "AnswerGiven", {"question": "baseline", "answer": baseline})
            if hurt:
                journal.record(0, "PainReported", {"words": "pain", "exercise": hurt, "report": 1})
                journal.record(1, "AnswerGiven", {"question": "level", "answer": level})
            journal.record(2, "ExerciseDone", {"exercise": "pelvic_tilt"})
            journal.close(SessionRow(journal.began, "short", 60_000, Outcome.COMPLETED.value, True))


def test_a_first_meeting_by_voice_takes_90_s_at_most_and_is_not_repeated(tmp_path: Path) -> None:
    """For somebody without any condition or pain."""
    days = Days(tmp_path, returning=False)
    days.play(0, [*FIRST_MEETING, FINISH], "gentle")
    asked_s = days.at_s["Have you asked a health professional about exercising?"]
    assert days.at_s["Thank you. Let us begin."] - asked_s < 90
    days.play(2, [*WELL, FINISH], "gentle")
    assert sum(text.endswith("?") for text in days.said) == 4, "two before, two after"


@pytest.fixture
def days(tmp_path: Path) -> Days:
    return Days(tmp_path)


@pytest.mark.parametrize("morning", ["no", "yes"])
def test_what_hurt_is_named_asked_about_and_left_out(days: Days, morning: str) -> None:
    """After a pain of 4 the next session once began the same program unchanged."""
    assert days.play(0, [*WELL, *HURTS]) is Outcome.STOPPED_FOR_PAIN
    hurt = days.exercises[0]
    worse: Turns = [*WELL, ("next morning", 1.0, morning), FINISH]
    assert days.play(2, worse) is Outcome.FINISHED_EARLY
    assert "Last time this hurt: Pelvic tilt." in days.said
    assert "For your safety I leave out: Pelvic tilt." in days.said
    assert hurt not in days.exercises
    assert ("Then we take it more gently today." in days.said) is (morning == "yes")
    days.play(3, [*WELL, FINISH])
    assert hurt not in days.exercises, "until it is asked for"


def test_a_direction_that_went_down_the_leg_is_not_offered_again(days: Days) -> None:
    assert days.play(0, [*WELL, *DOWN_THE_LEG]) is Outcome.ENDED_BY_PAIN
    hurt = days.exercises[0]
    after: Turns = [*WELL, ("next morning", 1.0, "no"), FINISH]
    days.play(2, after, "floor")
    assert days.exercises
    assert hurt not in days.exercises
    assert not {"knee_to_chest", "cat_cow"} & set(days.exercises), "bending, as the pelvic tilt does"


def test_pain_in_three_sessions_of_a_fortnight_needs_a_yes(days: Days) -> None:
    days.past(0, 3, 6, hurt="bridge")
    asked: Turns = [("Will you do that", 1.0, "not sure")]
    assert days.play(8, asked) is Outcome.NOT_STARTED
    assert "Please see a doctor or physical therapist about it." in days.said
    told: Turns = [
        ("Will you do that", 1.0, "yes"),
        *WELL,
        ("next morning", 1.0, "no"),
        FINISH,
    ]
    assert days.play(9, told) is Outcome.FINISHED_EARLY
    days.play(10, [*WELL, FINISH])
    assert "Will you do that?" not in days.said


def test_after_three_good_sessions_a_little_more_is_offered_and_done(days: Days) -> None:
    days.past(0, 2, 4)
    more: Turns = [
        *WELL,
        ("next morning", 1.0, "no"),
        ("a little more", 1.0, "yes"),
        FINISH,
    ]
    days.play(6, more)
    assert isinstance(days.doses[0], Hold)
    assert days.doses[0].hold_s == 7, "a third more than the program says"


def test_what_hurt_comes_back_gently_when_the_user_wants_it(days: Days) -> None:
    days.past(0, hurt="pelvic_tilt", level=5)
    days.past(2, 4, 6)
    again: Turns = [*WELL, ("very gently", 1.0, "yes"), FINISH]
    assert days.play(8, again) is Outcome.FINISHED_EARLY
    assert "This hurt before: Pelvic tilt." in days.said
    assert days.exercises[0] == "pelvic_tilt"
    assert days.doses[0] == Hold(3, 10, 3), "half of five seconds, three at least"


def test_pain_that_does_not_ease_in_a_fortnight_needs_a_yes(days: Days) -> None:
    days.past(0, 5, 10, 15, baseline=4)
    assert days.play(17, [("Will you do that", 1.0, "no")]) is Outcome.NOT_STARTED
    assert "Your pain has not eased in two weeks." in days.said


def test_in_a_flare_the_dose_falls_and_the_plan_does_not_stop(days: Days) -> None:
    days.past(0)
    flare: Turns = [("bladder or bowel", 0.8, "no"), ("zero to ten", 0.8, "four"), FINISH]
    assert days.play(4, flare) is Outcome.FINISHED_EARLY
    assert days.doses[0] == Hold(3, 10, 3)


def test_an_emergency_locks_and_stays_locked(days: Days) -> None:
    emergency: Turns = [("bladder or bowel", 0.8, "yes"), ("between the legs", 1.0, "yes")]
    assert days.play(0, emergency) is Outcome.EMERGENCY
    assert days.play(20, [("cleared you", 1.0, "no")]) is Outcome.LOCKED
    assert "Then we do not exercise today." in days.said
