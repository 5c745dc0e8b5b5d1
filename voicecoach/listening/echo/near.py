"""Whether somebody speaks beside the coach.

A talker at the near end is what the canceller cannot explain: more power is left of the microphone's
signal than the echo's leakage and the room's noise account for. The leakage comes from the residual stage;
the noise is the least power of the last seconds (minimum statistics: Martin 2001, "Noise power spectral
density estimation based on optimal smoothing and minimum statistics", IEEE Trans. SAP 9(5), section III).
So it tells a whisper beside a loud coach from the loud coach alone, which a level cannot.
"""

from collections import deque

_FLOOR_BLOCKS = 100
"""2 s: longer than a sentence, and there is a pause after each."""
_FLOOR_BIAS = 3.0
"""The least of many is less than the mean."""
MANY_TIMES = 8.0
"""Chosen on the curve (`scripts/bench echo --only curve`; 41 real "stop"s 10 dB below the coach): at 2, 4, 8
and 16 times 2, 7, 7 and 24 % are missed in a recorded room that rings for a second, and 2, 2, 7 and 12 % in a
living room. At 4 the coach's own signal tone, which its voice teaches the filter little about, was somebody
three times in 1.4 h."""
_BLOCKS = 2
"""of 20 ms in a row: a click is nobody."""
_LEAST = 1e-7


class NearEnd:
    """Fed once a block; all powers in the same unit. Somebody is what is left `many_times` over what can be
    explained."""

    def __init__(self) -> None:
        self.many_times = MANY_TIMES
        self._left: deque[float] = deque(maxlen=_FLOOR_BLOCKS)
        self._in_a_row = 0
        self.ratio = 0.0
        """what is left over what can be explained"""
        self.echoes = False
        """whether more than the room's noise is expected to be left of the echo: the coach still sounds"""

    def felt(self, left_power: float, expected_power: float) -> bool:
        """Whether somebody speaks: from what is left, and what is expected to be left of the echo."""
        self._left.append(left_power)
        noise_power = _FLOOR_BIAS * min(self._left) + _LEAST
        self.echoes = expected_power > noise_power
        self.ratio = left_power / (expected_power + noise_power)
        self._in_a_row = self._in_a_row + 1 if self.ratio > self.many_times else 0
        return self._in_a_row >= _BLOCKS
