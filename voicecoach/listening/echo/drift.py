"""Clock drift between two sound cards: the far end is resampled to the microphone's clock.

A microphone clock that is 40 ppm slow shifts the echo by two thirds of a sample each second. With a filter
that had to track this shift, 3 of 41 "stop"s were heard; with one that did not have to, 39. So the drift is
measured (delay.py) and removed before the filter.

The interpolation is cubic (a Catmull-Rom spline) at 48 kHz; its error below 7 kHz is under -50 dB (Laakso and
others 1996, "Splitting the unit delay", IEEE Signal Processing Magazine 13(1)). On a single card there is no
drift, and every sample comes out unchanged, two samples late.
"""

import numpy as np

from voicecoach.listening.echo.arrays import Floats


class DriftCompensator:
    """Resamples the far end, in blocks of `block` samples at 48 kHz, by a ratio close to 1."""

    def __init__(self, block: int) -> None:
        self._block = block
        self._sound = np.zeros(4, np.float32)
        self._position = 2.0
        """where in `_sound` the next output sample lies, a fractional index"""
        self._surplus = 0.0
        """input samples read less input samples received: negative while the output lags behind the input"""

    @property
    def latency_samples(self) -> float:
        """By how many input samples the newest output sample is older than the newest input sample."""
        return -self._surplus

    def resampled(self, played: Floats, drift: float) -> list[Floats]:
        """The output blocks, shape (block,) each, that `played` completes: mostly one, now and then none or
        two.

        `played`: shape (block,) at 48 kHz. `drift`: by how much the playback clock is faster than the
        microphone's, as a share (40 ppm is 4e-5).
        """
        self._sound = np.concatenate([self._sound, played])
        self._surplus -= len(played)
        blocks = []
        pace = 1.0 + drift
        while self._position + pace * (self._block - 1) + 2 <= len(self._sound) - 1:
            positions = self._position + pace * np.arange(self._block)
            blocks.append(self._interpolated(positions))
            self._position += pace * self._block
            self._surplus += pace * self._block
        done = int(self._position) - 2
        self._sound, self._position = self._sound[done:], self._position - done
        return blocks

    def _interpolated(self, positions: np.ndarray) -> Floats:
        """`_sound` at fractional `positions`, shape (n,), by a Catmull-Rom spline through four samples."""
        whole = positions.astype(np.int64)
        x = (positions - whole).astype(np.float32)
        a, b, c, d = (self._sound[whole + k] for k in (-1, 0, 1, 2))
        return np.asarray(
            b + 0.5 * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a))), np.float32
        )
