"""Echo cancellers that others use, behind one call: (heard, played), 20 ms at 48 kHz, to 16 kHz.

Each is given what its documentation asks for. One that is not installed is left out, and said so.
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
_TAIL_S = 0.6
"""For a filter without a delay finder: the longest delay and the room's tail."""


class Front(Protocol):
    def process(self, heard: Samples, played: Samples) -> Samples: ...


class Nothing:
    """The microphone as it is."""

    def __init__(self) -> None:
        self._decimator = Decimator(3)

    def process(self, heard: Samples, played: Samples) -> Samples:
        return self._decimator.process(heard)


class Ours:
    def __init__(self) -> None:
        self._canceller = EchoCanceller()

    def process(self, heard: Samples, played: Samples) -> Samples:
        return self._canceller.process(heard, played).block


def _pcm(block: Samples) -> Any:
    return (np.clip(block, -1, 1) * 32767).astype(np.int16)


class Speex:
    """libspeexdsp's multi-delay block filter with its residual suppressor, as the wheel pyaec carries it."""

    def __init__(self) -> None:
        import pyaec

        self._decimators = Decimator(3), Decimator(3)
        self._aec = pyaec.Aec(_STEP, int(_TAIL_S * EAR_RATE_HZ), EAR_RATE_HZ, True)

    def process(self, heard: Samples, played: Samples) -> Samples:
        near, far = (d.process(x) for d, x in zip(self._decimators, (heard, played), strict=True))
        out = self._aec.cancel_echo(_pcm(near), _pcm(far))
        return np.asarray(out, np.float32) / np.float32(32768)


class WebRtc:
    """WebRTC's AEC3, as the wheel livekit carries it; it finds the delay itself."""

    def __init__(self) -> None:
        from livekit.rtc.apm import AudioProcessingModule
        from livekit.rtc.audio_frame import AudioFrame

        self._decimators = Decimator(3), Decimator(3)
        self._frame = AudioFrame
        self._apm = AudioProcessingModule(echo_cancellation=True)
        self._apm.set_stream_delay_ms(60)

    def process(self, heard: Samples, played: Samples) -> Samples:
        near, far = (d.process(x) for d, x in zip(self._decimators, (heard, played), strict=True))
        out = []
        for start in (0, _STEP // 2):
            piece = slice(start, start + _STEP // 2)
            frame = self._frame(_pcm(far[piece]).tobytes(), EAR_RATE_HZ, 1, _STEP // 2)
            self._apm.process_reverse_stream(frame)
            frame = self._frame(_pcm(near[piece]).tobytes(), EAR_RATE_HZ, 1, _STEP // 2)
            self._apm.process_stream(frame)
            out.append(np.frombuffer(frame.data, np.int16).astype(np.float32) / np.float32(32768))
        return np.concatenate(out)


FRONTS: dict[str, Callable[[], Front]] = {
    "no canceller": Nothing,
    "Speex": Speex,
    "WebRTC": WebRtc,
    "ours, canceller alone": Ours,
}


def installed() -> tuple[list[str], list[str]]:
    """The names of the fronts that can be made here, and of those that cannot.

    Looked up and not tried: WebRTC's runtime refuses to be forked once it was used.
    """
    needs = {"Speex": "pyaec", "WebRTC": "livekit"}
    missing = [name for name, wheel in needs.items() if find_spec(wheel) is None]
    return [name for name in FRONTS if name not in missing], missing
