"""The residual echo suppressor: attenuates the echo that the linear filter leaves, and spares the user.

The expected residual echo of each bin is the sum of two parts: - the leakage times the power of the estimated
echo, including its decay. The leakage is the regression, over time, of the error's power on that power (Valin
2007, "On adjusting the learning rate in frequency domain echo cancellation with double-talk", IEEE Trans.
ASLP 15(3), eq. 14-18); - the additional power that is known from elsewhere: the filter's own uncertainty, and
the late residual echo.

Spectral subtraction attenuates each bin accordingly, but never below the room's noise: when echo was
attenuated to -74 dB of full scale, 8 dB below the surrounding noise, Vosk found "stop" 24 times in five
minutes. The noise of each bin is the minimum of its smoothed power over the last seconds (minimum statistics:
Martin 2001, as in near.py).

The frames overlap by half under square-root Hann windows. This adds one block of delay, and reconstructs the
sound exactly where nothing is attenuated.
"""

from collections import deque

import numpy as np

from voicecoach.listening.echo.arrays import Floats, Powers

OVERSUBTRACTION = 2.4
"""More than the expected power is subtracted: at moments the echo is louder than on average."""
GAIN_FLOOR = 0.03
"""Minimum amplitude gain of a bin."""
_MEAN_SMOOTHING = 0.05
"""Weight of the newest block in the mean powers of error and echo."""
_LEAKAGE_SMOOTHING = 0.02
"""Weight of the newest block in their covariance and variance."""
_SILENT = 1e-4
"""Echo power, summed over the bins, below which no leakage is learnt."""
_LEAST_LEAKAGE = 5e-4
_RINGING = 0.75
"""The share of the echo's power that still sounds in the room one block later."""
_RELEASE = 0.3
"""Limits the fall of a bin's gain: to this share of its value in the previous block."""
_NEIGHBOURS = np.ones(9) / 9
"""Bins over which the leakage is averaged."""
_NOISE_BLOCKS, _NOISE_SPANS = 25, 10
"""The minimum is taken over 10 spans of 25 blocks, 5 s: the coach pauses at least every 4 s."""
_NOISE_SMOOTHING = 0.3
"""Weight of the newest block in the smoothed power. It is larger than for the leakage, so that even a pause
of a fifth of a second counts."""
_NOISE_BIAS = 3.0
"""Factor from the minimum to the noise's power: the minimum of many powers lies below their mean."""


class ResidualEchoSuppressor:
    """One block of `block` samples at a time; the output is one block late."""

    def __init__(self, block: int) -> None:
        bins = block + 1
        self._block = block
        self._window = np.sqrt(np.hanning(2 * block + 1)[:-1]).astype(np.float32)
        self._error, self._echo = np.zeros(2 * block, np.float32), np.zeros(2 * block, np.float32)
        self._overlap = np.zeros(block, np.float32)
        self._mean_error, self._mean_echo = np.zeros(bins), np.zeros(bins)
        self._covariance, self._variance = np.full(bins, 1e-3), np.full(bins, 1e-3)
        """of the powers of error and echo, and of the echo's power, over time; shape (bins,)"""
        self._leakage = np.ones(bins)
        self._ringing, self._gain = np.zeros(bins), np.ones(bins)
        self._smoothed: Powers | None = None
        self._minima: deque[Powers] = deque([np.full(bins, np.inf)], maxlen=_NOISE_SPANS)
        self._blocks = 0
        self.residual_echo_power = 0.0
        """expected in the last frame, summed over the bins; in the unit of `error_power`"""
        self.error_power = 0.0
        """of the error signal in the last frame, summed over the bins"""

    def suppressed(self, error: Floats, echo: Floats, additional: Powers | float = 0.0) -> Floats:
        """The error signal of the previous block, shape (block,), with its residual echo attenuated.

        `error`, `echo`: the filter's error signal and estimated echo, shape (block,). `additional`: power of
        residual echo that is expected in addition to the leakage, shape (bins,), or one value for all bins.
        """
        n = self._block
        for window, block in ((self._error, error), (self._echo, echo)):
            window[:n] = window[n:]
            window[n:] = block
        error_frame, echo_frame = self._error * self._window, self._echo * self._window
        spectrum = _gain_no_louder(error_frame, echo_frame) * np.fft.rfft(error_frame)
        power = np.square(np.abs(spectrum))
        echo_power = np.square(np.abs(np.fft.rfft(echo_frame)))
        self._ringing = np.maximum(echo_power, _RINGING * self._ringing)
        noise = self._noise_power(power)
        self._learn_leakage(power, self._ringing)
        expected = self._leakage * self._ringing + additional
        self.residual_echo_power, self.error_power = float(expected.sum()), float(power.sum())
        gain_to_noise = np.sqrt(np.minimum(noise / (power + 1e-12), 1.0))
        gain = np.maximum(
            1 - OVERSUBTRACTION * expected / (power + 1e-9), np.maximum(gain_to_noise, GAIN_FLOOR)
        )
        self._gain = np.maximum(gain, _RELEASE * self._gain)
        frame = np.fft.irfft(spectrum * self._gain) * self._window
        out = (self._overlap + frame[:n]).astype(np.float32)
        self._overlap = frame[n:].astype(np.float32)
        return out

    def _noise_power(self, power: Powers) -> Powers:
        """Shape (bins,). Zero before the first sound: the exact silence in which a stream begins is no
        noise."""
        if self._smoothed is None:
            if not power.any():
                return power
            self._smoothed = power.copy()
        self._smoothed += _NOISE_SMOOTHING * (power - self._smoothed)
        self._blocks += 1
        if self._blocks % _NOISE_BLOCKS == 0:
            self._minima.append(self._smoothed.copy())
        np.minimum(self._minima[-1], self._smoothed, out=self._minima[-1])
        return np.asarray(_NOISE_BIAS * np.min(self._minima, axis=0))

    def _learn_leakage(self, power: Powers, echo_power: Powers) -> None:
        """Regression of the error's power on the echo's, shape (bins,) both: covariance over variance."""
        change, echo_change = power - self._mean_error, echo_power - self._mean_echo
        self._mean_error += _MEAN_SMOOTHING * change
        self._mean_echo += _MEAN_SMOOTHING * echo_change
        if echo_power.sum() > _SILENT:
            self._covariance += _LEAKAGE_SMOOTHING * (change * echo_change - self._covariance)
            self._variance += _LEAKAGE_SMOOTHING * (np.square(echo_change) - self._variance)
        leakage = np.clip(self._covariance / (self._variance + 1e-12), _LEAST_LEAKAGE, 1.0)
        self._leakage = np.convolve(leakage, _NEIGHBOURS, "same")


def _gain_no_louder(error: Floats, echo: Floats) -> float:
    """The gain, 1.0 at most, that keeps the error from being louder than the microphone was.

    A filter that has not converged yet rings on after the coach has stopped, and Vosk heard "stop" in that.
    """
    microphone_energy, error_energy = (float(np.dot(x, x)) for x in (error + echo, error))
    return min(1.0, float(np.sqrt(microphone_energy / (error_energy + 1e-12))))
