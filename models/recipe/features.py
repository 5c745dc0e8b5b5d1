"""Kaldi's MFCC features, as Vosk computes them: the network must be trained on what it will see in use.

40 coefficients from 40 mel bands, 20-7600 Hz, 25 ms windows every 10 ms ("povey" window, no dither, no
energy), at 16 kHz. Source: Kaldi, feat/feature-mfcc.cc and feat/mel-computations.cc.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

COEFFICIENTS = 40
WINDOW, SHIFT = 400, 160
_FFT = 512
_LOW_HZ, _HIGH_HZ, _RATE_HZ = 20.0, 7600.0, 16000.0
_LIFTER = 22.0
_PREEMPHASIS = 0.97
Floats = npt.NDArray[np.float32]


def _mel(hz: Any) -> Any:
    return 1127.0 * np.log(1.0 + np.asarray(hz) / 700.0)


@cache
def _bands(warp: float) -> Floats:
    """Mel filter bank, [257, 40]. `warp` stretches the frequency axis, as a longer or shorter vocal tract
    does (Lee & Rose 1996). The warp is linear here: the band edges stay within 20-7600 Hz anyway."""
    edges = np.linspace(_mel(_LOW_HZ), _mel(_HIGH_HZ), COEFFICIENTS + 2)
    mel = _mel(np.arange(_FFT // 2 + 1) * _RATE_HZ / _FFT * warp)[:, None]
    up = (mel - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - mel) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0.0, np.minimum(up, down))
    triangles[-1] = 0.0  # Kaldi leaves the Nyquist bin out
    return np.asarray(triangles, np.float32)


@cache
def _cosines() -> Floats:
    """[40, 40]: an orthonormal DCT-II times the cepstral lifter."""
    n = COEFFICIENTS
    k = np.arange(n)[None, :]
    matrix = np.sqrt(2.0 / n) * np.cos(np.pi / n * (np.arange(n)[:, None] + 0.5) * k)
    matrix[:, 0] = np.sqrt(1.0 / n)
    lifter = 1.0 + 0.5 * _LIFTER * np.sin(np.pi * np.arange(n) / _LIFTER)
    return np.asarray(matrix * lifter, np.float32)


@cache
def _window() -> Floats:
    ramp = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))
    return np.asarray(ramp**0.85, np.float32)


def mfcc(sound: Floats, warp: float = 1.0) -> Floats:
    """[frames, 40] from samples in int16 units (full scale 32768)."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::SHIFT].astype(np.float32)
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    power = np.abs(np.fft.rfft((frames - _PREEMPHASIS * before) * _window(), _FFT)) ** 2
    mel = np.log(np.maximum(power.astype(np.float32) @ _bands(round(warp, 2)), np.finfo(np.float32).eps))
    return np.asarray(mel @ _cosines(), np.float32)
