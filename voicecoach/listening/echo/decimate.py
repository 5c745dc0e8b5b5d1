"""From the stream's 48 kHz to the recogniser's 16 kHz, block by block, with a delay of a millisecond."""

import numpy as np

from voicecoach.listening.echo.arrays import Floats

_TAPS = 96
_BAND = 0.94
"""Cut-off (the -6 dB point, 7.5 kHz) as a share of the new Nyquist frequency. The response is flat to 6.5
kHz, 3 dB down at 7.3 kHz and 8 dB at 7.6 kHz, where the model's features end."""
_KAISER_BETA = 5.65


class Decimator:
    """Keeps every `factor`-th sample after an anti-aliasing low-pass.

    The low-pass is a sinc under a Kaiser window, about 60 dB down in the stop band. Its group delay is half
    its taps, 48 samples of the input.

    Source: Oppenheim, Schafer, "Discrete-time signal processing", section 7.5.3.
    """

    def __init__(self, factor: int) -> None:
        at = np.arange(_TAPS) - (_TAPS - 1) / 2
        taps = np.sinc(at * _BAND / factor) * np.kaiser(_TAPS, _KAISER_BETA)
        self._taps = (taps / taps.sum()).astype(np.float32)
        self._factor = factor
        self._history = np.zeros(_TAPS - 1, np.float32)
        """the last input samples, which the next output still needs"""

    def decimated(self, block: Floats) -> Floats:
        """The next `len(block) / factor` samples of the output.

        `block`: shape (k * factor,), at the higher rate.
        """
        longer = np.concatenate([self._history, block])
        self._history = longer[-(_TAPS - 1) :]
        windows = np.lib.stride_tricks.sliding_window_view(longer, _TAPS)[:: self._factor]
        return np.asarray(windows @ self._taps, np.float32)
