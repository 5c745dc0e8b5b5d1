"""What the linear filter leaves of the echo is held down, band by band, and the user is not.

How much is left is learnt from how the power of the residual moves with the power of the estimated echo as it
rings on: their regression is the leakage (Valin 2007, "On adjusting the learning rate in frequency domain
echo cancellation with double-talk", IEEE Trans. ASLP 15(3), eq. 14-18). To it comes what the filter itself is
unsure of. Spectral subtraction with a floor takes that much away, down to the room's noise and not below: in
an echo held down to -74 dB of full scale, 8 dB under the noise around it, Vosk found "stop" 24 times in five
minutes. The noise of each band is the least that its smoothed power was in the last seconds (minimum
statistics: Martin 2001, as in near.py). The frames overlap by half under square-root Hann windows, which adds
one block of delay and gives the sound back exactly where nothing is taken.
"""

from collections import deque

import numpy as np

from voicecoach.listening.echo.kalman import Floats, Powers

OVER = 2.4
"""More is taken away than is expected to be left: echo is louder in moments than on average."""
FLOOR = 0.03
_SMOOTH = 0.05
_LEARN = 0.02
_SILENT = 1e-4
_LEAST_LEAK = 5e-4
_RING = 0.75
"""The room's tail beyond the filter: of the echo's power this share still sounds a block later."""
_RELEASE = 0.3
_NEIGHBOURS = np.ones(9) / 9
_NOISE_BLOCKS, _NOISE_PARTS = 25, 10
"""5 s: the coach pauses after 4 s at most."""
_NOISE_SMOOTH = 0.3
"""Faster than the leakage's: also a pause of a fifth of a second counts."""
_NOISE_BIAS = 3.0
"""The least of many is less than the mean."""


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
        self._leak = np.ones(bins)
        self._ringing, self._gain = np.zeros(bins), np.ones(bins)
        self._quick: Powers | None = None
        self._least: deque[Powers] = deque([np.full(bins, np.inf)], maxlen=_NOISE_PARTS)
        self._blocks = 0
        self.expected_power = 0.0
        """of the echo that is left in the last block, as learnt; compare `left_power`"""
        self.left_power = 0.0

    def process(self, left: Floats, echo: Floats, beside: Powers | float = 0.0) -> Floats:
        """`left` of the filter and the `echo` it estimated, one block each; `beside`: the power, bin by
        bin, that is known to be left beside the leakage."""
        n = self._block
        for memory, new in ((self._left, left), (self._echo, echo)):
            memory[:n] = memory[n:]
            memory[n:] = new
        left_frame, echo_frame = self._left * self._window, self._echo * self._window
        spectrum = _no_louder(left_frame, echo_frame) * np.fft.rfft(left_frame)
        power = np.square(np.abs(spectrum))
        echo_power = np.square(np.abs(np.fft.rfft(echo_frame)))
        self._ringing = np.maximum(echo_power, _RING * self._ringing)
        noise = self._noise(power)
        self._learn(power, self._ringing)
        expected = self._leak * self._ringing + beside
        self.expected_power, self.left_power = float(expected.sum()), float(power.sum())
        to_the_noise = np.sqrt(np.minimum(noise / (power + 1e-12), 1.0))
        gain = np.maximum(1 - OVER * expected / (power + 1e-9), np.maximum(to_the_noise, FLOOR))
        self._gain = np.maximum(gain, _RELEASE * self._gain)
        frame = np.fft.irfft(spectrum * self._gain) * self._window
        out = (self._tail + frame[:n]).astype(np.float32)
        self._tail = frame[n:].astype(np.float32)
        return out

    def _noise(self, power: Powers) -> Powers:
        """Unknown, it is none: not before the first sound, for a stream begins with exact silence."""
        if self._quick is None:
            if not power.any():
                return power
            self._quick = power.copy()
        self._quick += _NOISE_SMOOTH * (power - self._quick)
        self._blocks += 1
        if self._blocks % _NOISE_BLOCKS == 0:
            self._least.append(self._quick.copy())
        np.minimum(self._least[-1], self._quick, out=self._least[-1])
        return np.asarray(_NOISE_BIAS * np.min(self._least, axis=0))

    def _learn(self, power: Powers, echo_power: Powers) -> None:
        moved, echo_moved = power - self._mean_left, echo_power - self._mean_echo
        self._mean_left += _SMOOTH * moved
        self._mean_echo += _SMOOTH * echo_moved
        if echo_power.sum() > _SILENT:
            self._shared += _LEARN * (moved * echo_moved - self._shared)
            self._spread += _LEARN * (np.square(echo_moved) - self._spread)
        leak = np.clip(self._shared / (self._spread + 1e-12), _LEAST_LEAK, 1.0)
        self._leak = np.convolve(leak, _NEIGHBOURS, "same")


def _no_louder(left: Floats, echo: Floats) -> float:
    """The gain that keeps what is left from being more than what was heard: a filter that has not learnt yet
    rings on when the coach has stopped, and Vosk heard "stop" in that."""
    came, remains = (float(np.dot(x, x)) for x in (left + echo, left))
    return min(1.0, float(np.sqrt(came / (remains + 1e-12))))
