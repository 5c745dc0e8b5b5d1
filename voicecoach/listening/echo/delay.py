"""The bulk delay of the echo, and the drift between two sound cards' clocks.

The bulk delay is the time from playing a sound to its arrival at the microphone. It is the peak of the
generalised cross-correlation with phase transform (GCC-PHAT), averaged over the last seconds. The phase
transform whitens the spectrum, so the direct sound gives one sharp peak whatever the coach's voice and the
room do to the spectrum. A parabola through the peak resolves it to a tenth of a sample. A straight line
through the delays of the last 40 s gives the drift between the two clocks to 0.1 ppm.

Source: Knapp, Carter 1976, "The generalized correlation method for estimation of time delay", IEEE Trans.
ASSP 24(4), table I.
"""

from collections import deque

import numpy as np

from voicecoach.listening.echo.arrays import Floats

SHORTEST_S, LONGEST_S = 0.01, 0.35
"""The range that is searched. No sound card has shorter buffers: what seems to come back sooner is the user
speaking in the coach's rhythm."""
_WINDOW_S = 1.0
"""Length of the sound that one estimate correlates."""
_INTERVAL_S = 0.25
"""Time from one estimate to the next."""
_SMOOTHING = 0.75
"""Weight of the past in the recursive average of the cross-spectrum."""
_PEAK_OVER_RMS = 7.0
"""A peak counts if it exceeds the root mean square over all lags by this factor."""
_TOLERANCE_S, _AGREEING = 0.002, 5
"""This many consecutive estimates must agree within the tolerance. Two were not enough: they share most of
their sound, and an echo was "found" for a user with a headset."""
_JUMP_S = 0.0005
"""A delay this far off the fitted line belongs to another echo path and begins a new line."""
_STRAIGHT_S = 1.5e-5
"""A line with a larger root mean square residual is not taken for drift. Where a reflection is as strong as
the direct sound, the peak leaps between the two; that was once taken for a drift of 50 ppm and kept the
filter from converging for half a minute."""
_STANDARD_ERRORS, _DEPENDENT_ESTIMATES = 3.0, 8.0
"""A new drift is accepted if it differs from the present one by this many standard errors of the line's
slope. Neighbouring estimates share sound, so eight of them count as one independent estimate in that error.
Without this test, the scatter of the first 6 s passed for a drift of 0.4 ppm on a card that had none, and the
filter lost 18 dB."""
_LINE_S = 40.0
"""The line is fitted to the estimates of the last 40 s."""
_SHORTEST_LINE_S = 6.0
_SILENT_RMS = 1e-4
"""Level of the far end, of full scale, below which there is nothing to correlate."""


class DelayEstimator:
    """Estimates the bulk delay (`delay_s`) and the clock drift (`drift`) from microphone and far end."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._length = int(_WINDOW_S * rate_hz)
        self._size = 1 << int(np.ceil(np.log2(2 * self._length)))
        self._microphone, self._far_end = np.zeros((2, self._length), np.float32)
        self._cross_spectrum = np.zeros(self._size // 2 + 1, np.complex128)
        self._samples = self._since_estimate = 0
        self._last_s: float | None = None
        self._agreed = 0
        self._line: deque[tuple[float, float]] = deque()
        """(time, delay) of each accepted estimate, in seconds"""
        self.delay_s: float | None = None
        """the last delay on which `_AGREEING` estimates agreed, in seconds; None before there was one"""
        self.drift = 0.0
        """change of the delay in seconds a second (10 ppm is 1e-5); 0.0 until it is known"""

    def observe(self, microphone: Floats, far_end: Floats) -> None:
        """Take one block of each, shape (n,) at `rate_hz`, of the same moment, and update the estimates."""
        n = len(microphone)
        for window, block in ((self._microphone, microphone), (self._far_end, far_end)):
            window[:-n] = window[n:]
            window[-n:] = block
        self._samples += n
        self._since_estimate += n
        if self._since_estimate >= _INTERVAL_S * self._rate_hz:
            self._since_estimate = 0
            if np.sqrt(np.mean(np.square(self._far_end))) > _SILENT_RMS and self._microphone.any():
                self._estimate()

    def _estimate(self) -> None:
        microphone, far_end = (np.fft.rfft(x, self._size) for x in (self._microphone, self._far_end))
        cross = microphone * np.conj(far_end)
        whitened = cross / (np.abs(cross) + 1e-9)
        self._cross_spectrum = _SMOOTHING * self._cross_spectrum + (1 - _SMOOTHING) * whitened
        correlation = np.abs(np.fft.irfft(self._cross_spectrum)[: int(LONGEST_S * self._rate_hz)])
        shortest = int(SHORTEST_S * self._rate_hz)
        peak = shortest + int(correlation[shortest:].argmax())
        if correlation[peak] < _PEAK_OVER_RMS * np.sqrt(np.mean(np.square(correlation))):
            self._last_s, self._agreed = None, 0
            return
        found_s = (peak + _parabola_offset(correlation, peak)) / self._rate_hz
        agrees = self._last_s is not None and abs(found_s - self._last_s) < _TOLERANCE_S
        self._agreed = self._agreed + 1 if agrees else 1
        if self._agreed >= _AGREEING:
            self.delay_s = found_s
            self._fit_drift(self._samples / self._rate_hz, found_s)
        self._last_s = found_s

    def _fit_drift(self, now_s: float, delay_s: float) -> None:
        """Least-squares line through the recent delays; its slope is the drift."""
        line = self._line
        if line:
            before_s, last_s = line[-1]
            if abs(delay_s - last_s - self.drift * (now_s - before_s)) > _JUMP_S:
                line.clear()
        line.append((now_s, delay_s))
        while now_s - line[0][0] > _LINE_S:
            line.popleft()
        if now_s - line[0][0] >= _SHORTEST_LINE_S:
            time, delay = np.array(line).T
            time = time - time.mean()
            slope = float(np.dot(time, delay) / np.dot(time, time))
            residual_s = float(np.sqrt(np.mean(np.square(delay - delay.mean() - slope * time))))
            if residual_s > _STRAIGHT_S:
                line.clear()
                return
            slope_error_per_residual = np.sqrt(_DEPENDENT_ESTIMATES / np.dot(time, time))
            if abs(slope - self.drift) > _STANDARD_ERRORS * residual_s * slope_error_per_residual:
                self.drift = slope


def _parabola_offset(correlation: np.ndarray, peak: int) -> float:
    """Where the parabola through `peak` and its two neighbours is highest, in samples from `peak` (±0.5)."""
    if not 0 < peak < len(correlation) - 1:
        return 0.0
    before, at, after = correlation[peak - 1 : peak + 2]
    return float(0.5 * (before - after) / (before - 2 * at + after - 1e-12))
