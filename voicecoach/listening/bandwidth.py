"""Measures up to which frequency the microphone passes sound. Pure: sound is an argument.

A Bluetooth headset in a call samples at 8 kHz, and whatever resamples that to the stream's rate tells nobody:
its sound ends at 4 kHz as if cut off. Hardly a voice or a noise falls by 30 dB within an octave, again and
again (docs/measured.md). Silence, or what a noise gate leaves of it, proves nothing either way: only blocks
that are loud enough count.
"""

from dataclasses import dataclass, field
from typing import TypeGuard

import numpy as np
import numpy.typing as npt

from voicecoach.sound import Samples
from voicecoach.units import BLOCK, RATE_HZ

NARROW_HZ = 5_000
"""Below this the microphone is a telephone's, and words are missed. Those of 16 kHz reach 7.5 kHz or more."""
NARROW_REMEDY = (
    "Use the headset's cable, or the computer's own microphone; or else `voicecoach model use en-telephone`."
)
NARROW = (
    "This microphone passes only deep sounds, as a Bluetooth headset does in a call: I may miss words. "
    f"{NARROW_REMEDY}"
)
_BAND_HZ = 500
_BIN_HZ = RATE_HZ // BLOCK
_REFERENCE = slice(2_000 // _BAND_HZ, 3_000 // _BAND_HZ)
"""Every microphone passes these bands: others are compared with them."""
_DROP = 1e-3
"""A band passes with this share of the reference's power, -30 dB."""
_LOUD = 10**-7.6
"""The reference's power in a block that counts, of full scale. 30 dB less is above the noise of 16 bits."""
_CLIPPED = 0.9
"""A clipped block has power in every band, whatever the microphone passed."""
_SHARE = 0.1
"""A band passes if it did so in this share of the blocks: a voice has vowels, too, but a click is rare."""
_ENOUGH = 50
"""How many blocks have to count, 1 s in all."""
_KEPT = 1 - 1 / 250
"""What a block leaves of those before: a headset can enter a call in the middle of a session."""
_WINDOW = np.hanning(BLOCK + 1)[:-1].astype(np.float32)
_FULL_SCALE = float(np.sum(np.square(_WINDOW))) * BLOCK / 2


def is_narrow(limit_hz: float | None) -> TypeGuard[float]:
    return limit_hz is not None and limit_hz < NARROW_HZ


@dataclass(slots=True)
class Bandwidth:
    """Fed block by block; takes some 0.05 ms for each."""

    _blocks: float = 0.0
    """how many counted, the older ones for less"""
    _passed: npt.NDArray[np.float64] = field(
        default_factory=lambda: np.zeros(RATE_HZ // 2 // _BAND_HZ, np.float64)
    )
    """in how many of them each band passed"""

    def hear(self, block: Samples) -> None:
        """`block`: the microphone's, BLOCK samples at RATE_HZ."""
        if not np.abs(block).max() < _CLIPPED:  # NaN does not count either
            return
        spectrum = np.fft.rfft(block * _WINDOW)[1:]
        power = (spectrum.real**2 + spectrum.imag**2) / _FULL_SCALE
        bands = power.reshape(-1, _BAND_HZ // _BIN_HZ).sum(axis=1)
        reference = bands[_REFERENCE].mean()
        if reference > _LOUD:
            self._blocks = self._blocks * _KEPT + 1
            self._passed = self._passed * _KEPT + (bands > reference * _DROP)

    @property
    def limit_hz(self) -> float | None:
        """The upper end of the highest band that passes, to within 500 Hz; None: not enough was heard."""
        if self._blocks < _ENOUGH:
            return None
        passing = np.flatnonzero(self._passed >= _SHARE * self._blocks)
        return float((passing[-1] + 1) * _BAND_HZ)
