"""How loud a microphone is at the moment: for somebody who looks while they speak."""

import queue
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from voicecoach.audio.devices import AudioUnavailable, choose, sounddevice
from voicecoach.audio.stream import Block, Stream
from voicecoach.sound import level_db
from voicecoach.units import BLOCK, RATE_HZ

EVERY_S = 0.1
_BLOCKS = round(EVERY_S * RATE_HZ / BLOCK)
_PATIENCE_S = 1.0
"""When no block has come for so long, the microphone delivers nothing."""


@dataclass(frozen=True, slots=True)
class Level:
    """Of a tenth of a second, in dB relative to full scale."""

    mean_db: float
    peak_db: float


class Meter:
    """Opens the microphone at once, and alone. Raises AudioUnavailable."""

    def __init__(self, microphone: str | None) -> None:
        index = choose(microphone, output=False)
        if index is None:
            raise AudioUnavailable("No microphone was found. Plug one in.")
        self._stream = Stream(sounddevice(), index, None, play=None, live=True)
        self._open = True

    def levels(self) -> Iterator[Level]:
        """Until it is closed. Raises AudioUnavailable if the microphone delivers nothing any more."""
        heard: list[Block] = []
        while self._open:
            try:
                heard.append(self._stream.blocks.get(timeout=_PATIENCE_S))
            except queue.Empty:
                if self._open:
                    raise AudioUnavailable("The microphone delivers nothing. Plug it in again.") from None
                return
            if len(heard) == _BLOCKS:
                sound = np.concatenate([block.heard for block in heard if block.heard is not None])
                yield Level(level_db(sound), level_db(np.abs(sound).max(keepdims=True)))
                heard.clear()

    def close(self) -> None:
        """From any thread."""
        self._open = False
        self._stream.close(wait=True)
