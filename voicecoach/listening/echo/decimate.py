"""From the stream's 48 kHz to the ear's 16 kHz, block by block, a millisecond late."""

import numpy as np

from voicecoach.listening.echo.kalman import Floats

_TAPS = 96
_BAND = 0.94
"""Passes up to 7.5 kHz; what the model's features end at (7.6 kHz) is 3 dB down."""


class Decimator:
    """Every `factor`-th sample after a low-pass: a sinc under a Kaiser window (Oppenheim, Schafer,
    "Discrete-time signal processing", 7.5.3), about 60 dB down in the stop band."""

    def __init__(self, factor: int) -> None:
        at = np.arange(_TAPS) - (_TAPS - 1) / 2
        taps = np.sinc(at * _BAND / factor) * np.kaiser(_TAPS, 5.65)
        self._taps = (taps / taps.sum()).astype(np.float32)
        self._factor = factor
        self._before = np.zeros(_TAPS - 1, np.float32)

    def process(self, block: Floats) -> Floats:
        """A multiple of `factor` samples in, a `factor`-th of them out."""
        longer = np.concatenate([self._before, block])
        self._before = longer[-(_TAPS - 1) :]
        windows = np.lib.stride_tricks.sliding_window_view(longer, _TAPS)[:: self._factor]
        return np.asarray(windows @ self._taps, np.float32)
