"""Background music, generated at random: chords, a melody and drums.

The training data has no other music, and without it a decaying chord was recognised as "ouch". The test clip
oov_music is made by other code.
"""

import numpy as np
from scipy import signal

from recipe.corpus import RATE_HZ, Samples

_SCALE = np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16])
"""The semitones of a major scale, up to the fifth of a chord on its sixth note."""
_HIGHEST_HZ = 7500


def _note(pitch_hz: float, seconds: float, timbre: tuple[float, float, float, float]) -> Samples:
    """One note. `timbre`: spectral fall-off, decay, onset time and vibrato depth."""
    falloff, decay, onset_s, vibrato = timbre
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * pitch_hz * (t + vibrato * np.sin(2 * np.pi * 5.5 * t) / 35)
    sound = np.zeros_like(t)
    for k in range(1, min(12, int(_HIGHEST_HZ / pitch_hz)) + 1):
        sound += np.sin(k * phase) * np.exp(-decay * k**0.5 * t) / k**falloff
    sound *= np.clip(t / onset_s, 0, 1) * np.clip((seconds - t) / 0.02, 0, 1)
    return sound.astype(np.float32)


def _drum(rng: np.random.Generator) -> Samples:
    t = np.arange(int(0.25 * RATE_HZ)) / RATE_HZ
    skin = np.sin(2 * np.pi * rng.uniform(50, 220) * t) * np.exp(-rng.uniform(12, 40) * t)
    band_hz = [rng.uniform(300, 3000), rng.uniform(4000, 7500)]
    rattle = signal.sosfilt(
        signal.butter(1, band_hz, "band", fs=RATE_HZ, output="sos"), rng.normal(0, 1, len(t))
    )
    share = rng.random()
    return np.asarray(share * skin + (1 - share) * rattle * np.exp(-rng.uniform(15, 60) * t), np.float32)


def music(rng: np.random.Generator, seconds: float) -> Samples:
    """A piece at 16 kHz, full scale 1, with a random tempo, key and two instruments."""
    beat_s, key_hz = rng.uniform(0.25, 1.1), 110 * 2 ** rng.uniform(0, 2)
    chords, melody = ((rng.uniform(0.6, 2), *_envelope(rng)) for _ in range(2))
    drums = [_drum(rng) for _ in range(3)] if rng.random() < 0.5 else []
    piece = np.zeros(int((seconds + 2) * RATE_HZ), np.float32)

    def play(sound: Samples, at_s: float, gain: float) -> None:
        start = int(at_s * RATE_HZ)
        n = min(len(sound), len(piece) - start)
        piece[start : start + n] += np.float32(gain) * sound[:n]

    gains = rng.uniform(0, 1, 3)  # of chords, melody, drums
    for beat in range(int(seconds / beat_s) + 1):
        at_s, root = beat * beat_s, int(rng.integers(0, 6))
        for step in (0, 2, 4) if rng.random() < 0.8 else ():
            hz = key_hz * 2 ** (_SCALE[root + step] / 12)
            play(_note(hz, rng.uniform(1, 2) * beat_s, chords), at_s, gains[0])
        for half in range(int(rng.integers(0, 3))):
            hz = 2 * key_hz * 2 ** (rng.choice(_SCALE) / 12)
            play(_note(hz, beat_s / 2, melody), at_s + half * beat_s / 2, gains[1])
        for drum in drums:
            if rng.random() < 0.5:
                play(drum, at_s + rng.choice([0, 0.5]) * beat_s, 2 * gains[2])
    piece = piece[: int(seconds * RATE_HZ)]
    return np.asarray(piece / (np.abs(piece).max() + 1e-6), np.float32)


def _envelope(rng: np.random.Generator) -> tuple[float, float, float]:
    """Decay, onset and vibrato of an instrument: half of them are plucked, half are held."""
    if rng.random() < 0.5:
        return rng.uniform(1, 8), rng.uniform(0.002, 0.02), 0.0
    return rng.uniform(0, 0.5), rng.uniform(0.02, 0.15), rng.uniform(0, 0.004)
