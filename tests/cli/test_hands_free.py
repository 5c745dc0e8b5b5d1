"""A start from the shortcut: what goes wrong is spoken, but not over the session's own last words."""

import pytest

from voicecoach.cli import hands_free
from voicecoach.storage import AlreadyRunning


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(hands_free, "speak", lambda text, _: said.append(text))
    monkeypatch.setattr(hands_free, "notify", lambda *_: None)
    return said


def fails(error: Exception, begins: bool) -> None:
    def start() -> None:
        with hands_free.errors_spoken(None) as began:
            if begins:
                began.set()
            raise error

    with pytest.raises(SystemExit):
        start()


def test_why_it_cannot_begin_is_spoken(spoken: list[str]) -> None:
    fails(RuntimeError("No loudspeaker was found."), begins=False)
    assert spoken == ["I am sorry, I cannot begin. No loudspeaker was found."]


def test_a_session_that_fails_says_its_last_words_itself(spoken: list[str]) -> None:
    """After "Let go of the position" came "I am sorry, I cannot begin"."""
    fails(RuntimeError("a fault"), begins=True)
    assert spoken == []


def test_nobody_talks_over_a_coach_that_is_playing(spoken: list[str]) -> None:
    fails(AlreadyRunning("Another session is being played already."), begins=False)
    assert spoken == []
