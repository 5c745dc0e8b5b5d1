"""The mixer plays clips at absolute samples of the output clock, and falls silent at once when hushed.

`render` runs in the audio callback and owns all state. Other threads only append to a deque
(append and popleft are atomic), so the callback never takes a lock.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from voicecoach.sound import Samples, gain, silence
from voicecoach.units import RATE_HZ, ms_to_samples

FADE_MS = 10
"""A hush fades out over this time from the start of the next block; then there is silence."""
KNEE, CEILING = 0.9, 0.99
"""Of full scale. No clip alone comes to the knee (loudness.PEAK); a line and a tone at once may."""
MAX_VOLUME_DB, MIN_VOLUME_DB = 6.0, -18.0
"""The quietest is not mute: the safety lines must stay audible."""
DUCK_DB = -15.0
"""Gain while somebody speaks over the coach: it can still be understood, but does not drown them out."""


@dataclass(eq=False, slots=True)
class _Voice:
    clip: Samples
    start: int
    """sample of the output clock; -1 for as soon as possible"""
    prompt_id: int | None
    at: int = 0
    """next sample of the clip"""


@dataclass(frozen=True, slots=True)
class Finished:
    """A prompt that has been played; its last sample was the one before `end_sample`."""

    prompt_id: int
    start_sample: int
    end_sample: int


class Mixer:
    """`unattended_s`: fall silent when nobody has called `attend` for so long (None: never).

    Whoever plays the session attends at every block. If it hangs, the count must not go on by itself.
    """

    def __init__(self, unattended_s: float | None = None) -> None:
        self.at_sample = 0
        """the next sample to be rendered: the session's clock"""
        self._unattended_samples = None if unattended_s is None else round(unattended_s * RATE_HZ)
        self._attended_sample = 0
        self.finished: deque[Finished] = deque()
        self._orders: deque[_Voice | float | None] = deque()
        self._voices: list[_Voice] = []
        self._gain = self._wanted_gain = 1.0
        self._volume_db = 0.0
        self.ducked = False

    # -- any thread

    def attend(self) -> None:
        """Somebody is there who will hush it when the user says so."""
        self._attended_sample = self.at_sample

    def play(self, clip: Samples, at_sample: int | None = None, prompt_id: int | None = None) -> None:
        """Play `clip` from `at_sample` on (None: from the next block). A late clip starts at once."""
        self._orders.append(_Voice(clip, -1 if at_sample is None else at_sample, prompt_id))

    def hush(self) -> None:
        """Fade out what sounds within 10 ms, and drop what is scheduled."""
        self._orders.append(None)

    def change_volume(self, step_db: float) -> None:
        self._volume_db = min(MAX_VOLUME_DB, max(MIN_VOLUME_DB, self._volume_db + step_db))
        self._orders.append(self._level())

    def duck(self, ducked: bool) -> None:
        """Lower the coach by DUCK_DB, or raise it again, over one block."""
        if ducked is not self.ducked:
            self.ducked = ducked
            self._orders.append(self._level())

    def _level(self) -> float:
        return gain(self._volume_db + (DUCK_DB if self.ducked else 0.0))

    # -- the audio callback

    def render(self, samples: int) -> Samples:
        """The next `samples` of the coach: mono float32, never at full scale."""
        limit = self._unattended_samples
        if limit is not None and self.at_sample - self._attended_sample >= limit:
            return self.hold(samples)
        mix = silence(samples)
        self._take_orders(mix)
        self._mix(mix)
        self._apply_volume(mix)
        self.at_sample += samples
        return limited(mix)

    def hold(self, samples: int) -> Samples:
        """Silence, in which this clock stands still: what sounds fades out over this block and goes on after
        the hold, and what is scheduled comes so much later."""
        mix = silence(samples)
        self._take_orders(mix)
        if self._gain:
            self._mix(mix)
            mix *= np.linspace(self._gain, 0.0, samples, dtype=np.float32)
            self._gain = 0.0
            self.at_sample += samples
        else:
            mix[:] = 0.0
        return limited(mix)

    def _take_orders(self, mix: Samples) -> None:
        while self._orders:
            order = self._orders.popleft()
            if order is None:
                self._fade_out(mix)
            elif isinstance(order, _Voice):
                order.start = max(order.start, self.at_sample)
                self._voices.append(order)
            else:
                self._wanted_gain = order

    def _mix(self, mix: Samples) -> None:
        for voice in self._voices:
            self._add(mix, voice)
        self._voices = [voice for voice in self._voices if voice.at < len(voice.clip)]

    def _add(self, mix: Samples, voice: _Voice) -> None:
        offset = max(0, voice.start - self.at_sample)
        if offset >= len(mix):
            return
        piece = voice.clip[voice.at : voice.at + len(mix) - offset]
        mix[offset : offset + len(piece)] += piece
        voice.at += len(piece)
        if voice.at >= len(voice.clip) and voice.prompt_id is not None:
            self.finished.append(Finished(voice.prompt_id, voice.start, voice.start + len(voice.clip)))

    def _fade_out(self, mix: Samples) -> None:
        length = min(ms_to_samples(FADE_MS), len(mix))
        fade = np.linspace(1.0, 0.0, length, dtype=np.float32)
        for voice in self._voices:
            if voice.start <= self.at_sample and voice.at:
                piece = voice.clip[voice.at : voice.at + length]
                mix[: len(piece)] += piece * fade[: len(piece)]
        self._voices = []

    def _apply_volume(self, mix: Samples) -> None:
        """Apply the volume; a change is a linear ramp over one block, so that it does not click."""
        if self._gain != self._wanted_gain:
            mix *= np.linspace(self._gain, self._wanted_gain, len(mix), dtype=np.float32)
            self._gain = self._wanted_gain
        elif self._gain != 1.0:
            mix *= np.float32(self._gain)


def limited(mix: Samples) -> Samples:
    """`mix`, in place, with everything above KNEE bent towards CEILING: a clipped sample would crackle, and
    hide what the user says."""
    loud = np.abs(mix) > KNEE
    if loud.any():
        room = CEILING - KNEE
        mix[loud] = np.sign(mix[loud]) * (KNEE + room * np.tanh((np.abs(mix[loud]) - KNEE) / room))
    return mix
