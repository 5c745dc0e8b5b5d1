"""The synthesiser that uses pyttsx3 with one of our drivers, or somebody else's."""

import importlib
import io
import sys
from typing import Any

import numpy as np
import soundfile

from voicecoach.sound import Samples
from voicecoach.speaking.drivers import driver_of
from voicecoach.speaking.file_driver import FAILURE
from voicecoach.speaking.synthesiser import SynthesisError

_AUDIBLE = 0.02
"""Below this fraction of the peak, the edges of a clip count as silence."""
_KEEP_S = 0.002
_SILENT = 0.001
"""A clip whose peak is below this fraction of full scale (-60 dB) is noise without a voice."""
_SHORTEST_S = 0.05


def trimmed(clip: Samples, rate_hz: int) -> Samples:
    """`clip` without all but 2 ms of its silent edges, so that a count starts exactly on its second."""
    loud = np.flatnonzero(np.abs(clip) > _AUDIBLE * np.abs(clip).max(initial=0.0))
    if len(loud) == 0:
        return clip[:0]
    keep = int(_KEEP_S * rate_hz)
    return clip[max(0, loud[0] - keep) : loud[-1] + 1 + keep]


class Pyttsx3Voice:
    """The voice DRIVER:NAME; render in one thread only. pyttsx3 has one engine for all voices of a driver.

    Raises SynthesisError if pyttsx3 or the driver cannot start, or returns no sound.
    """

    def __init__(self, voice: str) -> None:
        self.voice = voice
        self._name = voice.partition(":")[2]
        self._engine = self._start()

    def _start(self) -> Any:
        spec = driver_of(self.voice)
        try:
            driver = importlib.import_module(spec.module)
            pyttsx3 = importlib.import_module("pyttsx3")
            # pyttsx3 imports pyttsx3.drivers.<name>; registering the module there plugs it in
            name = "voicecoach_" + spec.module.replace(".", "_")
            sys.modules[f"pyttsx3.drivers.{name}"] = driver
            engine = pyttsx3.init(name)
            engine.setProperty("voice", self._name)
            engine.runAndWait()
            # pyttsx3 swallows a driver's exceptions: if the voice does not exist, the previous one remains
            if engine.getProperty("voice") != self._name:
                raise engine.getProperty(FAILURE) or ValueError("there is no such voice")
        except Exception as error:
            raise SynthesisError(
                f"The voice {self.voice!r} could not start ({error}). `voicecoach voices` lists those that "
                "there are. If it is among them, reinstall voicecoach."
            ) from error
        return engine

    def render(self, text: str, wpm: int) -> tuple[Samples, int]:
        """`text` at about `wpm` words a minute: trimmed mono float32, and its rate in Hz."""
        if not any(c.isalnum() for c in text):
            raise SynthesisError(f"There is no word in {text!r}.")
        file = io.BytesIO()  # the driver takes it for a path: a full disk cannot make the coach mute
        try:
            if self._engine.getProperty("voice") != self._name:
                self._engine.setProperty("voice", self._name)
            self._engine.setProperty("rate", wpm)
            self._engine.save_to_file(text, file)
            self._engine.runAndWait()
            file.seek(0)
            data, rate_hz = soundfile.read(file, dtype="float32")
        except Exception as error:
            raise SynthesisError(f"The voice {self.voice!r} could not say {text!r} ({error}).") from error
        clip = trimmed(data, rate_hz)
        if len(clip) < _SHORTEST_S * rate_hz or np.abs(clip).max() < _SILENT:
            raise SynthesisError(f"The voice {self.voice!r} returned no sound for {text!r}.")
        return clip, rate_hz
