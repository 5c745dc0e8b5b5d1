"""Speaking manners and acoustic conditions, simulated on clean speech, as no recordings of them exist here:

shouted      the spectrum is tilted up by 6 to 12 dB, then the peaks are clipped
breathless   the level falls along the utterance, and breath noise is added
whispered    the smoothed spectrum with random phase, so without pitch (Sharifzadeh et al. 2010)
off axis     a low-pass at 2.5-5 kHz: the mouth is turned away from the microphone
equalised    a random smooth filter: another vocal tract and another microphone
in a room    reverberation
telephone    a telephone's band, up to 4 kHz, half of the time with its coding in 8 bits
unreleased   the burst of a final P, T or K is missing, as in most people's "help"
"""

from collections.abc import Callable

import numpy as np
import soxr
from scipy import fft, signal

from recipe.corpus import RATE_HZ, Samples

_EQ_BANDS, _EQ_DB = 7, 5.0
_TELEPHONE_HZ, _MU = 8000, 255.0
_CLOSED, _FADE = 0.03, 160


def level(sound: Samples) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(sound), dtype=np.float64)) + 1e-6)


def mixed(sound: Samples, other: Samples, ratio_db: float) -> Samples:
    """`sound` plus `other`, scaled so that `sound` is `ratio_db` louder, over the whole length."""
    return np.asarray(sound + other * (level(sound) / level(other) * 10 ** (-ratio_db / 20)), np.float32)


def whispered(sound: Samples, rng: np.random.Generator) -> Samples:
    _, _, spectrum = signal.stft(sound, RATE_HZ, nperseg=400, noverlap=240)
    size = np.abs(spectrum)
    smooth = signal.fftconvolve(size, np.ones((9, 1)) / 9, mode="same")
    smooth *= np.linspace(0.15, 1.3, len(smooth))[:, None]  # a whisper lacks low frequencies
    phase = np.exp(2j * np.pi * rng.random(smooth.shape))
    _, back = signal.istft(smooth * phase, RATE_HZ, nperseg=400, noverlap=240)
    return np.resize(back, len(sound)).astype(np.float32)


def shouted(sound: Samples, rng: np.random.Generator) -> Samples:
    tilt = signal.lfilter([1, -rng.uniform(0.5, 0.9)], [1], sound)
    top = np.percentile(np.abs(tilt), 99.5) * rng.uniform(0.3, 0.9) + 1e-6
    return np.asarray(np.clip(tilt, -top, top), np.float32)


def breathless(sound: Samples, rng: np.random.Generator) -> Samples:
    fading = np.linspace(1.0, rng.uniform(0.3, 0.7), len(sound))
    breath = rng.normal(0, 1, len(sound)) * (0.5 + 0.5 * np.sin(np.arange(len(sound)) / 5000)) ** 2
    breath = signal.lfilter([1, -0.9], [1, -0.5], breath)
    return mixed((sound * fading).astype(np.float32), breath.astype(np.float32), rng.uniform(8, 20))


def off_axis(sound: Samples, rng: np.random.Generator) -> Samples:
    corner = signal.butter(1, rng.uniform(2500, 5000), fs=RATE_HZ, output="sos")
    return np.asarray(signal.sosfilt(corner, sound), np.float32)


def equalised(sound: Samples, rng: np.random.Generator) -> Samples:
    """`sound` through a random filter: normally distributed gains (5 dB) at 7 frequencies evenly spaced in
    pitch, interpolated between them."""
    n = fft.next_fast_len(len(sound), real=True)
    spectrum = fft.rfft(sound, n)
    hz = np.linspace(0, RATE_HZ / 2, len(spectrum), dtype=np.float32)
    at_hz = np.geomspace(80, RATE_HZ / 2, _EQ_BANDS)
    gain_db = np.interp(hz, at_hz, rng.normal(0, _EQ_DB, _EQ_BANDS)).astype(np.float32)
    return np.asarray(fft.irfft(spectrum * np.float32(10) ** (gain_db / 20), n)[: len(sound)], np.float32)


def in_room(sound: Samples, response: Samples, direct_db: float) -> Samples:
    """`sound` in a room with the impulse response `response`, its direct sound `direct_db` above the tail."""
    # the response starts at the direct sound, so that labels and word ends stay in time
    start = int(np.argmax(np.abs(response)))
    tail = response[start + 1 : start + RATE_HZ // 2]
    tail = tail * np.float32(10 ** (-direct_db / 20) / (np.linalg.norm(tail) + 1e-9))
    return np.asarray(signal.fftconvolve(sound, np.concatenate([[1.0], tail]))[: len(sound)], np.float32)


def mu_law(sound: Samples) -> Samples:
    """`sound`, full scale 1, in the logarithmic 8 bits of ITU-T G.711, mu-law (its segments left out)."""
    code = np.sign(sound) * np.log1p(_MU * np.minimum(1, np.abs(sound))) / np.log1p(_MU)
    code = np.round(127 * code) / 127
    return np.asarray(np.sign(code) * np.expm1(np.abs(code) * np.log1p(_MU)) / _MU, np.float32)


def telephone(sound: Samples, rng: np.random.Generator) -> Samples:
    """`sound`, full scale 1, through a microphone of 8 kHz, as of a Bluetooth headset in a call; half of the
    time through G.711, too."""
    low = soxr.resample(sound, RATE_HZ, _TELEPHONE_HZ)
    if rng.random() < 0.5:
        low = mu_law(low)
    high = soxr.resample(low, _TELEPHONE_HZ, RATE_HZ)
    return np.resize(np.asarray(high, np.float32), len(sound))


def unreleased(sound: Samples, start: int, end: int) -> None:
    """Takes the burst of a stop out of `sound`, in place: what is between the samples `start`, where the lips
    or the tongue have closed, and `end`."""
    distance = np.minimum(np.arange(end - start), np.arange(end - start)[::-1])
    sound[start:end] *= np.interp(distance, [0, _FADE], [1, _CLOSED]).astype(np.float32)


MANNERS: dict[str, Callable[[Samples, np.random.Generator], Samples]] = {
    "shouted": shouted,
    "breathless": breathless,
    "whispered": whispered,
}
