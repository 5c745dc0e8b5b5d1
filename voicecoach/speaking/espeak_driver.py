"""A pyttsx3 driver for espeak-ng in synchronous retrieval mode.

The stock driver of pyttsx3 2.99 synthesises in espeak's own thread and cancels it at the end of
runAndWait(): under load 14 of 40 processes lost or shortened a file (docs/audio.md). Here espeak calls
back while `espeak_Synth` runs, so there is no thread and no race, and all systems behave alike.

Source: pyttsx3's driver protocol (drivers/dummy.py).
"""

import wave
from typing import Any, BinaryIO

from voicecoach.speaking.espeak import espeak

DRIVER_NAME = "voicecoach_espeak"


def buildDriver(proxy: Any) -> "EspeakDriver":
    return EspeakDriver(proxy)


class EspeakDriver:
    """The methods that pyttsx3's proxy calls on a driver."""

    def __init__(self, proxy: Any) -> None:
        self._espeak = espeak()
        self._proxy = proxy
        self._properties: dict[str, Any] = {}
        self.setProperty("voice", "gmw/en-US")
        self.setProperty("rate", 150)
        self.setProperty("volume", 1.0)

    def destroy(self) -> None:
        pass

    def getProperty(self, name: str) -> Any:
        return self._espeak.voice if name == "voice" else self._properties.get(name)

    def setProperty(self, name: str, value: Any) -> None:
        if name == "voice":
            self._espeak.voice = str(value)
            return
        self._espeak.set_parameter(name, round(value * 100) if name == "volume" else int(value))
        self._properties[name] = value

    def save_to_file(self, text: str, filename: str | BinaryIO) -> None:
        self._proxy.setBusy(True)
        self._proxy.notify("started-utterance")
        with wave.open(filename, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self._espeak.rate_hz)
            file.writeframes(self._espeak.synthesise(text))
        self._proxy.notify("finished-utterance", completed=True)
        self._proxy.setBusy(False)

    def say(self, text: str) -> None:
        raise NotImplementedError("lines are rendered to a file and played by the mixer")

    def stop(self) -> None:
        pass

    def startLoop(self) -> None:
        # Lets pyttsx3 work through its queue. Do not wait here: from the second runAndWait() on, pyttsx3 2.99
        # calls endLoop before startLoop, so a wait would never end.
        self._proxy.setBusy(False)

    def endLoop(self) -> None:
        pass

    def iterate(self) -> Any:
        yield
