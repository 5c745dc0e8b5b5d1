"""The late residual echo: reverberation that outlasts the echo path of the linear filter.

A room's response decays exponentially. The ratio of the path's last quarter to the quarter before it gives
the decay rate, band by band, and with it the level at which the response continues beyond the filter. The
power of the late residual echo follows from that decay and the power of the far end that has left the
filter's span.

Source: Habets, Gannot, Cohen, Sommen 2008, "Joint dereverberation and residual echo suppression of speech
signals in noisy environments", IEEE Trans. ASLP 16(8), section IV-B (eq. 36-41). They call it late residual
echo.
"""

import numpy as np

from voicecoach.listening.echo.arrays import Powers, Spectra

_SLOWEST_DECAY = 0.87
"""Maximum share of the power that is left after a block of 20 ms: a reverberation time of 2 s (60 dB)."""
_REFIT_BLOCKS = 10
"""The decay is fitted only every 10 blocks, as the room does not change."""
_BAND = np.ones(25) / 25
"""Width of the average over bins, 625 Hz. A single bin of one partition is random; the mean is the room's."""


class LateResidualEcho:
    """`partitions` (a multiple of 4) and `bins` are those of the filter's path."""

    def __init__(self, partitions: int, bins: int) -> None:
        self._quarter = partitions // 4
        self._decay, self._first = np.zeros(bins), np.zeros(bins)
        """shape (bins,): decay of power from block to block; power of the first partition beyond the path"""
        self._power: Powers = np.zeros(bins)
        self._blocks = 0

    def next_power(self, path: Spectra, oldest_far_end: Spectra) -> Powers:
        """The late residual echo's power in the next block, shape (bins,), of an unwindowed frame of two
        blocks.

        `path`: shape (partitions, bins). `oldest_far_end`: shape (bins,), the spectrum of the far end's block
        that has just left the filter's span. To be called once a block.
        """
        if self._blocks % _REFIT_BLOCKS == 0:
            self._fit_decay(path)
        self._blocks += 1
        self._power = self._decay * self._power + self._first * np.square(np.abs(oldest_far_end))
        return self._power

    def _fit_decay(self, path: Spectra) -> None:
        quarter = self._quarter
        powers = np.square(np.abs(path[-2 * quarter :]))
        before, last = (
            np.convolve(part.mean(axis=0), _BAND, "same") for part in (powers[:quarter], powers[quarter:])
        )
        self._decay = np.minimum((last / (before + 1e-12)) ** (1 / quarter), _SLOWEST_DECAY)
        self._first = last * self._decay ** ((quarter + 1) / 2)  # from the last quarter's middle to its end
