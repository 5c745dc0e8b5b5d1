"""Renders every line once: clips on disk, keyed by text, voice, rate and engine.

Files are written under a temporary name and then renamed, so a crash leaves no half clip. A clip that cannot
be read is rendered again. A cache that cannot be written only costs time (docs/promises.md, R13).
"""

import contextlib
import hashlib
import wave
from pathlib import Path

import numpy as np
import soundfile
import soxr

from voicecoach.files import replacing
from voicecoach.sound import Samples
from voicecoach.speaking.pyttsx3_voice import Pyttsx3Voice
from voicecoach.speaking.synthesiser import Synthesiser, Voices
from voicecoach.units import RATE_HZ


class PromptCache:
    """With `folder` None, clips are kept in memory only. The engine starts at the first cache miss."""

    def __init__(self, folder: Path | None, voice: str, voices: Voices = Pyttsx3Voice) -> None:
        self._folder = folder
        self._voice = voice
        self._voices = voices
        self._synthesiser: Synthesiser | None = None
        self._clips: dict[tuple[str, int], Samples] = {}
        self.rendered = 0

    def clip(self, text: str, wpm: int) -> Samples:
        """The line as mono float32 at 48 kHz. Raises SynthesisError."""
        key = (text, wpm)
        if key not in self._clips:
            self._clips[key] = self._load(text, wpm)
        return self._clips[key]

    def _path(self, text: str, wpm: int) -> Path | None:
        if self._folder is None:
            return None
        digest = hashlib.sha256(
            "\0".join((text, self._voice, str(wpm), self._voices.engine)).encode()
        ).hexdigest()
        return self._folder / f"{digest[:32]}.wav"

    def _load(self, text: str, wpm: int) -> Samples:
        path = self._path(text, wpm)
        if path is not None:
            with contextlib.suppress(soundfile.LibsndfileError, OSError, EOFError, wave.Error):
                data, rate_hz = soundfile.read(path, dtype="float32")
                # libsndfile reads a truncated file as a shorter clip, without an error
                with wave.open(str(path), "rb") as header:
                    promised = header.getnframes()
                if data.ndim == 1 and len(data) == promised > 0:
                    return at_stream_rate(data, rate_hz)
        if self._synthesiser is None:
            self._synthesiser = self._voices(self._voice)
        clip, rate_hz = self._synthesiser.render(text, wpm)
        self.rendered += 1
        if path is not None:
            self._keep(path, clip, rate_hz)
        return at_stream_rate(clip, rate_hz)

    def _keep(self, path: Path, clip: Samples, rate_hz: int) -> None:
        try:
            with replacing(path) as part:
                soundfile.write(part, clip, rate_hz, subtype="PCM_16", format="WAV")
        except (soundfile.LibsndfileError, OSError):
            self._folder = None  # the disk is full or read-only: do not try again for every line


def at_stream_rate(clip: Samples, rate_hz: int) -> Samples:
    return np.asarray(soxr.resample(clip, rate_hz, RATE_HZ), np.float32)
