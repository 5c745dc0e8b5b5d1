"""A pyttsx3 driver for hibari-tts: a natural voice, rendered on the processor by onnxruntime."""

import os
from typing import Any

import numpy as np

from voicecoach.speaking.file_driver import FileDriver

NATURAL_WPM = 228
"""Words a minute of our lines, on average, at hibari's own pace. `pace.paced` makes it exact for each."""
SLOWEST, FASTEST = 0.5, 2.0
"""What hibari takes, times its own pace."""
_SEED = 0
"""hibari adds noise; with a seed, the same line is always the same sound."""


def buildDriver(proxy: Any) -> "HibariDriver":
    return HibariDriver(proxy)


def voices() -> list[str]:
    """The voices whose model is on this computer; hibari would download the others."""
    from hibari.voices import VOICES

    return [name for name in VOICES if _is_here(name)]


def _is_here(name: str) -> bool:
    from hibari.voices import voice_path

    try:
        voice_path(name, download_missing=False)
    except (FileNotFoundError, ValueError):
        return False
    return True


class HibariDriver(FileDriver):
    def __init__(self, proxy: Any) -> None:
        super().__init__(proxy)
        self._properties = {"rate": NATURAL_WPM, "volume": 1.0}
        self._hibari: Any = None

    def set(self, name: str, value: Any) -> None:
        if name != "voice" or value == self.getProperty("voice"):
            return
        if not _is_here(value):
            raise ValueError(f"hibari has no voice {value!r} on this computer")
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # for a newer onnxruntime than the locked one
        from hibari import Hibari

        self._hibari = Hibari(voice=value)

    def synthesise(self, text: str) -> tuple[bytes, int]:
        speed = min(FASTEST, max(SLOWEST, self.getProperty("rate") / NATURAL_WPM))
        sound = self._hibari(text, speed=speed, seed=_SEED) * self.getProperty("volume")
        return np.round(np.clip(sound, -1.0, 1.0) * 32_767).astype("<i2").tobytes(), self._hibari.sample_rate
