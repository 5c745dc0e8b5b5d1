"""Near-end speech detection: is someone other than the coach speaking?

Near-end speech is what the canceller cannot explain: the error signal has more power than the expected
residual echo and the room's noise together. The residual echo suppressor supplies the expected residual echo.
The noise is the minimum power of the last seconds (minimum statistics). This distinguishes a whisper beside a
loud coach from a loud coach alone, which a level threshold cannot do.

Source: Martin 2001, "Noise power spectral density estimation based on optimal smoothing and minimum
statistics", IEEE Trans. SAP 9(5), section III.
"""

from collections import deque

_NOISE_BLOCKS = 100
"""2 s: longer than a sentence, and a pause follows each sentence."""
_NOISE_BIAS = 3.0
"""Factor from the minimum to the noise's power: the minimum of many powers lies below their mean."""
THRESHOLD = 8.0
"""Chosen on the curve of `scripts/bench echo --only curve` (41 real "stop"s, 10 dB below the coach). At 2, 4,
8 and 16 the miss rate is 2, 7, 7 and 24 % in a recorded room with a reverberation time of 1 s, and 2, 2, 7
and 12 % in a living room. At 4 the coach's signal tone was taken for near-end speech three times in 1.4 h,
because the coach's voice teaches the filter little about that frequency."""
_PERSISTENCE_BLOCKS = 2
"""Persistence: the threshold must be exceeded in two consecutive blocks of 20 ms, which a click does not
do."""
_LEAST_NOISE = 1e-7


class NearEndDetector:
    """To be called once a block. All powers in one unit, whatever it is (the suppressor's is used)."""

    def __init__(self) -> None:
        self.threshold = THRESHOLD
        """`ratio` above which there is near-end speech"""
        self._error_powers: deque[float] = deque(maxlen=_NOISE_BLOCKS)
        self._blocks_above = 0
        self.ratio = 0.0
        """power of the error signal over the power that residual echo and noise explain"""
        self.echo_audible = False
        """whether the expected residual echo exceeds the room's noise: the coach still sounds in the room"""

    def detects(self, error_power: float, residual_echo_power: float) -> bool:
        """Whether there is near-end speech in this block.

        `error_power`: of the error signal; `residual_echo_power`: how much of that is expected to be echo.
        """
        self._error_powers.append(error_power)
        noise_power = _NOISE_BIAS * min(self._error_powers) + _LEAST_NOISE
        self.echo_audible = residual_echo_power > noise_power
        self.ratio = error_power / (residual_echo_power + noise_power)
        self._blocks_above = self._blocks_above + 1 if self.ratio > self.threshold else 0
        return self._blocks_above >= _PERSISTENCE_BLOCKS
