"""Short synthesised signals: one to three soft tones each, at most 250 ms in all."""

from functools import cache

import numpy as np

from voicecoach.session import Earcon
from voicecoach.sound import Samples, gain
from voicecoach.units import RATE_HZ, ms_to_samples

_TONES: dict[Earcon, tuple[tuple[float, int], ...]] = {
    # (frequency in Hz, duration in ms), one after the other
    Earcon.LISTENING: ((660.0, 70), (880.0, 90)),
    Earcon.HEARD: ((880.0, 80),),
    Earcon.NOT_UNDERSTOOD: ((440.0, 90), (330.0, 120)),
    Earcon.HOLD_START: ((523.25, 120),),
    Earcon.HOLD_END: ((1046.5, 240),),  # longer and higher than the count (docs/voice.md)
    Earcon.ALERT: ((784.0, 80), (784.0, 80), (784.0, 80)),
}
_LEVEL_DB = -16.0
_EDGE_MS = 8


@cache
def earcon(kind: Earcon) -> Samples:
    """Mono float32 at 48 kHz; each tone fades in and out over 8 ms, so that it does not click."""
    return np.concatenate([_tone(hz, ms) for hz, ms in _TONES[kind]]) * np.float32(gain(_LEVEL_DB))


def _tone(frequency_hz: float, duration_ms: int) -> Samples:
    samples = ms_to_samples(duration_ms)
    tone = np.sin(2 * np.pi * frequency_hz * np.arange(samples) / RATE_HZ)
    edge = np.sin(np.linspace(0, np.pi / 2, ms_to_samples(_EDGE_MS))) ** 2
    tone[: len(edge)] *= edge
    tone[-len(edge) :] *= edge[::-1]
    return tone.astype(np.float32)
