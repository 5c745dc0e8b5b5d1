"""The coach's voice out of the microphone, so that the user is heard over it.

    heard ──┬──────── decimate ────────► kalman ──► residual ─┬─► 16 kHz for the recogniser
            │                      what? │    what is left    └─► near: does somebody speak?
    played ─┴─ delay: when? ─────────────┤          │
       └────── drift ─── loudspeaker ────┘   late ──┘ what is beyond
          two clocks   what it can play

Chosen by what Vosk hears of real people and not by echo loss: see `scripts/bench echo` and the README.
"""

from dataclasses import dataclass

import numpy as np

from voicecoach.listening.echo.decimate import Decimator
from voicecoach.listening.echo.delay import DelayFinder
from voicecoach.listening.echo.drift import Stretcher
from voicecoach.listening.echo.kalman import Floats, KalmanFilter
from voicecoach.listening.echo.late import LateTail
from voicecoach.listening.echo.loudspeaker import Loudspeaker
from voicecoach.listening.echo.near import NearEnd
from voicecoach.listening.echo.residual import ResidualSuppressor
from voicecoach.units import BLOCK, EAR_RATE_HZ, RATE_HZ

__all__ = ["LATENCY_S", "Cleaned", "EchoCanceller"]

_FACTOR = RATE_HZ // EAR_RATE_HZ
_STEP = BLOCK // _FACTOR
"""20 ms at 16 kHz."""
LATENCY_S = 0.021
"""A block of the residual's overlap, and half the decimator's taps."""
_TAIL_BLOCKS = 36
"""720 ms. Of a living room's echo 200 ms left a tail in which "stop" was heard 50 times in four minutes; in a
room of 1 s 480 ms took 25 dB away, 720 ms 31."""
_MOST_LAG = 16
_HEADROOM_S = 0.012
"""The echo is let begin this much into the first partition: the found delay may be a little late."""
_SEARCHING_S = 4.0
"""An echo that was not found while the coach spoke so long is no echo: a headset."""
_UNSURE = 0.3
"""Of the filter's own uncertainty so much is expected to be left beside the learnt leakage. In a room that
rings for a second the coach alone was taken for somebody 15 times a minute without it, and twice with it."""
_LATE = 0.5
"""The same of the tail beyond the filter: a window of the residual stage holds half a block's power."""
_SILENT = 1e-5
"""Energy of a block below which nothing is played."""
_MOVE = 0.2
"""A delay that drifts past a partition's edge by less than this part of it moves nothing."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One block for the recogniser, and what the canceller knows about it."""

    block: Floats
    near: bool
    """whether somebody speaks who is not the coach"""
    sure: bool
    """whether `near` can be relied upon: the echo was found, or there is none"""
    echoes: bool = False
    """whether the coach still sounds in the room"""


class EchoCanceller:
    """Blocks of 20 ms at 48 kHz in, at 16 kHz out, 21 ms late. Nothing is changed while nobody plays."""

    def __init__(self) -> None:
        self._heard, self._played = Decimator(_FACTOR), Decimator(_FACTOR)
        self.loudspeaker = Loudspeaker(_FACTOR)
        self._stretcher = Stretcher(BLOCK)
        self._delay = DelayFinder(EAR_RATE_HZ)
        self._filter = KalmanFilter(_STEP, _TAIL_BLOCKS, _MOST_LAG)
        self._late = LateTail(_TAIL_BLOCKS, _STEP + 1)
        self._residual = ResidualSuppressor(_STEP)
        self.near_end = NearEnd()
        self._played_s = 0.0

    @property
    def delay_s(self) -> float | None:
        return self._delay.delay_s

    def process(self, heard: Floats, played: Floats) -> Cleaned:
        near, far = self._heard.process(heard), self._played.process(played)
        self._delay.process(near, far)
        paced = self._stretcher.process(played, -self._delay.drift)
        self._filter.remember(*self.loudspeaker.process(paced))
        delay_s = self._delay.delay_s
        if delay_s is None:  # no echo, as with a headset: nothing is taken away, or paid
            block = self._residual.process(near, np.zeros(len(near), np.float32))
        else:
            self._align(delay_s)
            self.loudspeaker.compare(self._filter, near)
            left, echo = self._filter.process(near)
            late = self._late.process(self._filter.path, self._filter.oldest)
            block = self._residual.process(left, echo, _UNSURE * self._filter.unsure + _LATE * late)
        somebody = self.near_end.felt(self._residual.left_power, self._residual.expected_power)
        return Cleaned(block, somebody, self._is_sure(far), self.near_end.echoes)

    def _is_sure(self, far: Floats) -> bool:
        """As long as an echo is sought, what is heard may be one; then the filter knows how much it knows."""
        if np.dot(far, far) > _SILENT:
            self._played_s += BLOCK / RATE_HZ
        return self._delay.delay_s is not None or self._played_s > _SEARCHING_S

    def _align(self, delay_s: float) -> None:
        begins = (delay_s - self._stretcher.age / RATE_HZ - _HEADROOM_S) * EAR_RATE_HZ / _STEP
        if not -_MOVE <= begins - self._filter.lag <= 1 + _MOVE:
            self._filter.lag = int(begins)
