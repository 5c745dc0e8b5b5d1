"""Files in place of devices. Any format and rate that libsndfile reads becomes 48 kHz mono."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import soxr

from voicecoach.audio.duplex import Sink
from voicecoach.background import Background
from voicecoach.sound import Samples, silence
from voicecoach.units import RATE_HZ

_CLOSE_S = 0.5
"""How long a file may take to be finished when the session ends."""


class SoundFileError(Exception):
    """A sound file that cannot be read or written; the message names it and the remedy."""


def read_sound(path: Path) -> Samples:
    """The whole file as mono float32 at 48 kHz; several channels are averaged.

    Raises SoundFileError if libsndfile cannot read it, or if it is no recording that anybody would make.
    """
    if not path.is_file():
        raise SoundFileError(
            f"{path}: there is no such file. Check the path; for names of devices, see `voicecoach devices`."
        )
    try:
        with soundfile.SoundFile(path) as file:
            _check(path, file.samplerate, file.channels, file.frames)
            rate_hz, data = file.samplerate, file.read(dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError, RuntimeError, TypeError, MemoryError) as error:
        reason = str(error).removeprefix(f"Error opening {str(path)!r}: ")
        raise SoundFileError(
            f"{path}: cannot be read as sound ({reason}). "
            "WAV, FLAC, Ogg Vorbis, Ogg Opus, AIFF and MP3 work; is the path right and the file whole?"
        ) from error
    mono: Samples = data.mean(axis=1, dtype=np.float32)
    if rate_hz != RATE_HZ:
        mono = np.asarray(soxr.resample(mono, rate_hz, RATE_HZ), np.float32)
    return mono


def _check(path: Path, rate_hz: int, channels: int, frames: int) -> None:
    """Refuse what would take minutes to resample, or more memory than there is. Raises SoundFileError."""
    for found, unit, least, most in (
        (rate_hz, "Hz", 8000, 384_000),
        (channels, "channels", 1, 32),
        (frames // rate_hz // 60, "minutes", 0, 120),
        (frames * channels // 1_000_000, "million samples", 0, 700),  # two hours in stereo
    ):
        if not least <= found <= most:
            allowed = f"from {least} to {most}" if least > 1 else f"at most {most}"
            raise SoundFileError(
                f"{path}: has {found} {unit}, but may have {allowed}. Convert it or cut it, "
                "for example with `ffmpeg -i FILE -ac 1 -ar 48000 -t 3600 NEW.wav`."
            )


class FileMicrophone:
    """A recorded user, who is silent once the recording has ended."""

    def __init__(self, path: Path) -> None:
        self._sound = read_sound(path)
        self._at = 0

    def read(self, samples: int) -> Samples:
        block = self._sound[self._at : self._at + samples]
        self._at += samples
        return block if len(block) == samples else np.concatenate([block, silence(samples - len(block))])


class SilentMicrophone:
    """A microphone that hears nothing but silence."""

    def read(self, samples: int) -> Samples:
        return silence(samples)


class _Writer:
    """A 16-bit file that grows while the session plays; after a crash it holds what was written so far.

    A full disk never ends the session (docs/promises.md, R13): it ends the file.
    """

    def __init__(self, path: Path, channels: int) -> None:
        self._path = path
        self.failure = ""
        """why the file ended early"""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = soundfile.SoundFile(path, "w", RATE_HZ, channels, "PCM_16")
        except (soundfile.LibsndfileError, OSError, TypeError, ValueError) as error:
            raise SoundFileError(
                f"{path}: cannot be written as sound ({error}). Use a name ending in .wav or .flac, "
                "in a folder you may write to."
            ) from error

    def write(self, data: Samples) -> None:
        if not self.failure:
            self._try(lambda: self._file.write(data))

    def close(self) -> None:
        self._try(self._file.close)

    def _try(self, action: Callable[[], None]) -> None:
        try:
            action()
        except (soundfile.LibsndfileError, OSError, AssertionError) as error:
            # libsndfile's own message for a full disk is empty
            self.failure = self.failure or (
                f"{self._path}: cannot be written any further ({str(error).strip() or 'system error'}). "
                "Is the disk full?"
            )


class FileSpeaker(_Writer):
    """A loudspeaker that writes a mono file, which must be a new one: another might be the microphone."""

    def __init__(self, path: Path) -> None:
        if os.path.lexists(path):
            raise SoundFileError(f"{path}: exists already; choose another name, or delete it first.")
        super().__init__(path, 1)


class Unhurried:
    """A file that is written by a thread of its own, in real time: a disk that hangs must not hold up the
    listening."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._background = Background("speaker file")

    @property
    def failure(self) -> str:
        return self._sink.failure

    def write(self, data: Samples) -> None:
        self._background.call(self._sink.write, data)

    def close(self) -> None:
        self._background.call(self._sink.close)
        self._background.close(_CLOSE_S)


class Recording(_Writer):
    """Records both voices of a session on one clock: coach left, user right."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, 2)

    def add(self, coach: Samples, user: Samples) -> None:
        self.write(np.column_stack([coach, user]))
