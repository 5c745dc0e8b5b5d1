"""The one sample rate and block of the whole house, and the units that go with them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicecoach.session import Milliseconds

RATE_HZ = 48_000
"""Every stream, clip and file inside."""
EAR_RATE_HZ = 16_000
"""What the recogniser is given; the recognition model was trained at this rate."""
BLOCK = 960
"""Samples of one block, 20 ms: what a session, a hold and a stop are exact to."""
BLOCK_MS = BLOCK * 1000 // RATE_HZ

Samples = npt.NDArray[np.float32]
"""Mono, -1.0 to 1.0, at RATE_HZ."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One block through the duplex stream: what was heard while `played` was sounding."""

    at_sample: int
    """of the block's first sample, on the output stream's clock"""
    heard: Samples
    played: Samples

    @property
    def end_ms(self) -> Milliseconds:
        return Milliseconds((self.at_sample + len(self.played)) * 1000 // RATE_HZ)


@dataclass(frozen=True, slots=True)
class NoFrame:
    """The device delivered nothing for `silent_s` seconds of wall clock."""

    silent_s: float


def ms_to_samples(ms: float) -> int:
    return round(ms * RATE_HZ / 1000)


def samples_to_ms(samples: int) -> Milliseconds:
    return Milliseconds(samples * 1000 // RATE_HZ)


def gain(level_db: float) -> float:
    """Amplitude factor of a level in dB."""
    return float(10 ** (level_db / 20))


def level_db(sound: Samples) -> float:
    """Root mean square against full scale; -100 for silence and for nothing at all."""
    power = float(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 0.0
    return float(10 * np.log10(power + 1e-10))


def silence(samples: int) -> Samples:
    return np.zeros(samples, np.float32)
