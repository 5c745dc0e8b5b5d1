"""What the ear asks of a recogniser, whoever makes it."""

from dataclasses import dataclass
from typing import Protocol

from voicecoach.sound import Samples


class ModelError(Exception):
    """The recognition model cannot serve; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What a recogniser believes was said since its last final result."""

    text: str
    final: bool
    words: tuple[Word, ...] = ()
    """with times in seconds since the recogniser's first block; empty in partial results"""


class Recogniser(Protocol):
    """Speech recognition with one grammar."""

    def accept(self, block: Samples) -> Hypothesis:
        """The hypothesis after `block` (mono float32 of full scale at EAR_RATE_HZ, any length)."""

    def finish(self) -> Hypothesis:
        """The last final result, at the end of a recording."""


class RecognitionModel(Protocol):
    """Makes recognisers; loading it is what takes time and memory."""

    def recogniser(self, phrases: list[str]) -> Recogniser:
        """A fresh recogniser that expects `phrases`, and nothing else."""
