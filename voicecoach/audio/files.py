"""Files in place of devices. Any format and rate that libsndfile reads becomes 48 kHz mono."""

from pathlib import Path

import numpy as np
import soundfile
import soxr

from voicecoach.sound import Samples, silence
from voicecoach.units import RATE_HZ


class SoundFileError(Exception):
    """A sound file that cannot be read or written; the message names it and the remedy."""


def read_sound(path: Path) -> Samples:
    """The whole file as mono float32 at 48 kHz; several channels are averaged.

    Raises SoundFileError if libsndfile cannot read it.
    """
    if not path.is_file():
        raise SoundFileError(
            f"{path}: there is no such file. Check the path; for names of devices, see `voicecoach devices`."
        )
    try:
        data, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        reason = str(error).removeprefix(f"Error opening {str(path)!r}: ")
        raise SoundFileError(
            f"{path}: cannot be read as sound ({reason}). "
            "WAV, FLAC, Ogg Vorbis, Ogg Opus, AIFF and MP3 work; is the path right and the file whole?"
        ) from error
    mono: Samples = data.mean(axis=1, dtype=np.float32)
    if rate_hz != RATE_HZ:
        mono = np.asarray(soxr.resample(mono, rate_hz, RATE_HZ), np.float32)
    return mono


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
    """A 16-bit file that grows while the session plays; after a crash it holds what was written so far."""

    def __init__(self, path: Path, channels: int) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = soundfile.SoundFile(path, "w", RATE_HZ, channels, "PCM_16")
        except (soundfile.LibsndfileError, OSError, TypeError, ValueError) as error:
            raise SoundFileError(
                f"{path}: cannot be written as sound ({error}). Use a name ending in .wav or .flac, "
                "in a folder you may write to."
            ) from error

    def write(self, data: Samples) -> None:
        """Raises SoundFileError if the disk cannot be written."""
        try:
            self._file.write(data)
        except (soundfile.LibsndfileError, OSError, AssertionError) as error:
            # libsndfile's own message for a full disk is empty
            raise SoundFileError(
                f"{self._path}: cannot be written any further ({str(error).strip() or 'system error'}). "
                "Is the disk full?"
            ) from error

    def close(self) -> None:
        self._file.close()


class FileSpeaker(_Writer):
    """A loudspeaker that writes a mono file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, 1)


class Recording(_Writer):
    """Records both voices of a session on one clock: coach left, user right."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, 2)
        self.failure = ""
        """why the recording ended early; a full disk never ends the session (docs/promises.md, R13)"""

    def add(self, coach: Samples, user: Samples) -> None:
        if self.failure:
            return
        try:
            self.write(np.column_stack([coach, user]))
        except SoundFileError as error:
            self.failure = str(error)
