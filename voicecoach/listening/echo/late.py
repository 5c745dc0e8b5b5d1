"""The room's tail beyond the filter: what still rings there, by how the part before it dies away.

A room dies away exponentially, so the filter's last quarter against the one before it tells how fast, band by
band, and how loud what follows must be. Its power is that of what was played so long ago, through this decay.

Source: Habets, Gannot, Cohen, Sommen 2008, "Joint dereverberation and residual echo suppression of speech
signals in noisy environments", IEEE Trans. ASLP 16(8), section IV-B (eq. 36-41).
"""

import numpy as np

from voicecoach.listening.echo.kalman import Complex, Powers

_SLOWEST = 0.87
"""of the power that is left from one block of 20 ms to the next: 2 s for 60 dB."""
_EVERY = 10
"""The room is looked at so seldom: it does not move."""
_BAND = np.ones(25) / 25
"""625 Hz: one partition of one bin is a chance, their mean is the room."""


class LateTail:
    """`partitions` (a multiple of 4) and `bins` of the filter's path."""

    def __init__(self, partitions: int, bins: int) -> None:
        self._quarter = partitions // 4
        self._decay, self._next = np.zeros(bins), np.zeros(bins)
        self._power = np.zeros(bins)
        self._blocks = 0

    def process(self, path: Complex, oldest: Complex) -> Powers:
        """The power of the tail in this block, bin by bin. `path`: (partitions, bins) of the filter;
        `oldest`: spectrum of the played block that has just left it."""
        if self._blocks % _EVERY == 0:
            self._look(path)
        self._blocks += 1
        self._power = self._decay * self._power + self._next * np.square(np.abs(oldest))
        return self._power

    def _look(self, path: Complex) -> None:
        quarter = self._quarter
        powers = np.square(np.abs(path[-2 * quarter :]))
        before, last = (
            np.convolve(part.mean(axis=0), _BAND, "same") for part in (powers[:quarter], powers[quarter:])
        )
        self._decay = np.minimum((last / (before + 1e-12)) ** (1 / quarter), _SLOWEST)
        self._next = last * self._decay ** ((quarter + 1) / 2)
