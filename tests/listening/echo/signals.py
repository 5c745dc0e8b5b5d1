"""Synthetic signals for the tests of the echo canceller: speech-like noise, rooms, and levels."""

import numpy as np

from voicecoach.listening.echo import EchoCanceller
from voicecoach.sound import Samples
from voicecoach.units import BLOCK

RATE_HZ = 16_000
STEP = 320


def voice(seconds: float, seed: int) -> Samples:
    """Speech-like noise at 16 kHz: a falling spectrum, in syllables with pauses. `seed` is the speaker."""
    chance = np.random.default_rng(seed)
    n = int(seconds * RATE_HZ)
    spectrum = np.fft.rfft(chance.normal(0, 1, n)) / (1 + np.arange(n // 2 + 1) / (n / 40))
    syllable = int(chance.uniform(0.1, 0.25) * RATE_HZ)
    syllables = np.repeat(chance.random(n // syllable + 1) > 0.25, syllable)[:n]
    smooth = np.convolve(syllables, np.hanning(400) / 200, "same")
    sound = np.fft.irfft(spectrum, n) * smooth
    return np.asarray(0.1 * sound / np.sqrt(np.mean(sound**2)), np.float32)


def room(delay_s: float, tail_s: float, seed: int) -> Samples:
    """Impulse response of a room at 16 kHz: direct sound after `delay_s`, and reverberation 6 dB below it."""
    chance = np.random.default_rng(seed)
    n = int(tail_s * RATE_HZ)
    tail = chance.normal(0, 1, n) * np.exp(-6.9 * np.arange(n) / n)
    response = np.concatenate([np.zeros(int(delay_s * RATE_HZ)), [1.0], 0.5 * tail / np.linalg.norm(tail)])
    return np.asarray(0.7 * response, np.float32)


def through(response: Samples, played: Samples) -> Samples:
    """The echo of `played` in a room with this impulse response, of the same length."""
    return np.asarray(np.convolve(played, response)[: len(played)], np.float32)


def level_db(sound: Samples) -> float:
    """Root mean square against full scale."""
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-12))


def steps(sound: Samples) -> list[Samples]:
    """Its blocks of 20 ms at 16 kHz."""
    return [sound[k : k + STEP] for k in range(0, len(sound) - STEP + 1, STEP)]


def cleaned(
    heard: Samples, played: Samples, canceller: EchoCanceller | None = None
) -> tuple[Samples, EchoCanceller, list[bool]]:
    """The output, the canceller, and for each block whether it reliably detected near-end speech.

    `heard` and `played` are at 48 kHz.
    """
    canceller = canceller or EchoCanceller()
    found = [
        canceller.clean(heard[k : k + BLOCK], played[k : k + BLOCK])
        for k in range(0, len(heard) - BLOCK + 1, BLOCK)
    ]
    return (
        np.concatenate([c.block for c in found]),
        canceller,
        [c.near_end_speech and c.reliable for c in found],
    )
