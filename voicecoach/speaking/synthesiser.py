"""What the prompt cache asks of a synthesiser, whoever makes it."""

from typing import Protocol

from voicecoach.sound import Samples


class SynthesisError(Exception):
    """The coach cannot speak; the message says why."""


class Synthesiser(Protocol):
    """One voice, ready to render."""

    def render(self, text: str, wpm: int) -> tuple[Samples, int]:
        """`text` at `wpm` words a minute: mono float32 without silent edges, and its rate in Hz.

        Raises SynthesisError, also if there is no sound.
        """


class Voices(Protocol):
    """Starts synthesisers; to start one is what takes time."""

    engine: str
    """name and version, part of every cache key: another engine's clips must not answer for this one's"""

    def __call__(self, voice: str) -> Synthesiser:
        """The synthesiser for `voice`. Raises SynthesisError."""
