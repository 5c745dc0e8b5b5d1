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
_BLOCK_S = 0.4
"""BS.1770's gating block; a clip that is shorter is one block."""
_LOOK_S = 0.003
"""How long before and after a peak the limiter turns the sound down."""


def loudness_lufs(clip: Samples, rate_hz: int) -> float:
    """The integrated loudness of `clip`; minus infinity for silence."""
    meter = pyloudnorm.Meter(rate_hz, block_size=min(_BLOCK_S, len(clip) / rate_hz))
    return float(meter.integrated_loudness(clip.astype(np.float64)))


def levelled(clip: Samples, rate_hz: int) -> Samples:
    """`clip` at LOUDNESS_LUFS, its peaks limited to PEAK. Silence stays silence."""
    factor = gain(LOUDNESS_LUFS - loudness_lufs(clip, rate_hz))
    if not np.isfinite(factor):
        return clip
    return limited(clip * np.float32(factor), rate_hz)


def limited(clip: Samples, rate_hz: int) -> Samples:
    """`clip` turned down smoothly around each peak above PEAK.

    The least gain within twice `_LOOK_S`, averaged over it, is never above what the peak needs.
    """
    needed = np.minimum(1.0, PEAK / np.maximum(np.abs(clip), 1e-9))
    if needed.min(initial=1.0) == 1.0:
        return clip
    reach = 2 * round(_LOOK_S * rate_hz) + 1
    return (clip * uniform_filter1d(minimum_filter1d(needed, reach), reach)).astype(np.float32)
