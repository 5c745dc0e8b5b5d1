"""A line takes the time that its pace promises."""

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from voicecoach.care import Intake
from voicecoach.session import Options
from voicecoach.session.sentences import calm_lines
from voicecoach.sound import Samples
from voicecoach.speaking import PromptCache, Pyttsx3Voice
from voicecoach.speaking.pace import Paced, words
from voicecoach.testing import ENGLISH, LIBRARY, SHARED_PROMPTS, english_session
from voicecoach.units import RATE_HZ


@dataclass
class Elastic:
    """A voice that says so many words a minute as it is asked, times `error`, in steps."""

    error: float
    slowest_wpm: int = 80
    step_wpm: int = 1
    asked: list[int] = field(default_factory=list)

    def render(self, text: str, wpm: int) -> tuple[Samples, int]:
        self.asked.append(wpm)
        real_wpm = max(self.slowest_wpm, wpm // self.step_wpm * self.step_wpm) * self.error
        return np.ones(round(words(text) * 60 / real_wpm * 24_000), np.float32), 24_000


def wpm_of(text: str, clip: Samples, rate_hz: int) -> float:
    return words(text) * 60 * rate_hz / len(clip)


@pytest.mark.parametrize("error", [0.7, 1.0, 1.35])
@pytest.mark.parametrize("wpm", [110, 150, 220])
def test_a_voice_that_is_too_fast_or_too_slow_is_corrected(error: float, wpm: int) -> None:
    text = "Lift your hips, and hold."
    assert wpm_of(text, *Paced(Elastic(error)).render(text, wpm)) == pytest.approx(wpm, rel=0.03)


def test_a_voice_at_its_limit_comes_as_near_as_it_can_and_is_not_asked_for_ever() -> None:
    voice = Elastic(1.0, slowest_wpm=140)
    assert wpm_of("Breathe softly.", *Paced(voice).render("Breathe softly.", 110)) == pytest.approx(
        140, rel=0.01
    )
    assert len(voice.asked) <= 6


def test_a_voice_that_moves_in_steps_is_met_between_them() -> None:
    voice = Elastic(1.3, step_wpm=12)
    assert wpm_of("Breathe softly now.", *Paced(voice).render("Breathe softly now.", 150)) == pytest.approx(
        150, rel=0.08
    )


def test_what_counts_as_a_word() -> None:
    assert words("Call 1 1 2 now.") == 5
    assert words("Stop - now!") == 2
    assert words("child's pose") == 2


SAMPLE = [
    line
    for exercise in LIBRARY.exercises.values()
    for line in (exercise.lines.begin, *exercise.lines.steps, *exercise.lines.ease_out)
][::4]


@pytest.mark.parametrize("voice", ENGLISH.voices)
@pytest.mark.parametrize(("wpm", "least"), [(140, 0.9), (150, 0.9)])
def test_lines_are_spoken_at_the_pace_that_is_asked_for(voice: str, wpm: int, least: float) -> None:
    """espeak-ng at 150 came to 150 to 203. Within 5 %, but for lines that would have to be drawn out."""
    engine = Pyttsx3Voice(voice)
    found = [wpm_of(line, *Paced(engine).render(line, wpm)) for line in SAMPLE]
    near = [abs(real / wpm - 1) <= 0.05 for real in found]
    assert np.mean(near) >= least, sorted(zip(found, SAMPLE, strict=True))
    assert np.mean(found) == pytest.approx(wpm, rel=0.03)


CALM_WPM = 140
CALIBRATION = 1.05


def calm() -> list[str]:
    """Of what is said calmly in any program: lines of short words, which come out fastest, and others."""
    states = (english_session(LIBRARY.program(name), Intake(), Options()) for name in LIBRARY.program_ids)
    lines = {line for state in states for line in calm_lines(state)}
    shortest_words = sorted(lines, key=lambda line: (len(line) / words(line), line))
    return shortest_words[:36] + shortest_words[36::6]


def test_a_safety_line_is_never_faster_than_140_words_a_minute() -> None:
    """As a session renders it: with the natural voice, in its process."""
    lines = calm()
    with contextlib.closing(PromptCache(Path(os.environ[SHARED_PROMPTS]), ENGLISH.voices)) as prompts:
        prompts.ahead([(line, CALM_WPM) for line in lines])
        found = {line: wpm_of(line, prompts.clip(line, CALM_WPM), RATE_HZ) for line in lines}
    assert prompts.voice == ENGLISH.voices[0], prompts.failure
    assert {line: wpm for line, wpm in found.items() if wpm > CALM_WPM * CALIBRATION} == {}
