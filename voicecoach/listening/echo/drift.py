"""Two sound cards, two clocks: what was played, told again at the microphone's pace.

A microphone of 40 ppm less moves the echo by two thirds of a sample each second, and a filter that follows it
hears 3 of 41 "stop"s where one that stands still hears 39. So the drift is measured (delay.py) and taken out
before the filter: cubic interpolation at 48 kHz, whose error below 7 kHz lies under -50 dB (Laakso and others
1996, "Splitting the unit delay", IEEE Signal Processing Magazine 13(1)). On one card, without drift, it gives
every sample as it came, two samples late.
"""

import numpy as np

from voicecoach.listening.echo.kalman import Floats


class Stretcher:
    """Blocks of `block` samples in and out; out of most calls one comes, now and then none or two."""

    def __init__(self, block: int) -> None:
        self._block = block
        self._sound = np.zeros(4, np.float32)
        self._at = 2.0
        """where in `_sound` the next sample is read"""
        self._given = 0.0
        """samples read less samples that came: how far the telling has fallen behind, or run ahead"""

    @property
    def age(self) -> float:
        """How much older than the newest sample played the newest one told is, in samples."""
        return -self._given

    def process(self, played: Floats, drift: float) -> list[Floats]:
        """`drift`: how much faster the played clock runs than the heard one, as a share (40 ppm is 4e-5)."""
        self._sound = np.concatenate([self._sound, played])
        self._given -= len(played)
        blocks = []
        pace = 1.0 + drift
        while self._at + pace * (self._block - 1) + 2 <= len(self._sound) - 1:
            at = self._at + pace * np.arange(self._block)
            blocks.append(self._read(at))
            self._at += pace * self._block
            self._given += pace * self._block
        done = int(self._at) - 2
        self._sound, self._at = self._sound[done:], self._at - done
        return blocks

    def _read(self, at: np.ndarray) -> Floats:
        whole = at.astype(np.int64)
        x = (at - whole).astype(np.float32)
        a, b, c, d = (self._sound[whole + k] for k in (-1, 0, 1, 2))
        bend = c - a
        return np.asarray(
            b + 0.5 * x * (bend + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a))), np.float32
        )
