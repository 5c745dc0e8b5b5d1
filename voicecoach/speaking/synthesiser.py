"""The protocol of a synthesiser, as the prompt cache uses it."""

from typing import Protocol

from voicecoach.sound import Samples


class SynthesisError(Exception):
    """The coach cannot speak; the message says why."""


class Synthesiser(Protocol):
    """One voice, ready to render."""

    def render(self, text: str, wpm: int) -> tuple[Samples, int]:
        """`text` at `wpm` words a minute: mono float32 without silent edges, and its rate in Hz.

        Raises SynthesisError if rendering fails or gives no sound.
        """


class Voices(Protocol):
    """Starts synthesisers; starting one takes time."""

    engine: str
    """name and version, part of every cache key, so that clips of another engine are never used"""

    def __call__(self, voice: str) -> Synthesiser:
        """Start the synthesiser for `voice`. Raises SynthesisError."""
