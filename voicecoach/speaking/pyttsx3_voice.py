"""The synthesiser that uses pyttsx3 with our espeak-ng driver."""

import importlib
import io
import sys
from typing import Any

import numpy as np
import soundfile

from voicecoach.sound import Samples
from voicecoach.speaking.synthesiser import SynthesisError

DEFAULT_VOICE = "gmw/en-US"
_AUDIBLE = 0.02
"""Below this fraction of the peak, the edges of a clip count as silence."""
_KEEP_S = 0.002


def trimmed(clip: Samples, rate_hz: int) -> Samples:
    """`clip` without all but 2 ms of its silent edges, so that a count starts exactly on its second."""
    loud = np.flatnonzero(np.abs(clip) > _AUDIBLE * np.abs(clip).max(initial=0.0))
    if len(loud) == 0:
        return clip[:0]
    keep = int(_KEEP_S * rate_hz)
    return clip[max(0, loud[0] - keep) : loud[-1] + 1 + keep]


class Pyttsx3Voice:
    """One pyttsx3 engine for the process; render in one thread only.

    Raises SynthesisError if pyttsx3 or its engine cannot start, or returns no sound.
    """

    engine = "espeak-ng-1.52"

    def __init__(self, voice: str = DEFAULT_VOICE) -> None:
        self.voice = voice
        self._engine = self._start()

    def _start(self) -> Any:
        try:
            driver = importlib.import_module("voicecoach.speaking.espeak_driver")
            pyttsx3 = importlib.import_module("pyttsx3")
            # pyttsx3 imports pyttsx3.drivers.<name>; registering our module there plugs it in
            sys.modules[f"pyttsx3.drivers.{driver.DRIVER_NAME}"] = driver
            engine = pyttsx3.init(driver.DRIVER_NAME)
            engine.setProperty("voice", self.voice)
            engine.runAndWait()
            # pyttsx3 swallows a driver's exceptions: if the voice does not exist, the previous one remains
            if engine.getProperty("voice") != self.voice:
                raise ValueError(f"espeak-ng has no voice {self.voice!r}; the usual one is {DEFAULT_VOICE!r}")
        except Exception as error:
            raise SynthesisError(
                f"The voice could not start ({error}). Run `voicecoach doctor`. Usually the setting `voice` "
                "names a voice that does not exist, or the package espeakng-loader must be reinstalled."
            ) from error
        return engine

    def render(self, text: str, wpm: int) -> tuple[Samples, int]:
        """`text` at `wpm` words a minute: trimmed mono float32, and its rate in Hz."""
        file = io.BytesIO()  # our driver takes it for a path: a full disk cannot make the coach mute
        try:
            if self._engine.getProperty("voice") != self.voice:
                # pyttsx3 has one engine for all voices of a process
                self._engine.setProperty("voice", self.voice)
            self._engine.setProperty("rate", wpm)
            self._engine.save_to_file(text, file)
            self._engine.runAndWait()
            file.seek(0)
            data, rate_hz = soundfile.read(file, dtype="float32")
        except Exception as error:
            raise SynthesisError(f"The voice could not say {text!r} ({error}).") from error
        clip = trimmed(data, rate_hz)
        if len(clip) < 0.05 * rate_hz:
            raise SynthesisError(f"The voice returned no sound for {text!r}.")
        return clip, rate_hz
