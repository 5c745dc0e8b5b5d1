"""What the ear asks of a second recogniser: a whole utterance to words, whatever they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from voicecoach.sound import Samples


class TranscriberAbsent(Exception):
    """The second recogniser cannot serve; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Guess:
    text: str
    log_probability: float
    """of the whole text, natural logarithm"""
    intents: Mapping[str, float] = field(default_factory=dict)
    """how probable each command is, or "-" for none, if this was said (intents.py)"""

    @property
    def is_sentence(self) -> bool:
        """Two words or more, in letters that English has: single words are asked for as phrases."""
        return len(self.text.split()) > 1 and self.text.isascii()


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a transcriber believes was said in an utterance."""

    text: str
    log_probability: float
    """mean of the text's tokens, natural logarithm"""
    phrases: Mapping[str, float] = field(default_factory=dict)
    """how probable each expected phrase is as the whole utterance, natural logarithm; without the hardly
    probable ones"""
    guesses: tuple[Guess, ...] = ()
    """the most probable texts, the best first"""

    @property
    def phrase(self) -> str:
        """The expected phrase that the whole utterance most probably is; "" if it is hardly any."""
        return max(self.phrases, key=self.phrases.__getitem__, default="")


class Transcriber(Protocol):
    def transcribe(self, utterance: Samples, phrases: tuple[str, ...]) -> Transcript:
        """`utterance`: mono float32 of full scale at EAR_RATE_HZ, at most some 10 s. `phrases`: what may be
        expected to be said, each as a whole utterance."""
