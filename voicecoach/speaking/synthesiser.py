"""The protocol of a synthesiser, as the prompt cache uses it."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from voicecoach.sound import Samples

Clip = tuple[npt.NDArray[np.int16], int]
"""Mono samples at the synthesiser's own rate, and that rate in Hz: a fraction of what they take at ours."""


class SynthesisError(Exception):
    """The coach cannot speak; the message says why."""


class VoiceLost(SynthesisError):
    """The synthesiser has died, or was ended because it hung: it will say no other line either."""


class Synthesiser(Protocol):
    """One voice, ready to render."""

    def render(self, text: str, wpm: int) -> tuple[Samples, int]:
        """`text` at `wpm` words a minute: mono float32 without silent edges, and its rate in Hz.

        Raises SynthesisError if rendering fails or gives no sound.
        """


class Renderer(Protocol):
    """One voice whose clips need nothing more: at their pace, in one loudness."""

    def render(self, text: str, wpm: int) -> Clip:
        """Raises SynthesisError if this line cannot be had, VoiceLost if no line can."""

    def close(self) -> None: ...
