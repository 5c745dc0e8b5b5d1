"""A simulated echo path, block by block: loudspeaker, room, microphone.

The loop is closed: when the coach is ducked, its echo is quieter from the next block on.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soxr
from recipe.corpus import RATE_HZ as CORPUS_HZ
from recipe.corpus import read
from scipy import signal

from voicecoach.sound import Samples, silence
from voicecoach.units import BLOCK, RATE_HZ

NOISE_DB = -66.0
"""Level of the noise of microphone and quiet room, against full scale."""

_LONGEST_S = 1.8
"""Longest impulse response."""


@dataclass(frozen=True)
class Setting:
    """An echo path."""

    name: str
    response: float | str
    """of the room: a reverberation time in seconds (simulated), or the file of a recorded impulse response"""
    delay_ms: float
    """bulk delay"""
    direct_db: float = 0.0
    """level of the direct sound over the reverberation, in a simulated room: how near the loudspeaker is"""
    overdrive: float = 0.0
    """the loudspeaker clips at an amplitude of 0.5 / overdrive; 0.0: it does not clip"""
    soft: bool = False
    """it saturates softly (tanh) instead of clipping"""
    drift_ppm: float = 0.0
    """of the microphone's clock against the loudspeaker's"""
    moved_s: float = 0.0
    """when the microphone is moved: another path, 10 ms longer; 0.0: never"""


def impulse_response(setting: Setting, speech: Path, seed: int) -> Samples:
    """At 48 kHz, the bulk delay included, its energy 1."""
    if isinstance(setting.response, str):
        recorded = soxr.resample(read(speech / setting.response), CORPUS_HZ, RATE_HZ)
        tail = _without_noise(recorded[int(np.abs(recorded).argmax()) :][: round(_LONGEST_S * RATE_HZ)])
    else:
        chance = np.random.default_rng(seed)
        n = int(1.2 * setting.response * RATE_HZ)
        tail = chance.normal(0, 1, n) * np.exp(-6.9 * np.arange(n) / (setting.response * RATE_HZ))
        tail[: RATE_HZ // 500] = 0.0
        tail *= 10 ** (-setting.direct_db / 20) / np.linalg.norm(tail)
        tail[0] = 1.0
    late = np.concatenate([silence(round(setting.delay_ms * RATE_HZ / 1000)), tail])
    return np.asarray(late / np.linalg.norm(late), np.float32)


def _without_noise(recorded: Samples) -> Samples:
    """The impulse response up to where it decays into the recording's own noise, which is not the room's.

    Lundeby and others 1995, "Uncertainties of measurements in room acoustics", Acustica 81, step 4, once.
    """
    piece = RATE_HZ // 50
    powers = np.square(recorded[: len(recorded) // piece * piece]).reshape(-1, piece).mean(axis=1)
    noise_power = powers[-max(1, len(powers) // 10) :].mean()
    return recorded[: int(np.argmax(powers <= 2 * noise_power)) * piece]


class Room:
    """An echo path in use. `echo_gain`: of the whole path, amplitude."""

    def __init__(self, setting: Setting, speech: Path, echo_gain: float = 1.0) -> None:
        self._setting = setting
        self._responses = [echo_gain * impulse_response(setting, speech, seed) for seed in (1, 2)]
        if setting.moved_s:
            self._responses[1] = np.pad(self._responses[1], (RATE_HZ // 100, 0))
        self._ringing = silence(round((_LONGEST_S + 0.2) * RATE_HZ) + BLOCK)
        self._blocks = 0
        self._clock: soxr.ResampleStream | None = None
        self._waiting = silence(0)
        if setting.drift_ppm:
            self._clock = soxr.ResampleStream(1e6, 1e6 + setting.drift_ppm, 1)
            self._waiting = silence(4 * BLOCK)

    def echo(self, played: Samples) -> Samples:
        """The echo in the microphone, one block of 20 ms (48 kHz) for each block played."""
        if self._setting.overdrive:
            top = np.float32(0.5 / self._setting.overdrive)
            played = top * np.tanh(played / top) if self._setting.soft else np.clip(played, -top, top)
        moved = self._setting.moved_s and self._blocks * BLOCK / RATE_HZ > self._setting.moved_s
        self._blocks += 1
        if played.any():
            ring = signal.oaconvolve(played, self._responses[1 if moved else 0])
            self._ringing[: len(ring)] += ring
        now = self._ringing[:BLOCK].copy()
        self._ringing[:-BLOCK] = self._ringing[BLOCK:]
        self._ringing[-BLOCK:] = 0.0
        return self._on_microphone_clock(now)

    def _on_microphone_clock(self, block: Samples) -> Samples:
        if self._clock is None:
            return block
        self._waiting = np.concatenate([self._waiting, self._clock.resample_chunk(block)])
        now, self._waiting = self._waiting[:BLOCK], self._waiting[BLOCK:]
        return np.pad(now, (0, BLOCK - len(now)))


@cache
def noise(seconds: int) -> Samples:
    """White noise at `NOISE_DB`, the same in every run."""
    chance = np.random.default_rng(5)
    return np.asarray(chance.normal(0, 10 ** (NOISE_DB / 20), seconds * RATE_HZ), np.float32)
