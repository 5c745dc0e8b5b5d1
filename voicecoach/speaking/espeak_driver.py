"""A pyttsx3 driver for espeak-ng in synchronous retrieval mode.

The stock driver of pyttsx3 2.99 synthesises in espeak's own thread and cancels it at the end of
runAndWait(): under load 14 of 40 processes lost or shortened a file (docs/audio.md). Here espeak calls
back while `espeak_Synth` runs, so there is no thread and no race, and all systems behave alike.
"""

from typing import Any

from voicecoach.speaking.espeak import espeak
from voicecoach.speaking.file_driver import FileDriver


def buildDriver(proxy: Any) -> "EspeakDriver":
    return EspeakDriver(proxy)


def voices() -> list[str]:
    """The names of all voices of espeak-ng."""
    return espeak().voices()


class EspeakDriver(FileDriver):
    def __init__(self, proxy: Any) -> None:
        super().__init__(proxy)
        self._espeak = espeak()

    def getProperty(self, name: str) -> Any:
        """The voice is that of the library, which somebody else in the process may have changed."""
        return self._espeak.voice if name == "voice" else super().getProperty(name)

    def set(self, name: str, value: Any) -> None:
        if name == "voice":
            self._espeak.voice = str(value)
        else:
            self._espeak.set_parameter(name, round(value * 100) if name == "volume" else int(value))

    def synthesise(self, text: str) -> tuple[bytes, int]:
        return self._espeak.synthesise(text), self._espeak.rate_hz
