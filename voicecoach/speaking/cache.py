"""Renders every line once: clips in memory and on disk, keyed by text, pace and voice.

A thread of its own reads and renders, the most urgent line first; whoever asks can go on meanwhile. When
nothing is left to do, the synthesiser's process ends. A voice that dies, or gives no sound for a line, is
started once more; if it fails again, the next one speaks from then on, and never both.

Files are written under a temporary name and then renamed, so a crash leaves no half clip. A clip that cannot
be read is rendered again. A cache that cannot be written only costs time (docs/promises.md, R13).
"""

import contextlib
import hashlib
import threading
import time
import wave
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import soundfile
import soxr

from voicecoach.files import replacing
from voicecoach.sound import Samples, silence
from voicecoach.speaking.drivers import version_of_driver
from voicecoach.speaking.pace import words
from voicecoach.speaking.rendering import VoiceProcess
from voicecoach.speaking.synthesiser import Clip, Renderer, SynthesisError, VoiceLost
from voicecoach.units import RATE_HZ

_FULL_SCALE = 32_768.0
BREATH_S = 0.3
PATIENCE_S = 60.0
"""A line takes some 0.1 s. On a machine where it takes this long, no session can be played."""
LINE_PATIENCE_S = 0.3
"""How long a line may keep a session waiting before it is said at another pace, if there it is known."""
_IDLE_S = 3.0
"""When so long nothing was to be rendered, the synthesiser's process ends."""
_FORM = "2"
"""To be counted up when clips are made in another way (pace.py, loudness.py)."""
Line = tuple[str, int]
"""A text, and its pace in words a minute."""


class PromptCache:
    """With `folder` None, clips are kept in memory only.

    `voices`: the one to speak with, and those to fall back on.
    """

    def __init__(
        self,
        folder: Path | None,
        voices: Sequence[str],
        start: Callable[[str], Renderer] = VoiceProcess,
    ) -> None:
        self._folder = folder
        self._voices = tuple(voices)
        self._start = start
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        # all below is guarded by _changed
        self._urgent: dict[Line, None] = {}
        """lines to be rendered at once, in their order; a line may be in both"""
        self._waiting: dict[Line, None] = {}
        self._renderer: Renderer | None = None
        self._clips: dict[str, dict[int, Clip]] = defaultdict(dict)
        """text: pace: clip"""
        self._refused: dict[Line, SynthesisError] = {}
        self._asked: dict[Line, None] = {}
        """every line that was asked for, in that order"""
        self._needed: set[Line] = set()
        """those that must be there before anything moves"""
        self._lost: SynthesisError | None = None
        """why there is no voice at all"""
        self.rendered = 0
        self.failure = ""
        """why another voice speaks than the one that was chosen"""

    @property
    def voice(self) -> str:
        """The voice that speaks."""
        return self._voices[0]

    # -- asking

    def hurry(self, lines: Iterable[Line]) -> None:
        """Have these lines rendered before all others."""
        with self._changed:
            for line in lines:
                self._ask(line, self._urgent)

    def ahead(self, lines: Iterable[Line], needed: bool = False) -> None:
        """Have these lines rendered soon, in their order. `needed`: before anything moves, see `complete`."""
        with self._changed:
            for line in lines:
                if needed:
                    self._needed.add(line)
                self._ask(line, self._waiting)

    @property
    def complete(self) -> bool:
        """Whether every needed line is in memory, or will never be."""
        with self._changed:
            return self._lost is not None or all(map(self._is_settled, self._needed))

    def wait(self, within_s: float = PATIENCE_S) -> bool:
        """Whether every line asked for is in memory, or was refused, within that time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._lost is not None or all(map(self._is_settled, self._asked)), within_s
            )

    def clip(self, text: str, wpm: int, patience_s: float = PATIENCE_S) -> Samples:
        """The line as mono float32 at 48 kHz, waited for. Raises SynthesisError."""
        deadline_s = time.monotonic() + patience_s
        with self._changed:
            while (found := self._find((text, wpm))) is None:
                if not self._changed.wait(deadline_s - time.monotonic()) and time.monotonic() >= deadline_s:
                    raise SynthesisError(f"The voice did not say {text!r} within {patience_s:g} s.")
        return at_stream_rate(found)

    def said(self, lines: Sequence[str], wpm: int, waited_s: float = PATIENCE_S) -> Samples | None:
        """The lines one after the other, with a breath between them; None if they are not there yet.

        `waited_s`: how long they have been waited for. After LINE_PATIENCE_S, a line known at another pace is
        taken at that. Raises SynthesisError if a line cannot be had.
        """
        with self._changed:
            clips = [self._find((line, wpm)) for line in lines]
            if waited_s >= LINE_PATIENCE_S:
                clips = [clip or self._nearest(line, wpm) for line, clip in zip(lines, clips, strict=True)]
        found = [clip for clip in clips if clip is not None]
        if len(found) < len(lines):
            return None
        breath = silence(round(BREATH_S * RATE_HZ))
        return np.concatenate([part for clip in found for part in (breath, at_stream_rate(clip))][1:])

    def close(self) -> None:
        """Let the synthesiser go, whatever it is at."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._let_go()

    # -- with _changed held

    def _ask(self, line: Line, queue: dict[Line, None]) -> None:
        self._asked[line] = None
        if self._is_settled(line) or line in queue:
            return
        queue[line] = None
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True, name="voice")
            self._thread.start()
        self._changed.notify_all()

    def _is_settled(self, line: Line) -> bool:
        text, wpm = line
        return wpm in self._clips[text] or line in self._refused

    def _find(self, line: Line) -> Clip | None:
        text, wpm = line
        found = self._clips[text].get(wpm)
        if found is not None:
            return found
        error = self._lost or self._refused.get(line)
        if error is None:
            self._ask(line, self._urgent)
            return None
        if (nearest := self._nearest(text, wpm)) is None:
            raise error
        return nearest

    def _nearest(self, text: str, wpm: int) -> Clip | None:
        known = self._clips[text]
        return known[min(known, key=lambda other: abs(other - wpm))] if known else None

    # -- the thread that renders

    def _work(self) -> None:
        failures = 0
        while not self._closed:
            line = self._next()
            if line is None:  # nothing to do: the memory is given back
                self._let_go()
                continue
            try:
                clip = _read(self._path(line))
                if clip is None:
                    clip = self._render(line)
                self._settle(line, clip)
            except SynthesisError as error:
                if isinstance(error, VoiceLost) or self._another_may_say(line):
                    self._let_go()
                    failures = self._after_failure(line, error, failures + 1)
                else:
                    self._settle(line, error)
        self._let_go()

    def _next(self) -> Line | None:
        """The next line to be rendered; None if there was none for a while, or the cache is closed."""
        with self._changed:
            while not self._closed:
                for queue in (self._urgent, self._waiting):
                    while queue:
                        line = next(iter(queue))
                        del queue[line]
                        if self._lost is None and not self._is_settled(line):
                            return line
                if not self._changed.wait(_IDLE_S if self._renderer else None):
                    break
        return None

    def _render(self, line: Line) -> Clip:
        if self._renderer is None:
            self._renderer = self._start(self.voice)
        clip = self._renderer.render(*line)
        self._keep(line, clip)
        self.rendered += 1
        return clip

    def _let_go(self) -> None:
        renderer, self._renderer = self._renderer, None
        if renderer is not None:
            renderer.close()

    def _settle(self, line: Line, found: Clip | SynthesisError) -> None:
        text, wpm = line
        with self._changed:
            if isinstance(found, SynthesisError):
                self._refused[line] = found
            else:
                self._clips[text][wpm] = found
            self._changed.notify_all()

    def _another_may_say(self, line: Line) -> bool:
        """Whether the voice is at fault if it refuses the line: there are words in it, and another voice."""
        return len(self._voices) > 1 and words(line[0]) > 0

    def _after_failure(self, line: Line, error: SynthesisError, failures: int) -> int:
        """Try the voice once more, then the next one; how often the present one has failed."""
        with self._changed:
            self._urgent = {line: None, **self._urgent}
            if failures == 1:
                return failures
            if len(self._voices) == 1:
                self._lost = error
            else:
                self._voices = self._voices[1:]
                self.failure = f"{error} {self.voice} speaks instead."
                self._clips.clear()
                self._refused.clear()
                self._waiting = dict(self._asked)
            self._changed.notify_all()
        return 0

    def _path(self, line: Line) -> Path | None:
        if self._folder is None:
            return None
        text, wpm = line
        made_by = (self.voice, version_of_driver(self.voice), _FORM)
        digest = hashlib.sha256("\0".join((text, str(wpm), *made_by)).encode()).hexdigest()
        return self._folder / f"{digest[:32]}.wav"

    def _keep(self, line: Line, clip: Clip) -> None:
        path = self._path(line)
        if path is None:
            return
        try:
            with replacing(path) as part:
                soundfile.write(part, *clip, subtype="PCM_16", format="WAV")
        except (soundfile.LibsndfileError, OSError):
            self._folder = None  # the disk is full or read-only: do not try again for every line


def _read(path: Path | None) -> Clip | None:
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


def at_stream_rate(clip: Clip) -> Samples:
    """The clip as mono float32 at 48 kHz."""
    data, rate_hz = clip
    return np.asarray(soxr.resample(data.astype(np.float32) / _FULL_SCALE, rate_hz, RATE_HZ), np.float32)
