"""After how long the coach knows that it is deaf or mute: in figures, since docs/promises.md states them."""

from dataclasses import replace

import numpy as np
import pytest

from voicecoach.audio import LoudspeakerPulse, MicrophonePulse
from voicecoach.session import Trouble
from voicecoach.sound import Frame, silence
from voicecoach.units import BLOCK, RATE_HZ

BLOCK_S = BLOCK / RATE_HZ
ROOM = Frame(0, np.full(BLOCK, 1e-5, np.float32), silence(BLOCK))
MICROPHONE_GONE = replace(ROOM, heard=silence(BLOCK), hears=False)
NOTHING = replace(MICROPHONE_GONE, speaks=False)
ZEROS = replace(ROOM, heard=silence(BLOCK))
NO_SOUND = replace(ROOM, heard=np.full(BLOCK, np.nan, np.float32))


def told_after_s(pulse: MicrophonePulse | LoudspeakerPulse, frame: Frame) -> tuple[float, Trouble]:
    """After how many seconds of `frame` the first reason is told, and which."""
    for n in range(1, 100_000):
        if reason := pulse.felt(frame):
            return n * BLOCK_S, reason
    raise AssertionError("nothing was told")


@pytest.mark.parametrize(
    ("frame", "after_s", "reason"),
    [
        (MICROPHONE_GONE, 0.5, Trouble.MICROPHONE_GONE),
        (NOTHING, 0.5, Trouble.INTERRUPTED),
        (NO_SOUND, 0.5, Trouble.MICROPHONE_INVALID),
        (ZEROS, 10.0, Trouble.MICROPHONE_MUTED),
    ],
)
def test_deafness_is_known_when_it_is_promised(frame: Frame, after_s: float, reason: Trouble) -> None:
    told_s, told = told_after_s(MicrophonePulse(), frame)
    assert told_s == pytest.approx(after_s, abs=BLOCK_S)
    assert told is reason


def test_a_loudspeaker_that_has_gone_is_known_after_two_seconds() -> None:
    told_s, told = told_after_s(LoudspeakerPulse(), replace(ROOM, speaks=False))
    assert told_s == pytest.approx(2.0, abs=BLOCK_S)
    assert told is Trouble.SPEAKER_GONE
