"""Renders every line once: clips in memory and on disk, keyed by text, voice, rate and engine.

Files are written under a temporary name and then renamed, so a crash leaves no half clip. A clip that cannot
be read is rendered again. A cache that cannot be written only costs time (docs/promises.md, R13). The
synthesiser runs in a thread of its own: one that hangs costs a line its pace, or at worst its sound, and
never holds up whoever asks.
"""

import contextlib
import hashlib
import threading
import wave
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from voicecoach.background import Background
from voicecoach.files import replacing
from voicecoach.sound import Samples, silence
from voicecoach.speaking.pyttsx3_voice import Pyttsx3Voice
from voicecoach.speaking.synthesiser import Synthesiser, SynthesisError, Voices
from voicecoach.units import RATE_HZ

_FULL_SCALE = 32_768.0
BREATH_S = 0.3
PATIENCE_S = 20.0
"""A line takes some 10 ms. On a machine where it takes this long, no session can be played."""

_Clip = tuple[npt.NDArray[np.int16], int]
"""Samples at the synthesiser's rate in Hz, a quarter of what they take at ours."""


class PromptCache:
    """With `folder` None, clips are kept in memory only. The engine starts at the first cache miss.

    `patience_s`: how long `clip` waits for a line that nobody prepared.
    """

    def __init__(
        self, folder: Path | None, voice: str, voices: Voices = Pyttsx3Voice, patience_s: float = PATIENCE_S
    ) -> None:
        self._folder = folder
        self._voice = voice
        self._voices = voices
        self._patience_s = patience_s
        self._synthesiser: Synthesiser | None = None
        self._clips: dict[str, dict[int, _Clip]] = defaultdict(dict)
        """text: rate in words a minute: clip"""
        self._renderer: Background | None = None
        self._hangs = False
        self.rendered = 0

    def prepare(self, lines: Iterable[tuple[str, int]]) -> None:
        """Take every (text, words a minute) into memory, so that none has to be rendered when it is said.

        Raises SynthesisError.
        """
        for text, wpm in lines:
            self._find(text, wpm, PATIENCE_S)

    def clip(self, text: str, wpm: int) -> Samples:
        """The line as mono float32 at 48 kHz; at another pace, if at this one it cannot be had in time.

        Raises SynthesisError.
        """
        try:
            data, rate_hz = self._find(text, wpm, self._patience_s)
        except SynthesisError:
            known = self._clips.get(text, {})
            if not known:
                raise
            data, rate_hz = known[min(known, key=lambda other: abs(other - wpm))]
        return at_stream_rate(data.astype(np.float32) / _FULL_SCALE, rate_hz)

    def said(self, lines: Sequence[str], wpm: int) -> Samples:
        """The lines one after the other, with a breath between them. Raises SynthesisError."""
        clips = [self.clip(line, wpm) for line in lines]
        breath = silence(round(BREATH_S * RATE_HZ))
        return np.concatenate([part for clip in clips for part in (breath, clip)][1:])

    def close(self) -> None:
        """Let the synthesiser go."""
        if self._renderer is not None:
            self._renderer.close(0.0)

    def _find(self, text: str, wpm: int, patience_s: float) -> _Clip:
        clips = self._clips[text]
        if wpm not in clips:
            path = self._path(text, wpm)
            clips[wpm] = self._ask(text, wpm, path, patience_s)
        return clips[wpm]

    def _path(self, text: str, wpm: int) -> Path | None:
        if self._folder is None:
            return None
        digest = hashlib.sha256(
            "\0".join((text, self._voice, str(wpm), self._voices.engine)).encode()
        ).hexdigest()
        return self._folder / f"{digest[:32]}.wav"

    def _ask(self, text: str, wpm: int, path: Path | None, patience_s: float) -> _Clip:
        """Have the line rendered by the thread that owns the synthesiser, and wait for it."""
        if self._renderer is None:
            self._renderer = Background("voice")
        done = threading.Event()
        made: list[_Clip | Exception] = []

        def make() -> None:
            try:
                made.append(_read(path) or self._render(text, wpm, path))
            except Exception as error:
                made.append(error)
            self._hangs = False
            done.set()

        self._renderer.call(make)
        if not done.wait(0.0 if self._hangs else patience_s):
            self._hangs = True  # nobody waits a second time, until it has answered
            raise SynthesisError(f"The voice did not say {text!r} within {patience_s:g} s.")
        if isinstance(made[0], Exception):
            raise made[0]
        return made[0]

    def _render(self, text: str, wpm: int, path: Path | None) -> _Clip:
        if self._synthesiser is None:
            self._synthesiser = self._voices(self._voice)
        sound, rate_hz = self._synthesiser.render(text, wpm)
        self.rendered += 1
        clip = np.round(np.clip(sound, -1.0, 1.0) * (_FULL_SCALE - 1.0)).astype(np.int16)
        if path is not None:
            self._keep(path, clip, rate_hz)
        return clip, rate_hz

    def _keep(self, path: Path, clip: npt.NDArray[np.int16], rate_hz: int) -> None:
        try:
            with replacing(path) as part:
                soundfile.write(part, clip, rate_hz, subtype="PCM_16", format="WAV")
        except (soundfile.LibsndfileError, OSError):
            self._folder = None  # the disk is full or read-only: do not try again for every line


def _read(path: Path | None) -> _Clip | None:
    """The clip kept in `path`; None if there is none, or it is damaged."""
    if path is None:
        return None
    with contextlib.suppress(soundfile.LibsndfileError, OSError, EOFError, wave.Error):
        data, rate_hz = soundfile.read(path, dtype="int16")
        # libsndfile reads a truncated file as a shorter clip, without an error
        with wave.open(str(path), "rb") as header:
            promised = header.getnframes()
        if data.ndim == 1 and len(data) == promised > 0:
            return data, rate_hz
    return None


def at_stream_rate(clip: Samples, rate_hz: int) -> Samples:
    return np.asarray(soxr.resample(clip, rate_hz, RATE_HZ), np.float32)
