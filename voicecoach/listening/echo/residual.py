"""What the linear filter leaves of the echo is held down, band by band, and the user is not.

How much is left is learnt from how the power of the residual moves with the power of the estimated echo:
their regression is the leakage (Valin 2007, "On adjusting the learning rate in frequency domain echo
cancellation with double-talk", IEEE Trans. ASLP 15(3), eq. 14-18). Spectral subtraction with a floor takes
that much away. The frames overlap by half under square-root Hann windows, which adds one block of delay and
gives the sound back exactly where nothing is taken.
"""

import numpy as np

from voicecoach.listening.echo.kalman import Floats

OVER = 3.0
"""More is taken away than is expected to be left: echo is louder in moments than on average."""
FLOOR = 0.03
_SMOOTH = 0.1
_LEARN = 0.02
_SILENT = 1e-4
_LEAST_LEAK = 5e-4
_RING = 0.6
"""The room's tail beyond the filter: of the echo's power this share still sounds a block later."""
_RELEASE = 0.3
_NEIGHBOURS = np.ones(9) / 9


class ResidualSuppressor:
    """One `block` of samples at a time; its output is one block late."""

    def __init__(self, block: int) -> None:
        bins = block + 1
        self._block = block
        self._window = np.sqrt(np.hanning(2 * block + 1)[:-1]).astype(np.float32)
        self._left, self._echo = np.zeros(2 * block, np.float32), np.zeros(2 * block, np.float32)
        self._tail = np.zeros(block, np.float32)
        self._mean_left, self._mean_echo = np.zeros(bins), np.zeros(bins)
        self._shared, self._spread = np.full(bins, 1e-3), np.full(bins, 1e-3)
        self._ringing, self._gain = np.zeros(bins), np.ones(bins)
        self.expected_power = 0.0
        """of the echo that is left in the last block, as learnt; compare `left_power`"""
        self.left_power = 0.0

    def process(self, left: Floats, echo: Floats) -> Floats:
        """`left` of the filter and the `echo` it estimated, one block each."""
        n = self._block
        for memory, new in ((self._left, left), (self._echo, echo)):
            memory[:n] = memory[n:]
            memory[n:] = new
        spectrum = np.fft.rfft(self._left * self._window)
        power = np.square(np.abs(spectrum))
        echo_power = np.square(np.abs(np.fft.rfft(self._echo * self._window)))
        self._ringing = np.maximum(echo_power, _RING * self._ringing)
        expected = self._leakage(power, echo_power) * self._ringing
        self.expected_power, self.left_power = float(expected.sum()), float(power.sum())
        gain = np.maximum(1 - OVER * expected / (power + 1e-9), FLOOR)
        self._gain = np.maximum(gain, _RELEASE * self._gain)
        frame = np.fft.irfft(spectrum * self._gain) * self._window
        out = (self._tail + frame[:n]).astype(np.float32)
        self._tail = frame[n:].astype(np.float32)
        return out

    def _leakage(self, power: np.ndarray, echo_power: np.ndarray) -> np.ndarray:
        moved, echo_moved = power - self._mean_left, echo_power - self._mean_echo
        self._mean_left += _SMOOTH * moved
        self._mean_echo += _SMOOTH * echo_moved
        if echo_power.sum() > _SILENT:
            self._shared += _LEARN * (moved * echo_moved - self._shared)
            self._spread += _LEARN * (np.square(echo_moved) - self._spread)
        leak = np.clip(self._shared / (self._spread + 1e-12), _LEAST_LEAK, 1.0)
        return np.convolve(leak, _NEIGHBOURS, "same")
