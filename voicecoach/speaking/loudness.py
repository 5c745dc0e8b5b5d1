"""Every clip in one loudness, with headroom for "louder".

A count must not be louder than the sentence before it, nor one voice than another. Loudness is that of EBU
R 128 (ITU-R BS.1770-4: K-weighted, gated), measured by pyloudnorm.
"""

import numpy as np
import pyloudnorm
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from voicecoach.sound import Samples, gain

LOUDNESS_LUFS = -20.0
PEAK = gain(-6.5)
"""No clip exceeds it, so that at the loudest setting (6 dB more) nothing reaches full scale."""
NEAR_DB = 0.3
_TRIES = 4
_BLOCK_S = 0.4
"""BS.1770's gating block; a clip that is shorter is one block."""
_LOOK_S = 0.003
"""How long before and after a peak the limiter turns the sound down."""


def loudness_lufs(clip: Samples, rate_hz: int) -> float:
    """The integrated loudness of `clip`; minus infinity for silence."""
    meter = pyloudnorm.Meter(rate_hz, block_size=min(_BLOCK_S, len(clip) / rate_hz))
    return float(meter.integrated_loudness(clip.astype(np.float64)))


def levelled(clip: Samples, rate_hz: int) -> Samples:
    """`clip` at LOUDNESS_LUFS, its peaks limited to PEAK. Silence stays silence.

    The limiter takes from the loudness, so the gain is corrected once or twice.
    """
    out = clip
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

    The least gain within twice `_LOOK_S`, averaged over it, is never above what the peak needs.
    """
    needed = np.minimum(1.0, PEAK / np.maximum(np.abs(clip), 1e-9))
    if needed.min(initial=1.0) == 1.0:
        return clip
    reach = 2 * round(_LOOK_S * rate_hz) + 1
    return np.asarray(clip * uniform_filter1d(minimum_filter1d(needed, reach), reach), np.float32)
