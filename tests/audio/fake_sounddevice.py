"""A fake of the module sounddevice, controlled by the test."""

import threading
from types import SimpleNamespace
from typing import Any

import numpy as np

from voicecoach.sound import Samples
from voicecoach.units import BLOCK

FINE = SimpleNamespace(output_underflow=False, input_overflow=False)
UNDERFLOW = SimpleNamespace(output_underflow=True, input_overflow=False)
OVERFLOW = SimpleNamespace(output_underflow=False, input_overflow=True)


class PortAudioError(Exception):
    pass


Facts = dict[str, str | int]
"""PortAudio's description of a device or of a host API."""


def device(name: str, inputs: int, outputs: int) -> Facts:
    return {"name": name, "hostapi": 0, "max_input_channels": inputs, "max_output_channels": outputs}


DESK = device("Desk microphone", 1, 0)
EARS = device("Ear phones", 0, 2)
BOTH = device("Headset", 1, 2)


class FakeStream:
    """Records how it was opened; `block` calls the audio callback once."""

    def __init__(self, sound: "SoundDevice", kind: str, options: dict[str, Any]) -> None:
        self.sound, self.kind, self.options = sound, kind, options
        self.callback = options["callback"]
        self.calls: list[str] = []
        self.latency = 0.05
        if sound.open_error:
            raise sound.open_error
        if kind in sound.broken:
            raise PortAudioError("no such device any more")

    def start(self) -> None:
        self.calls.append("start")
        if self.sound.start_error:
            raise self.sound.start_error
        for _ in range(self.sound.blocks_at_start):
            self.block()

    def block(self, heard: float = 0.5, status: SimpleNamespace = FINE) -> Samples:
        """One block through the device; returns what the loudspeaker plays."""
        given = np.full((BLOCK, 1), heard, np.float32)
        out = np.full((BLOCK, 1), np.nan, np.float32)
        if self.kind == "duplex":
            self.callback(given, out, BLOCK, None, status)
        elif self.kind == "output":
            self.callback(out, BLOCK, None, status)
        else:
            self.callback(given, BLOCK, None, status)
        given[:] = np.nan  # PortAudio reuses its buffer at once
        return out[:, 0]

    def abort(self, ignore_errors: bool) -> None:
        self.calls.append("abort")
        self.sound.gone.wait()

    def close(self, ignore_errors: bool) -> None:
        self.calls.append("close")


class SoundDevice:
    """Stands in for the module `sounddevice`."""

    PortAudioError = PortAudioError

    def __init__(self, *devices: Facts, default: tuple[int, int] = (-1, -1)) -> None:
        self.devices: list[Facts] = [{**d, "index": i} for i, d in enumerate(devices)]
        self.default = SimpleNamespace(device=default)
        self.query_error: Exception | None = None
        self.open_error: Exception | None = None
        self.start_error: Exception | None = None
        self.broken: set[str] = set()
        """kinds of streams that cannot be opened"""
        self.blocks_at_start = 0
        self.streams: list[FakeStream] = []
        self.gone = threading.Event()
        """`abort` does not return before it is set"""
        self.gone.set()

    def _exit_handler(self) -> None:
        """sounddevice registers this with atexit; it closes the open streams again."""

    def query_hostapis(self) -> list[Facts]:
        if self.query_error:
            raise self.query_error
        return [{"name": "ALSA", "default_input_device": -1, "default_output_device": -1}]

    def query_devices(self, index: int | None = None) -> list[Facts] | Facts:
        return self.devices if index is None else self.devices[index]

    def _open(self, kind: str, options: dict[str, Any]) -> FakeStream:
        self.streams.append(FakeStream(self, kind, options))
        return self.streams[-1]

    def Stream(self, **options: Any) -> FakeStream:
        return self._open("duplex", options)

    def OutputStream(self, **options: Any) -> FakeStream:
        return self._open("output", options)

    def InputStream(self, **options: Any) -> FakeStream:
        return self._open("input", options)
