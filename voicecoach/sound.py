"""Sound as NumPy arrays: the shared types, and a few calculations."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicecoach.units import Milliseconds, samples_to_ms

Samples = npt.NDArray[np.float32]
"""Mono, -1.0 to 1.0, at RATE_HZ."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One block of the duplex stream: what was heard while `played` was sounding."""

    at_sample: int
    """position of the block's first sample on the output stream's clock"""
    heard: Samples
    played: Samples
    hears: bool = True
    """False: no microphone delivered `heard`, which is silence"""
    speaks: bool = True
    """False: no loudspeaker took `played`"""
    lost: bool = False
    """sound was lost around it: the sound system or this program came too late"""

    @property
    def end_ms(self) -> Milliseconds:
        return samples_to_ms(self.at_sample + len(self.played))


def gain(level_db: float) -> float:
    """The amplitude factor for a level in dB."""
    return float(10 ** (level_db / 20))


def level_db(sound: Samples) -> float:
    """Root mean square level in dB relative to full scale; -100 for silence and for an empty array."""
    power = float(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 0.0
    return float(10 * np.log10(power + 1e-10))


LOUDEST = 8.0
"""Times full scale. No microphone delivers more; a driver in trouble does, and numbers that are none."""


def is_sound(block: Samples) -> bool:
    """Whether every sample is a finite number of a plausible size."""
    return bool(np.abs(block).max(initial=0.0) <= LOUDEST)  # a comparison with NaN is False


def silence(samples: int) -> Samples:
    return np.zeros(samples, np.float32)
