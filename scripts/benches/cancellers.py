"""Echo cancellers to compare, behind one interface: a block of 20 ms at 48 kHz in, one at 16 kHz out.

Each is set up as its documentation asks. One that is not installed is left out, and the bench says so.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

from voicecoach.listening.echo import EchoCanceller
from voicecoach.listening.echo.decimate import Decimator
from voicecoach.sound import Samples
from voicecoach.units import BLOCK, EAR_RATE_HZ

_STEP = BLOCK // 3
"""Samples of a block at 16 kHz."""
_TAIL_S = 0.6
"""Length of the echo path, for a filter that estimates no delay: the longest delay and the reverberation."""


class FrontEnd(Protocol):
    def clean(self, heard: Samples, played: Samples) -> Samples:
        """The microphone's block without the echo, shape (320,) at 16 kHz.

        `heard`, `played`: shape (960,) at 48 kHz, the microphone's and the loudspeaker's block of one moment.
        """
        ...


class NoCanceller:
    """The microphone as it is."""

    def __init__(self) -> None:
        self._decimator = Decimator(3)

    def clean(self, heard: Samples, played: Samples) -> Samples:
        return self._decimator.decimated(heard)


class OurCanceller:
    """voicecoach's, without the ear's use of near-end detection."""

    def __init__(self) -> None:
        self._canceller = EchoCanceller()

    def clean(self, heard: Samples, played: Samples) -> Samples:
        return self._canceller.clean(heard, played).block


def _pcm(block: Samples) -> Any:
    return (np.clip(block, -1, 1) * 32767).astype(np.int16)


class Speex:
    """libspeexdsp's multi-delay block filter with its residual echo suppressor, from the wheel pyaec."""

    def __init__(self) -> None:
        import pyaec

        self._decimators = Decimator(3), Decimator(3)
        self._aec = pyaec.Aec(_STEP, int(_TAIL_S * EAR_RATE_HZ), EAR_RATE_HZ, True)

    def clean(self, heard: Samples, played: Samples) -> Samples:
        microphone, far_end = (d.decimated(x) for d, x in zip(self._decimators, (heard, played), strict=True))
        out = self._aec.cancel_echo(_pcm(microphone), _pcm(far_end))
        return np.asarray(out, np.float32) / np.float32(32768)


class WebRtc:
    """WebRTC's AEC3, from the wheel livekit. It estimates the delay itself."""

    def __init__(self) -> None:
        from livekit.rtc.apm import AudioProcessingModule
        from livekit.rtc.audio_frame import AudioFrame

        self._decimators = Decimator(3), Decimator(3)
        self._frame = AudioFrame
        self._apm = AudioProcessingModule(echo_cancellation=True)
        self._apm.set_stream_delay_ms(60)

    def clean(self, heard: Samples, played: Samples) -> Samples:
        microphone, far_end = (d.decimated(x) for d, x in zip(self._decimators, (heard, played), strict=True))
        out = []
        for start in (0, _STEP // 2):
            piece = slice(start, start + _STEP // 2)
            frame = self._frame(_pcm(far_end[piece]).tobytes(), EAR_RATE_HZ, 1, _STEP // 2)
            self._apm.process_reverse_stream(frame)
            frame = self._frame(_pcm(microphone[piece]).tobytes(), EAR_RATE_HZ, 1, _STEP // 2)
            self._apm.process_stream(frame)
            out.append(np.frombuffer(frame.data, np.int16).astype(np.float32) / np.float32(32768))
        return np.concatenate(out)


FRONT_ENDS: dict[str, Callable[[], FrontEnd]] = {
    "no canceller": NoCanceller,
    "Speex": Speex,
    "WebRTC": WebRtc,
    "our canceller alone": OurCanceller,
}


def installed() -> tuple[list[str], list[str]]:
    """The names of the front ends that are installed, and of those that are not.

    This only looks for the wheels. Trying the front ends out would spoil the bench's worker processes, as
    WebRTC's runtime refuses to be forked once it has been used.
    """
    needs = {"Speex": "pyaec", "WebRTC": "livekit"}
    missing = [name for name, wheel in needs.items() if find_spec(wheel) is None]
    return [name for name in FRONT_ENDS if name not in missing], missing
