"""What our pyttsx3 drivers share: each line is rendered to a file, in step, by the thread that asks.

Source: pyttsx3's driver protocol (drivers/dummy.py of pyttsx3 2.99).
"""

import wave
from typing import Any, BinaryIO

FAILURE = "failure"
"""The property that holds why another one could not be set."""


class FileDriver:
    """The methods that pyttsx3's proxy calls on a driver. A driver of ours sets what it needs in `set` and
    renders in `synthesise`."""

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._properties: dict[str, Any] = {}

    def set(self, name: str, value: Any) -> None:
        """Use the property: "voice", "rate" in words a minute, or "volume" from 0 to 1. Raises ValueError if
        there is no such voice."""

    def synthesise(self, text: str) -> tuple[bytes, int]:
        """`text` as mono 16-bit PCM, and its rate in Hz."""
        raise NotImplementedError

    def destroy(self) -> None:
        pass

    def getProperty(self, name: str) -> Any:
        return self._properties.get(name)

    def setProperty(self, name: str, value: Any) -> None:
        try:
            self.set(name, value)
        except Exception as error:  # pyttsx3 would swallow it
            self._properties[FAILURE] = error
            return
        self._properties[name] = value

    def save_to_file(self, text: str, filename: str | BinaryIO) -> None:
        self._proxy.setBusy(True)
        self._proxy.notify("started-utterance")
        pcm, rate_hz = self.synthesise(text)
        with wave.open(filename, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            file.writeframes(pcm)
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
