"""A pyttsx3 driver on espeak-ng in synchronous retrieval mode.

The stock driver of pyttsx3 2.99 synthesises in espeak's own thread and cancels it at the end of
runAndWait(): under load 14 of 40 processes lost or shortened a file (AUDIO.md). Here espeak calls
back while `espeak_Synth` runs, so there is no thread, no race, and one behaviour on all systems.
The library and its data come from the package espeakng-loader.

Sources: espeak-ng's speak_lib.h; pyttsx3's driver protocol (drivers/dummy.py).
"""

import ctypes
import os
import wave
from typing import Any

import espeakng_loader

DRIVER_NAME = "voicecoach_espeak"
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS
_CHARS_UTF8_ENDPAUSE = 0x1001
_POS_CHARACTER = 1
_PARAMETER = {"rate": 1, "volume": 2}
_BUFFER_MS = 1000

_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Espeak:
    """The few calls of the C library that are needed; initialised once in a process."""

    def __init__(self) -> None:
        data = espeakng_loader.get_data_path()
        os.environ["ESPEAK_DATA_PATH"] = data
        self.lib = ctypes.CDLL(espeakng_loader.get_library_path())
        self.rate_hz = self.lib.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data.encode(), 0)
        if self.rate_hz <= 0:
            raise RuntimeError(f"espeak-ng found no data in {data}")
        self.pcm: list[bytes] = []
        self._callback = _SynthCallback(self._collect)  # kept: C holds only the pointer
        self.lib.espeak_SetSynthCallback(self._callback)

    def _collect(self, samples: Any, count: int, _events: Any) -> int:
        if count > 0:
            self.pcm.append(ctypes.string_at(samples, count * 2))
        return 0

    def synthesise(self, text: str) -> bytes:
        """Mono 16 bit PCM at `rate_hz`."""
        self.pcm.clear()
        data = text.encode()
        error = self.lib.espeak_Synth(
            data, ctypes.c_size_t(len(data) + 1), 0, _POS_CHARACTER, 0, _CHARS_UTF8_ENDPAUSE, None, None
        )
        if error:
            raise RuntimeError(f"espeak-ng refused the text (error {error})")
        return b"".join(self.pcm)


_espeak: _Espeak | None = None


def buildDriver(proxy: Any) -> "EspeakDriver":
    return EspeakDriver(proxy)


class EspeakDriver:
    """What pyttsx3's proxy asks of a driver."""

    def __init__(self, proxy: Any) -> None:
        global _espeak
        if _espeak is None:
            _espeak = _Espeak()
        self._espeak = _espeak
        self._proxy = proxy
        self._properties: dict[str, Any] = {}
        self.setProperty("voice", "gmw/en-US")
        self.setProperty("rate", 150)
        self.setProperty("volume", 1.0)

    def destroy(self) -> None:
        pass

    def getProperty(self, name: str) -> Any:
        return self._properties.get(name)

    def setProperty(self, name: str, value: Any) -> None:
        if name == "voice":
            if self._espeak.lib.espeak_SetVoiceByName(str(value).encode()):
                raise ValueError(f"espeak-ng has no voice {value!r}")
        elif name in _PARAMETER:
            level = round(value * 100) if name == "volume" else int(value)
            self._espeak.lib.espeak_SetParameter(_PARAMETER[name], level, 0)
        else:
            raise KeyError(f"unknown property {name!r}")
        self._properties[name] = value

    def save_to_file(self, text: str, filename: str) -> None:
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
        # Pumps pyttsx3's queue to its end. No wait here: from the second runAndWait() on, pyttsx3 2.99
        # runs endLoop before startLoop and a wait would never end.
        self._proxy.setBusy(False)

    def endLoop(self) -> None:
        pass

    def iterate(self) -> Any:
        yield
