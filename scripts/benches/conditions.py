"""Acoustic conditions for a recording: rooms, noises and manners of speaking, as in a session on the floor.

Noises and rooms are those of the shared speech that the recipe holds out from training. The recording's name
seeds every choice, so each run hears the same.
"""

import zlib
from functools import cache
from pathlib import Path

import numpy as np
import soxr
from recipe import manners
from recipe.corpus import RATE_HZ, Samples, held_out_sound, read

from voicecoach.audio import read_sound
from voicecoach.units import RATE_HZ as STREAM_HZ

CONDITIONS = ("quiet", "20 dB", "10 dB", "5 dB", "shouted", "breathless", "whispered", "off axis")
MOMENTS = tuple(f"moment {k}" for k in range(8))
"""The same recording, shifted in time within a block and up to 14 dB quieter, in faint hiss. A model
recognises a borderline word at one moment and not at another."""
_LEAD_S = 0.5
"""Noise before the word: in a session the noise does not begin with the word."""


def noise_paths(speech: Path) -> list[Path]:
    """The noises held out from training."""
    return sorted(p for p in (speech / "noise").rglob("*.*") if held_out_sound(p))


@cache
def _noises(speech: Path) -> list[Samples]:
    return [sound for sound in map(read, noise_paths(speech)) if len(sound) > RATE_HZ // 2 and sound.any()]


@cache
def _rooms(speech: Path) -> list[Samples]:
    return [read(p) for p in sorted((speech / "rooms").rglob("*.flac")) if held_out_sound(p)]


def speech_level(sound: Samples) -> float:
    """Root mean square of the louder half of its 20 ms frames: the word, without the silence around it."""
    frames = sound[: len(sound) // 320 * 320].reshape(-1, 320)
    powers = np.sort(np.mean(np.square(frames, dtype=np.float64), axis=1))
    return float(np.sqrt(powers[len(powers) // 2 :].mean()) + 1e-9)


def heard_in(path: Path, condition: str, speech: Path) -> tuple[Samples, float]:
    """The recording in `condition` at 48 kHz, and by how many seconds the word begins later in it."""
    if condition in ("", "quiet"):
        return read_sound(path), 0.0
    chance = np.random.default_rng(zlib.crc32(f"{path.name} {condition}".encode()))
    if condition in MOMENTS:
        lead = int(chance.uniform(0.1, 1.0) * STREAM_HZ)
        sound = np.pad(read_sound(path), (lead, 0)) * np.float32(10 ** (chance.uniform(-14, 0) / 20))
        hiss = chance.normal(0, 10 ** (chance.uniform(-75, -55) / 20), len(sound))
        return np.asarray(sound + hiss, np.float32), lead / STREAM_HZ
    lead = int(_LEAD_S * RATE_HZ)
    sound = np.pad(read(path), (lead, lead))
    if condition == "off axis":
        sound = manners.in_room(
            manners.off_axis(sound, chance), _rooms(speech)[chance.integers(len(_rooms(speech)))], -1
        )
        snr_db = 20.0
    elif condition.endswith("dB"):
        if chance.random() < 0.5:
            sound = manners.in_room(sound, _rooms(speech)[chance.integers(len(_rooms(speech)))], 4)
        snr_db = float(condition.removesuffix("dB"))
    else:
        sound, snr_db = manners.MANNERS[condition](sound, chance), 30.0
    noises = _noises(speech)
    noise = noises[chance.integers(len(noises))]
    noise = np.resize(noise[int(chance.integers(max(1, len(noise) - len(sound)))) :], len(sound))
    level = speech_level(sound) / (float(np.sqrt(np.mean(noise**2))) + 1e-9) * 10 ** (-snr_db / 20)
    mixed = np.clip(sound + noise * np.float32(level), -1, 1)
    return np.asarray(soxr.resample(mixed, RATE_HZ, STREAM_HZ), np.float32), _LEAD_S
