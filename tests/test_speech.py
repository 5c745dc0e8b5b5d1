"""What is said waits until it is rendered, and nothing moves before the lines of a safety stop are there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
import pytest

from tests.session.driver import moving
from voicecoach.session import Say, State
from voicecoach.sound import Samples
from voicecoach.speaking import Line, Mixer, PromptCache, SynthesisError
from voicecoach.speech import PATIENT_S, UNSAID_S, Speech
from voicecoach.testing import ENGLISH, RememberingScreen
from voicecoach.units import BLOCK, RATE_HZ

SECOND = RATE_HZ


@dataclass
class Rendered:
    """A prompt cache that has what the test has put there: a second of tone for every line."""

    texts: set[str] = field(default_factory=set)
    complete: bool = True
    hurried: list[str] = field(default_factory=list)

    def hurry(self, lines: Iterable[Line]) -> None:
        self.hurried += [text for text, _ in lines]

    def said(self, lines: Sequence[str], wpm: int, waited_s: float = 0.0) -> Samples | None:
        if "unspeakable" in lines:
            raise SynthesisError("The voice returned no sound for 'unspeakable'.")
        return np.full(SECOND, 0.5, np.float32) if set(lines) <= self.texts else None


@pytest.fixture
def prompts() -> Rendered:
    return Rendered({"Hello.", "Go on."})


@pytest.fixture
def speech(prompts: Rendered) -> Speech:
    return Speech(cast(PromptCache, prompts), Mixer(), RememberingScreen(), None, real_time=True)


RESTING = replace(moving().state, began_ms=None)
MOVING = moving().state


def play(speech: Speech, state: State, seconds: float) -> Samples:
    blocks = []
    for _ in range(round(seconds * RATE_HZ / BLOCK)):
        speech.go_on(state)
        blocks.append(speech.mixer.render(BLOCK))
    return np.concatenate(blocks)


def test_a_line_that_is_rendered_sounds_at_once(speech: Speech) -> None:
    speech.say(Say(1, "Hello.", 150, None), RESTING)
    assert play(speech, RESTING, 0.5).all()


def test_a_line_is_waited_for_and_the_next_one_does_not_overtake_it(
    speech: Speech, prompts: Rendered
) -> None:
    speech.say(Say(1, "Late.", 150, None), RESTING)
    speech.say(Say(2, "Hello.", 150, None), RESTING)
    assert not play(speech, RESTING, 0.5).any()
    prompts.texts.add("Late.")
    play(speech, RESTING, 1.5)
    assert [done.prompt_id for done in speech.mixer.finished] == [1, 2]


def test_a_line_that_never_comes_is_told_once(speech: Speech) -> None:
    speech.say(Say(1, "Late.", 150, None), RESTING)
    play(speech, RESTING, UNSAID_S - 0.1)
    assert not speech.take_unsaid()
    play(speech, RESTING, 0.2)
    assert speech.take_unsaid()
    assert not speech.take_unsaid()


def test_a_line_that_cannot_be_said_is_told_at_once(speech: Speech) -> None:
    speech.say(Say(1, "unspeakable", 150, None), RESTING)
    assert speech.take_unsaid()


@pytest.mark.fault(
    "the voice is slow, and the questions are answered", "nothing moves before the safety lines are there"
)
def test_nothing_moves_before_every_line_of_a_safety_stop_is_rendered(
    speech: Speech, prompts: Rendered
) -> None:
    prompts.complete = False
    speech.say(Say(1, "Hello.", 150, None), MOVING)
    assert not play(speech, MOVING, 5.0).any()
    prompts.complete = True
    assert play(speech, MOVING, 0.5).all()


def test_a_line_that_had_to_wait_for_the_others_is_not_given_up_for_that(
    speech: Speech, prompts: Rendered
) -> None:
    """ "I cannot say the next line" was said on a slow machine: its patience had run out before its turn."""
    prompts.complete = False
    speech.say(Say(1, "Late.", 150, None), MOVING)
    assert prompts.hurried == ["Late."], "its turn in the renderer's queue comes meanwhile"
    play(speech, MOVING, UNSAID_S + 2.0)
    prompts.complete = True
    play(speech, MOVING, 1.0)
    assert not speech.take_unsaid()
    prompts.texts.add("Late.")
    assert play(speech, MOVING, 0.5).all()


def test_whoever_waits_for_the_voice_is_told_so_once(speech: Speech, prompts: Rendered) -> None:
    patience = ENGLISH.coach.one_moment
    prompts.texts.add(patience)
    prompts.complete = False
    speech.say(Say(1, "Hello.", 150, None), MOVING)
    assert not play(speech, MOVING, PATIENT_S - 0.1).any()
    assert play(speech, MOVING, 5.0).any()
    screen = cast(RememberingScreen, speech.screen)
    assert [text for _, text in screen.coach_lines] == ["Hello.", patience]


def test_a_hush_forgets_what_waits(speech: Speech, prompts: Rendered) -> None:
    speech.say(Say(1, "Late.", 150, None), RESTING)
    speech.hush()
    prompts.texts.add("Late.")
    assert not play(speech, RESTING, 1.0).any()
