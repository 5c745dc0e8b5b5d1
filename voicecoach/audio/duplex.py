"""What every pair of microphone and loudspeaker offers, and the pair of files on the virtual clock."""

import time
from collections.abc import Callable, Iterator
from typing import Protocol

from voicecoach.sound import Frame, NoFrame, Samples
from voicecoach.units import BLOCK, RATE_HZ

Render = Callable[[int], Samples]
"""The mixer: the next n samples of the coach."""


class Source(Protocol):
    def read(self, samples: int) -> Samples: ...


class Sink(Protocol):
    def write(self, data: Samples) -> None: ...
    def close(self) -> None: ...


class Duplex(Protocol):
    """Block after block, for ever: rendered, played, heard."""

    def frames(self, render: Render) -> Iterator[Frame | NoFrame]: ...
    def close(self) -> None: ...


class FileDuplex:
    """Two files. Virtual: as fast as the machine can; real: at the pace of the wall clock.

    Every frame is rendered only after the one before has been dealt with, so a run is repeatable
    to the sample.
    """

    def __init__(self, microphone: Source, speaker: Sink | None, real_time: bool = False) -> None:
        self._microphone, self._speaker, self._real_time = microphone, speaker, real_time

    def frames(self, render: Render) -> Iterator[Frame | NoFrame]:
        began_s = time.monotonic()
        at_sample = 0
        while True:
            played = render(BLOCK)
            if self._speaker:
                self._speaker.write(played)
            yield Frame(at_sample, self._microphone.read(BLOCK), played)
            at_sample += BLOCK
            if self._real_time:
                time.sleep(max(0.0, began_s + at_sample / RATE_HZ - time.monotonic()))

    def close(self) -> None:
        if self._speaker:
            self._speaker.close()
