"""Every clip in one loudness, with headroom for "louder".

A count must not be louder than the sentence before it, nor one voice than another. Loudness is that of EBU
R 128, measured as ITU-R BS.1770-5 says: K-weighted, in blocks of 400 ms, gated. pyloudnorm measures the same,
and the tests compare; but it imports scipy.signal, which would make the first word 0.6 s later.
"""

import numpy as np
import numpy.typing as npt

from voicecoach.sound import Samples, gain

LOUDNESS_LUFS = -20.0
PEAK = gain(-6.5)
"""No clip exceeds it, so that at the loudest setting (6 dB more) nothing reaches full scale."""
NEAR_DB = 0.3
_TRIES = 4
_BLOCK_S, _STEP_S = 0.4, 0.1
"""BS.1770's gating blocks; a clip that is shorter is one block."""
_ABSOLUTE_LUFS, _RELATIVE_DB = -70.0, -10.0
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The K-weighting filters at 48 kHz: (b, a) of BS.1770-5, annex 1, tables 1 and 2."""
_LOOK_S = 0.003
"""How long before and after a peak the limiter turns the sound down."""


def loudness_lufs(clip: Samples, rate_hz: int) -> float:
    """The integrated loudness of `clip`; minus infinity for silence."""
    weighted = np.square(_k_weighted(clip, rate_hz))
    block, step = min(round(_BLOCK_S * rate_hz), len(clip)), round(_STEP_S * rate_hz)
    powers = np.array(
        [weighted[at : at + block].mean() for at in range(0, len(clip) - block + 1, step)], np.float64
    )
    loud = powers[_lufs(powers) >= _ABSOLUTE_LUFS]
    if len(loud) == 0:
        return -np.inf
    loud = loud[_lufs(loud) > _lufs(loud.mean()) + _RELATIVE_DB]
    return float(_lufs(loud.mean()))


def levelled(clip: Samples, rate_hz: int) -> Samples:
    """`clip` at LOUDNESS_LUFS, its peaks limited to PEAK. Silence stays silence.

    The limiter takes from the loudness, so the gain is corrected once or twice.
    """
    out = limited(clip, rate_hz)
    for _ in range(_TRIES):
        missing_db = LOUDNESS_LUFS - loudness_lufs(out, rate_hz)
        if not np.isfinite(missing_db):
            return clip
        if abs(missing_db) < NEAR_DB:
            break
        out = limited(out * np.float32(gain(missing_db)), rate_hz)
    return out


def limited(clip: Samples, rate_hz: int) -> Samples:
    """`clip` turned down smoothly around each peak above PEAK.

    The least gain in a window, averaged over a window, is never above what the peak needs.
    """
    needed = np.minimum(1.0, PEAK / np.maximum(np.abs(clip), 1e-9))
    if needed.min(initial=1.0) == 1.0:
        return clip
    doublings = round(np.log2(2 * _LOOK_S * rate_hz))
    window = 2**doublings
    least = np.pad(needed, window - 1, constant_values=1.0)
    for i in range(doublings):  # the least of two windows is that of one twice as long
        least = np.minimum(least[: -(2**i)], least[2**i :])
    sums = np.cumsum(np.concatenate([[0.0], least]))
    smooth = (sums[window:] - sums[:-window]) / window
    return np.asarray(clip * smooth, np.float32)


def _lufs(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return -0.691 + 10.0 * np.log10(np.maximum(power, 1e-30))


def _k_weighted(clip: Samples, rate_hz: int) -> npt.NDArray[np.float64]:
    """`clip` through both filters, whose response is that at 48 kHz whatever the rate is."""
    size = 1 << (len(clip) + rate_hz // 5).bit_length()  # the filters ring for less than 0.2 s
    w = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1 / rate_hz) / 48_000)
    response = np.ones(len(w), np.complex128)
    for b, a in (_SHELF, _HIGH_PASS):
        response = response * np.polyval(b[::-1], w) / np.polyval(a[::-1], w)
    return np.fft.irfft(np.fft.rfft(clip, size) * response, size)[: len(clip)]
