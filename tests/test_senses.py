"""What a session makes of its devices: a room that has changed, a microphone that is a poor one."""

import numpy as np
import pytest
import soxr

from tests.listening.test_ear import Script
from voicecoach.audio import Devices, WiringWatch
from voicecoach.audio.pulse import RECOVERED_S, SPEECHLESS_AFTER_S
from voicecoach.listening import NARROW, Ear, Inline
from voicecoach.senses import Senses
from voicecoach.session import Event, HearsAgain, SpeaksAgain
from voicecoach.sound import Frame, Samples, silence
from voicecoach.testing import VOCABULARY, RememberingScreen
from voicecoach.units import BLOCK, RATE_HZ, ms_to_samples

ECHO_MS = 80


def hiss(seconds: float) -> Samples:
    return np.random.default_rng(1).normal(0, 0.05, round(seconds * RATE_HZ)).astype(np.float32)


def fed(
    senses: Senses, heard: Samples, played: Samples, hears: bool = True, speaks: bool = True
) -> list[Event]:
    felt: list[Event] = []
    for at in range(0, len(heard) - BLOCK + 1, BLOCK):
        frame = Frame(at, heard[at : at + BLOCK], played[at : at + BLOCK], hears, speaks)
        felt += senses.events(frame, frame.end_ms)
    return felt


@pytest.mark.parametrize(
    ("hears", "speaks", "again"), [(False, True, HearsAgain), (True, False, SpeaksAgain)]
)
def test_after_a_device_came_back_the_echo_of_the_one_before_is_forgotten(
    hears: bool, speaks: bool, again: type[Event]
) -> None:
    """The way from another loudspeaker, or to another microphone, is another one: with the old one the coach
    takes its own voice for the user's."""
    ear = Ear(Script([]), VOCABULARY)
    senses = Senses(Inline(ear), Devices(WiringWatch(look=False), recorded=False), RememberingScreen())
    played = hiss(3.0)
    echo = np.concatenate([hiss(0.1)[: ms_to_samples(ECHO_MS)] * 0.01, 0.5 * played])[: len(played)]
    fed(senses, echo, played)
    assert ear.echo_delay_s == pytest.approx(ECHO_MS / 1000, abs=0.002)
    quiet = 0.001 * hiss(SPEECHLESS_AFTER_S + 0.1)
    gone = fed(senses, quiet if hears else silence(len(quiet)), silence(len(quiet)), hears, speaks)
    assert gone
    assert ear.echo_delay_s is not None, "it may be the same device"
    quiet = 0.001 * hiss(RECOVERED_S + 0.1)
    back = fed(senses, quiet, silence(len(quiet)))
    assert [type(event) for event in back] == [again]
    assert ear.echo_delay_s is None


@pytest.mark.parametrize("rate_hz", [8_000, 48_000])
def test_a_microphone_that_passes_only_deep_sounds_is_told_once(rate_hz: int) -> None:
    screen = RememberingScreen()
    senses = Senses(None, Devices(WiringWatch(look=False), recorded=False), screen)
    heard = soxr.resample(soxr.resample(hiss(4.0), RATE_HZ, rate_hz), rate_hz, RATE_HZ)
    fed(senses, heard, silence(len(heard)))
    assert screen.notices == ([NARROW] if rate_hz == 8_000 else [])
