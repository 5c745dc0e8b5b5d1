"""Whole sessions: a recorded user is the microphone, real pyttsx3 speech, real Vosk decoding.

The users are synthetic voices other than the coach's: festival kal and slt, flite awb, rms and slt,
espeak-ng en-gb+m3 and en-gb-scotland+f3 (see audio_fixtures/scenes/*.toml).
"""

from pathlib import Path

import numpy as np
import pytest

from tests.scenes import streams
from tests.scenes.stage import Performance, of_scenes, onset, perform
from voicecoach.care import LOCKING, Outcome
from voicecoach.storage import Journal
from voicecoach.testing import ENGLISH
from voicecoach.units import RATE_HZ

FADE = RATE_HZ * 10 // 1000
SCENES: dict[str, tuple[Outcome, list[str]]] = {
    "stop_in_hold": (Outcome.FINISHED_EARLY, ["no", "one", "stop", "no", "continue", "finish"]),
    "stop_over_instructions": (Outcome.FINISHED_EARLY, ["no", "one", "stop", "continue", "finish"]),
    "stop_unanswered": (Outcome.ABANDONED, ["no", "one", "stop"]),
    "stop_then_hurt": (
        Outcome.STOPPED_FOR_PAIN,
        ["no", "one", "stop", "yes", "two", "no", "no", "no", "skip", "finish"],
    ),
    "pain_emergency": (Outcome.EMERGENCY, ["no", "one", "pain", "five", "yes", "no", "yes"]),
    "pain_today": (
        Outcome.TODAY,
        ["no", "one", "it hurts", "four", "yes", "no", "no", "no", "no", "yes", "no", "no"],
    ),
    "pain_strong": (
        Outcome.ENDED_BY_PAIN,
        ["no", "one", "ouch", "eight", "no", "no", "no", "no", "no", "no"],
    ),
    "pain_over": (
        Outcome.STOPPED_FOR_PAIN,
        ["no", "one", "pain", "five", "no", "no", "no", "skip", "finish"],
    ),
    "pain_mild": (Outcome.COMPLETED, ["no", "one", "pain", "two", "no", "no", "no", "ease off"]),
    "pain_second": (
        Outcome.ENDED_BY_PAIN,
        ["no", "one", "pain", "one", "no", "no", "no", "ease off", "pain", "one", "no", "no", "no"],
    ),
    "pain_unanswered": (Outcome.UNANSWERED, ["no", "one", "pain"]),
    "next_skips": (Outcome.COMPLETED, ["no", "one", "next"]),
    "pause_and_navigation": (
        Outcome.FINISHED_EARLY,
        ["no", "one", "ready", "pause", "resume", "repeat", "how long", "back", "finish"],
    ),
    "oov_room": (Outcome.COMPLETED, ["no", "one"]),
    "intake_condition": (
        Outcome.NOT_STARTED,
        ["no", "yes", "not sure", "no", "no", "no", "no", "no", "yes", "yes", "no"],
    ),
    "intake_emergency": (
        Outcome.EMERGENCY,
        ["yes", "no", "no", "no", "no", "no", "yes", "yes", "no", "yes"],
    ),
    "intake_pain": (Outcome.NOT_STARTED, ["no", "seven"]),
    "intake_unanswered": (Outcome.NOT_STARTED, []),
    "whole_floor": (Outcome.COMPLETED, ["no", "one"]),
}


@of_scenes(*SCENES)
def test_the_user_is_heard_and_the_session_ends_as_it_must(performance: Performance) -> None:
    """Every word of the user and not one more, and the outcome the conversation leads to."""
    outcome, heard = SCENES[performance.name]
    assert performance.heard == heard
    assert performance.outcome is outcome
    assert performance.named("End")[-1]["outcome"] == outcome.value


@of_scenes(*SCENES)
def test_a_session_does_what_it_did_event_by_event(
    performance: Performance, request: pytest.FixtureRequest
) -> None:
    """A change that is meant to be silent changes no event, order or fact, nor when it comes."""
    now = streams.told(performance.events)
    if request.config.getoption("--renew-streams"):
        streams.write(performance.name, now)
    before = streams.read(performance.name)
    assert [what for _, what in now] == [what for _, what in before]
    late = [
        (was, ms, what)
        for (was, what), (ms, _) in zip(before, now, strict=True)
        if abs(ms - was) > streams.TOLERANCE_MS + streams.TOLERANCE * was
    ]
    assert not late


@of_scenes(*[n for n in SCENES if n.startswith(("stop", "pain"))])
def test_after_stop_or_pain_nothing_but_the_fade_leaves_the_loudspeaker(performance: Performance) -> None:
    """R1: the block after the decision is a 10 ms fade, then exact zeros for at least half a second."""
    reports = [e for e in performance.named("Heard") if e["text"] in ("stop", "pain", "it hurts", "ouch")]
    assert reports
    for report in reports:
        at = report["at_sample"]
        before = performance.coach[at - RATE_HZ // 2 : at]
        fade = np.abs(performance.coach[at : at + FADE])
        assert fade.max() <= max(np.abs(before).max(), 1e-4) * 1.5
        assert not performance.coach[at + FADE : at + FADE + RATE_HZ // 2].any()


@of_scenes("stop_in_hold", "pain_over", "stop_unanswered")
def test_the_word_really_interrupted_the_coach(performance: Performance) -> None:
    """The silence after a stop must be the stop's doing: a count was scheduled and never sounded."""
    at = next(e["at_sample"] for e in performance.named("Heard") if e["text"] in ("stop", "pain"))
    hold = next(e for e in reversed(performance.named("HoldBegan")) if e["at_sample"] < at)
    start_ms, end_ms = hold["start_ms"], hold["end_ms"]
    assert start_ms < at * 1000 / RATE_HZ < end_ms
    ids = {e["prompt_id"] for e in performance.named("Say") if e["at_ms"] and e["at_ms"] * 48 > at}
    ids = {
        i for i in ids if i <= max(e["prompt_id"] for e in performance.named("Say") if e["at_sample"] < at)
    }
    assert ids
    assert not ids & {e["prompt_id"] for e in performance.named("PromptDone")}


@of_scenes("stop_in_hold")
def test_after_stop_nothing_moves_on_before_the_explicit_word(performance: Performance) -> None:
    stop = next(e["at_sample"] for e in performance.named("Heard") if e["text"] == "stop")
    resumed = next(e["at_sample"] for e in performance.named("Heard") if e["text"] == "continue")
    between = [e["text"] for e in performance.named("Say") if stop <= e["at_sample"] < resumed]
    assert between == [
        "Stopped. You can let go.",
        "Are you in pain, or unwell?",
        "Good. We pause here.",
        "Say continue when you want to go on.",
    ]
    later = performance.said_after(resumed)
    assert later[0] == "Let us go on."
    assert "Say ready when you are in position." in later, (
        "an interrupted hold begins anew, with time to get ready"
    )


@of_scenes("pain_unanswered")
@pytest.mark.fault(
    "the user says nothing more after a report of pain",
    "the emergency wording is said and shown; it stays stopped",
)
def test_no_answer_after_pain_says_and_shows_the_emergency_wording_and_stays_stopped(
    performance: Performance,
) -> None:
    """docs/safety.md: asked once more, then the emergency wording; never back into exercise."""
    report = next(e["at_sample"] for e in performance.named("Heard") if e["text"] == "pain")
    said = performance.said_after(report)
    assert sum("zero to ten" in line for line in said) == 2
    assert any("call 1 1 2" in line for line in said)
    assert any("call 1 1 2" in notice for notice in performance.screen.notices)
    assert not [e for e in performance.named("HoldBegan") if e["at_sample"] > report]


@of_scenes(*[n for n, (outcome, _) in SCENES.items() if outcome in LOCKING])
def test_the_next_start_is_locked_after_an_emergency(performance: Performance) -> None:
    memory = Journal(performance.home / "data" / "journal.sqlite3", pytest.fail).earlier()
    assert memory.locked


@of_scenes(*[n for n, (outcome, _) in SCENES.items() if outcome is Outcome.EMERGENCY])
def test_the_emergency_advice_is_said_twice_and_shown(performance: Performance) -> None:
    assert performance.said.count("Call 1 1 2 now.") == 2
    assert any("Call 1 1 2 now." in notice for notice in performance.screen.notices)


@of_scenes(*[n for n in SCENES if n.startswith("intake")])
def test_without_good_answers_nothing_moves(performance: Performance) -> None:
    assert not performance.named("HoldBegan")
    assert not any("Say ready when" in line for line in performance.said)


@of_scenes("next_skips")
def test_next_skips_the_exercise(performance: Performance) -> None:
    done = [e["exercise"] for e in performance.named("ExerciseDone")]
    assert done == ["bridge"]


@of_scenes("pain_over")
def test_an_exercise_that_hurt_moderately_is_over_for_today(performance: Performance) -> None:
    skip = next(e["at_sample"] for e in performance.named("Heard") if e["text"] == "skip")
    assert "Bridge." in performance.said_after(skip)
    assert "Pelvic tilt." not in performance.said_after(skip)


@of_scenes("pain_mild")
def test_easing_off_halves_the_hold(performance: Performance) -> None:
    """Five seconds become three; the hold begins anew after a get-ready time."""
    lengths_ms = [e["end_ms"] - e["start_ms"] for e in performance.named("HoldBegan")]
    assert lengths_ms == [5000, 3000, 5000]


@of_scenes("whole_floor", "oov_room", "pain_mild")
def test_every_count_sounds_within_10_ms_of_its_second(performance: Performance) -> None:
    """Measured in the written sound, from the announced start of the hold."""
    done = {e["prompt_id"] for e in performance.named("PromptDone")}
    measured = 0
    for say in performance.named("Say"):
        if say["at_ms"] is None or say["prompt_id"] not in done or say["text"] not in ENGLISH.coach.numbers:
            continue
        hold = [e for e in performance.named("HoldBegan") if e["at_sample"] == say["at_sample"]]
        start_ms, end_ms = hold[0]["start_ms"], hold[0]["end_ms"]
        assert (say["at_ms"] - start_ms) % 1000 == 0
        if say["at_ms"] == end_ms:
            continue  # the end signal sounds with the last number
        at = say["at_ms"] * RATE_HZ // 1000
        found = onset(performance.coach, at)
        assert found is not None
        assert abs(found - at) <= RATE_HZ * 10 // 1000, (
            f"{say['text']} {1000 * (found - at) / RATE_HZ:.1f} ms off"
        )
        measured += 1
    assert measured >= 4


@of_scenes("whole_floor")
def test_the_default_program_takes_a_third_of_an_hour_and_names_what_follows(
    performance: Performance,
) -> None:
    minutes = len(performance.coach) / RATE_HZ / 60
    assert 15 <= minutes <= 22
    assert [line for line in performance.said if line.startswith("Next: ")]
    assert performance.said[-1].endswith("Goodbye.")


@of_scenes("next_skips")
def test_a_second_run_of_a_recording_makes_the_same_decisions(
    performance: Performance, tmp_path: Path
) -> None:
    again = perform("next_skips", tmp_path)
    assert performance.heard == again.heard
    assert performance.outcome is again.outcome
