"""When the echo begins, and how fast that changes.

The delay between what is played and its arrival at the microphone is the peak of the generalised cross-
correlation with phase transform (Knapp, Carter 1976, "The generalized correlation method for estimation of
time delay", IEEE Trans. ASSP 24(4), table I), averaged over the last seconds. The whitening makes one sharp
peak of the direct sound, whatever the coach's voice and the room do to the spectrum. A parabola through the
peak tells it to a tenth of a sample; a straight line through the delays of the last 40 s tells the drift of
two clocks to 0.1 ppm.
"""

from collections import deque

import numpy as np

from voicecoach.listening.echo.kalman import Floats

SHORTEST_S, LONGEST_S = 0.01, 0.35
"""No sound card's buffers are shorter: what seems to come back sooner is the user in the coach's rhythm."""
_WINDOW_S = 1.0
_EVERY_S = 0.25
_KEEP = 0.75
_SURE = 7.0
"""The peak over the root mean square of all lags."""
_AGREE_S, _LOOKS = 0.002, 5
"""So many looks must agree: two that share a second of sound found an echo in a headset user's room."""
_JUMP_S = 0.0005
"""A delay so far off the line is another path and begins a new line."""
_STRAIGHT_S = 1.5e-5
"""A line that is less straight is no drift: where a reflection is as strong as a room's first sound, the peak
leaps between them, and what was taken for 50 ppm kept the filter from learning for half a minute."""
_ERRORS, _SHARED_LOOKS = 3.0, 8.0
"""The drift is taken for another when it is so many standard errors of the line's slope from what it was. The
error is that of so many fewer looks, as they share their sound. Without it the scatter of the first 6 s was
taken for a drift of 0.4 ppm on a card that had none, and the filter lost 18 dB over it."""
_LINE_S = 40.0
_LEAST_LINE_S = 6.0
_SILENT = 1e-4


class DelayFinder:
    """`delay_s` is None until some looks agree; afterwards the last delay that did. `drift` is its change in
    seconds a second, 0 until it is known."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._length = int(_WINDOW_S * rate_hz)
        self._size = 1 << int(np.ceil(np.log2(2 * self._length)))
        self._heard, self._played = np.zeros((2, self._length), np.float32)
        self._cross = np.zeros(self._size // 2 + 1, np.complex128)
        self._samples = self._since = 0
        self._last_s: float | None = None
        self._agreed = 0
        self._line: deque[tuple[float, float]] = deque()
        """(when, delay), in seconds"""
        self.delay_s: float | None = None
        self.drift = 0.0

    def process(self, heard: Floats, played: Floats) -> None:
        n = len(heard)
        for memory, new in ((self._heard, heard), (self._played, played)):
            memory[:-n] = memory[n:]
            memory[-n:] = new
        self._samples += n
        self._since += n
        if self._since >= _EVERY_S * self._rate_hz:
            self._since = 0
            if np.sqrt(np.mean(np.square(self._played))) > _SILENT and self._heard.any():
                self._look()

    def _look(self) -> None:
        heard, played = (np.fft.rfft(x, self._size) for x in (self._heard, self._played))
        cross = heard * np.conj(played)
        self._cross = _KEEP * self._cross + (1 - _KEEP) * cross / (np.abs(cross) + 1e-9)
        lags = np.abs(np.fft.irfft(self._cross)[: int(LONGEST_S * self._rate_hz)])
        shortest = int(SHORTEST_S * self._rate_hz)
        peak = shortest + int(lags[shortest:].argmax())
        if lags[peak] < _SURE * np.sqrt(np.mean(np.square(lags))):
            self._last_s, self._agreed = None, 0
            return
        found_s = (peak + _summit(lags, peak)) / self._rate_hz
        agrees = self._last_s is not None and abs(found_s - self._last_s) < _AGREE_S
        self._agreed = self._agreed + 1 if agrees else 1
        if self._agreed >= _LOOKS:
            self.delay_s = found_s
            self._follow(self._samples / self._rate_hz, found_s)
        self._last_s = found_s

    def _follow(self, now_s: float, delay_s: float) -> None:
        line = self._line
        if line:
            when_s, last_s = line[-1]
            if abs(delay_s - last_s - self.drift * (now_s - when_s)) > _JUMP_S:
                line.clear()
        line.append((now_s, delay_s))
        while now_s - line[0][0] > _LINE_S:
            line.popleft()
        if now_s - line[0][0] >= _LEAST_LINE_S:
            when, delay = np.array(line).T
            when = when - when.mean()
            drift = float(np.dot(when, delay) / np.dot(when, when))
            bent_s = float(np.sqrt(np.mean(np.square(delay - delay.mean() - drift * when))))
            if bent_s > _STRAIGHT_S:
                line.clear()
            elif abs(drift - self.drift) > _ERRORS * bent_s * np.sqrt(_SHARED_LOOKS / np.dot(when, when)):
                self.drift = drift


def _summit(lags: np.ndarray, peak: int) -> float:
    """How far beside `peak` the top of the parabola through it and its neighbours lies, -0.5 to 0.5."""
    if not 0 < peak < len(lags) - 1:
        return 0.0
    before, at, after = lags[peak - 1 : peak + 2]
    return float(0.5 * (before - after) / (before - 2 * at + after - 1e-12))
