"""The parts of the espeak-ng C library that voicecoach needs: text to speech in memory, text to phonemes.

The library keeps its voice and parameters in global state, so a process has one `Espeak`, from `espeak()`.
The library and its data come from the package espeakng-loader. Source: espeak-ng's speak_lib.h.
"""

import ctypes
import os
from functools import cache
from typing import Any

import espeakng_loader

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: espeak_Synth calls back while it runs, no thread is started
_BUFFER_MS = 1000
_CHARS_UTF8 = 1
_CHARS_UTF8_ENDPAUSE = 0x1001
_POS_CHARACTER = 1
_PHONEMES_IPA = 2
_PARAMETER = {"rate": 1, "volume": 2}


class _Voice(ctypes.Structure):
    """The beginning of espeak_VOICE."""

    _fields_ = [("name", ctypes.c_char_p), ("languages", ctypes.c_char_p), ("identifier", ctypes.c_char_p)]


_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """Use `espeak()`, which loads the library once per process. Raises RuntimeError if it finds no data."""

    def __init__(self) -> None:
        data = espeakng_loader.get_data_path()
        os.environ["ESPEAK_DATA_PATH"] = data
        self._lib = ctypes.CDLL(espeakng_loader.get_library_path())
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._lib.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        self.rate_hz: int = self._lib.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data.encode(), 0)
        if self.rate_hz <= 0:
            raise RuntimeError(f"espeak-ng found no data in {data}")
        self._voice = ""
        self._pcm: list[bytes] = []
        self._callback = _SynthCallback(self._collect)  # keep a reference: C holds only the pointer
        self._lib.espeak_SetSynthCallback(self._callback)

    def _collect(self, samples: Any, count: int, _events: Any) -> int:
        if count > 0:
            self._pcm.append(ctypes.string_at(samples, count * 2))
        return 0

    @property
    def voice(self) -> str:
        return self._voice

    @voice.setter
    def voice(self, name: str) -> None:
        """Raises ValueError if there is no such voice; the library would just keep the previous one."""
        if self._lib.espeak_SetVoiceByName(name.encode()):
            raise ValueError(f"espeak-ng has no voice {name!r}")
        self._voice = name

    def voices(self) -> list[str]:
        """What `voice` can be set to."""
        listed = self._lib.espeak_ListVoices(None)
        found: list[str] = []
        while pointer := listed[len(found)]:
            found.append(pointer.contents.identifier.decode())
        return sorted(found)

    def set_parameter(self, name: str, value: int) -> None:
        """`name`: "rate" in words a minute, or "volume" in percent. Raises KeyError for any other name."""
        self._lib.espeak_SetParameter(_PARAMETER[name], value, 0)

    def synthesise(self, text: str) -> bytes:
        """`text` in the current voice: mono 16-bit PCM at `rate_hz`."""
        self._pcm.clear()
        data = text.encode()
        error = self._lib.espeak_Synth(
            data, ctypes.c_size_t(len(data) + 1), 0, _POS_CHARACTER, 0, _CHARS_UTF8_ENDPAUSE, None, None
        )
        if error:
            raise RuntimeError(f"espeak-ng refused the text (error {error})")
        return b"".join(self._pcm)

    def ipa(self, text: str) -> str:
        """`text` as the current voice pronounces it, in the International Phonetic Alphabet."""
        rest = ctypes.c_char_p(text.encode())
        clauses = []
        while rest.value is not None:  # one call takes one clause
            clauses.append(
                self._lib.espeak_TextToPhonemes(ctypes.byref(rest), _CHARS_UTF8, _PHONEMES_IPA).decode()
            )
        return " ".join(clauses)


@cache
def espeak() -> Espeak:
    """The one instance of the process."""
    return Espeak()
