"""Music as a radio in the room plays it, made up: chords, a melody and drums of random timbre.

No music was in the training otherwise, and a chord that dies away was heard as "ouch". No piece is made by
the code that makes the test clip oov_music.
"""

import numpy as np
from scipy import signal

from recipe.corpus import RATE_HZ, Samples

_SCALE = np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16])
"""Semitones of a major scale, as far as a chord on its sixth note reaches."""
_HIGHEST_HZ = 7500


def _note(pitch_hz: float, seconds: float, timbre: tuple[float, float, float, float]) -> Samples:
    """One note; `timbre`: how fast harmonics fall off and die away, onset, depth of the vibrato."""
    falloff, decay, onset_s, vibrato = timbre
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * pitch_hz * (t + vibrato * np.sin(2 * np.pi * 5.5 * t) / 35)
    sound = np.zeros_like(t)
    for k in range(1, min(12, int(_HIGHEST_HZ / pitch_hz)) + 1):
        sound += np.sin(k * phase) * np.exp(-decay * k**0.5 * t) / k**falloff
    sound *= np.clip(t / onset_s, 0, 1) * np.clip((seconds - t) / 0.02, 0, 1)
    return sound.astype(np.float32)


def _drum(chance: np.random.Generator) -> Samples:
    t = np.arange(int(0.25 * RATE_HZ)) / RATE_HZ
    skin = np.sin(2 * np.pi * chance.uniform(50, 220) * t) * np.exp(-chance.uniform(12, 40) * t)
    band_hz = [chance.uniform(300, 3000), chance.uniform(4000, 7500)]
    rattle = signal.sosfilt(
        signal.butter(1, band_hz, "band", fs=RATE_HZ, output="sos"), chance.normal(0, 1, len(t))
    )
    share = chance.random()
    return np.asarray(share * skin + (1 - share) * rattle * np.exp(-chance.uniform(15, 60) * t), np.float32)


def music(chance: np.random.Generator, seconds: float) -> Samples:
    """A piece at 16 kHz, full scale 1, at a tempo, in a key and with two instruments of its own."""
    beat_s, key_hz = chance.uniform(0.25, 1.1), 110 * 2 ** chance.uniform(0, 2)
    chords, melody = ((chance.uniform(0.6, 2), *_touch(chance)) for _ in range(2))
    drums = [_drum(chance) for _ in range(3)] if chance.random() < 0.5 else []
    piece = np.zeros(int((seconds + 2) * RATE_HZ), np.float32)

    def play(sound: Samples, at_s: float, gain: float) -> None:
        start = int(at_s * RATE_HZ)
        n = min(len(sound), len(piece) - start)
        piece[start : start + n] += np.float32(gain) * sound[:n]

    loud = chance.uniform(0, 1, 3)  # of chords, melody, drums
    for beat in range(int(seconds / beat_s) + 1):
        at_s, root = beat * beat_s, int(chance.integers(0, 6))
        for step in (0, 2, 4) if chance.random() < 0.8 else ():
            hz = key_hz * 2 ** (_SCALE[root + step] / 12)
            play(_note(hz, chance.uniform(1, 2) * beat_s, chords), at_s, loud[0])
        for half in range(int(chance.integers(0, 3))):
            hz = 2 * key_hz * 2 ** (chance.choice(_SCALE) / 12)
            play(_note(hz, beat_s / 2, melody), at_s + half * beat_s / 2, loud[1])
        for drum in drums:
            if chance.random() < 0.5:
                play(drum, at_s + chance.choice([0, 0.5]) * beat_s, 2 * loud[2])
    piece = piece[: int(seconds * RATE_HZ)]
    return np.asarray(piece / (np.abs(piece).max() + 1e-6), np.float32)


def _touch(chance: np.random.Generator) -> tuple[float, float, float]:
    """Decay, onset and vibrato of an instrument: plucked or held."""
    if chance.random() < 0.5:
        return chance.uniform(1, 8), chance.uniform(0.002, 0.02), 0.0
    return chance.uniform(0, 0.5), chance.uniform(0.02, 0.15), chance.uniform(0, 0.004)
