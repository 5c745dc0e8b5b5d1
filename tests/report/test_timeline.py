"""timeline.png: a session as somebody who was not there can read it."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voicecoach.audio import SoundFileError
from voicecoach.report.timeline import Band, Label, clock, draw_timeline, read_story, stacked
from voicecoach.units import RATE_HZ

Entry = dict[str, Any]
"""A line of events.jsonl."""


def event(at_s: float, name: str, **fields: str | int | None) -> Entry:
    return {"at_s": at_s, "at_sample": round(at_s * RATE_HZ), "type": "event", "name": name, **fields}


def say(at_s: float, prompt_id: int, text: str, at_ms: int | None = None) -> Entry:
    return event(at_s, "Say", prompt_id=prompt_id, text=text, wpm=150, at_ms=at_ms)


def heard(at_s: float, command: str, text: str = "", source: str = "voice") -> Entry:
    return event(
        at_s, "Heard", at_ms=round(at_s * 1000), command=command, text=text or command, source=source
    )


A_STOPPED_HOLD = [
    event(0.0, "ModeChanged", mode="moving"),
    say(0.5, 1, "Lift your hips and hold."),
    event(2.5, "PromptDone", at_ms=2400, prompt_id=1, start_sample=24_000, end_sample=115_200),
    say(2.5, 2, "one", 3700),
    say(2.5, 3, "two", 4700),
    say(2.5, 4, "three", 5700),
    event(2.5, "HoldBegan", start_ms=2700, end_ms=7700),
    event(4.2, "PromptDone", at_ms=4100, prompt_id=2, start_sample=177_600, end_sample=196_800),
    heard(5.0, "stop"),
    event(5.0, "Hush"),
    event(5.0, "ModeChanged", mode="stopped"),
    say(5.6, 5, "Stopped. You can let go."),
    event(7.0, "PromptDone", at_ms=6900, prompt_id=5, start_sample=268_800, end_sample=331_200),
    heard(8.0, "no", source="key"),
    event(8.0, "ModeChanged", mode="paused"),
    event(9.0, "End", outcome="abandoned"),
]


def texts(events: list[Entry]) -> list[str]:
    return [label.text for label in read_story(events).labels]


def test_a_line_that_was_cut_short_ends_in_a_dash_and_one_hushed_before_it_began_is_not_shown() -> None:
    assert texts(A_STOPPED_HOLD) == [
        "Lift your hips and hold.",
        "one",
        "two —",
        "stop",
        "Stopped. You can let go.",
        "no (key)",
        "end: abandoned",
    ]


def test_a_line_is_drawn_where_its_first_sample_sounded() -> None:
    starts = {label.text: label.at_s for label in read_story(A_STOPPED_HOLD).labels}
    assert starts["Lift your hips and hold."] == pytest.approx(0.5)
    assert starts["one"] == pytest.approx(3.7)


def test_a_stop_ends_the_hold_and_opens_the_question_and_then_the_pause() -> None:
    assert read_story(A_STOPPED_HOLD).bands == [
        Band("hold", 2.7, 5.0),
        Band("stopped", 5.0, 8.0),
        Band("paused", 8.0, 9.0),
    ]


def test_a_report_of_pain_is_a_safety_stop_until_the_exercise_goes_on() -> None:
    story = read_story(
        [
            heard(1.0, "pain", "it hurts"),
            event(1.0, "ModeChanged", mode="safety"),
            heard(3.0, "stop"),
            event(6.0, "ModeChanged", mode="moving"),
            event(9.0, "End", outcome="completed"),
        ]
    )
    assert story.bands == [Band("safety", 1.0, 6.0)]


def test_stop_and_pain_are_told_apart_from_other_words_at_a_glance() -> None:
    colours = {label.text: label.colour for label in read_story([heard(1, "stop"), heard(2, "next")]).labels}
    assert colours["stop"] != colours["next"]


def test_labels_of_one_level_never_overlap() -> None:
    """At 90 lines a minute, two of three labels were printed over one another."""
    crowd = [Label(0.66 * i, f"This is line {i} of the coach's speech.", "black", False) for i in range(90)]
    placed = stacked(crowd, 0.0, 60.0)
    assert len(placed) == 90
    for level in {level for *_, level in placed}:
        row = [(left_s, label) for label, left_s, at_level in placed if at_level == level]
        for (left_s, label), (next_s, _) in pairwise(row):
            assert left_s + label.width_in * 60 / 20 <= next_s + 1e-6


def test_a_label_at_the_end_of_a_row_stays_inside_it() -> None:
    ((label, left_s, _),) = stacked([Label(59.9, "Breathe slowly and deeply.", "black", False)], 0.0, 60.0)
    assert left_s + label.width_in * 60 / 20 <= 60.0


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (65, "1:05"), (3605, "60:05")])
def test_the_axis_shows_minutes_and_seconds(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def write(out: Path, seconds: float, events: list[Entry]) -> None:
    rng = np.random.default_rng(1)
    soundfile.write(out / "session.wav", rng.normal(0, 0.1, (int(seconds * RATE_HZ), 2)), RATE_HZ)
    (out / "events.jsonl").write_text("".join(json.dumps(e) + "\n" for e in events), "utf-8")


def size(png: Path) -> tuple[int, int]:
    data = png.read_bytes()
    assert data.startswith(b"\x89PNG")
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def test_a_longer_session_makes_a_taller_picture_not_a_denser_one(tmp_path: Path) -> None:
    write(tmp_path, 10, A_STOPPED_HOLD)
    draw_timeline(tmp_path)
    width, low = size(tmp_path / "timeline.png")
    write(tmp_path, 130, A_STOPPED_HOLD)
    draw_timeline(tmp_path)
    assert size(tmp_path / "timeline.png")[0] == width
    assert size(tmp_path / "timeline.png")[1] > 2 * low


def test_a_session_that_ended_at_once_still_has_a_picture(tmp_path: Path) -> None:
    write(tmp_path, 0, [])
    draw_timeline(tmp_path)
    assert (tmp_path / "timeline.png").exists()


def test_a_log_whose_last_line_was_cut_by_a_crash_is_drawn_without_it(tmp_path: Path) -> None:
    write(tmp_path, 3, A_STOPPED_HOLD)
    with (tmp_path / "events.jsonl").open("a") as file:
        file.write('{"at_s": 9.5, "na')
    draw_timeline(tmp_path)
    assert (tmp_path / "timeline.png").exists()


def test_a_dollar_sign_in_a_line_is_text_and_not_a_formula(tmp_path: Path) -> None:
    """matplotlib takes text between two dollar signs for mathematics and refuses a wrong formula."""
    write(tmp_path, 3, [say(0.5, 1, r"A $\frac{ costs $5.")])
    draw_timeline(tmp_path)
    assert (tmp_path / "timeline.png").exists()


def test_a_missing_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(SoundFileError, match=r"session\.wav"):
        draw_timeline(tmp_path)
