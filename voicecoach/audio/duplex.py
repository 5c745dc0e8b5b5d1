"""The interface of a microphone and loudspeaker pair, and its implementation with files."""

import time
from collections.abc import Callable, Iterator
from typing import Protocol

from voicecoach.sound import Frame, NoFrame, Samples
from voicecoach.units import BLOCK, RATE_HZ

Render = Callable[[int], Samples]
"""Returns the next n samples of the coach; the mixer provides it."""


class Source(Protocol):
    def read(self, samples: int) -> Samples: ...


class Sink(Protocol):
    def write(self, data: Samples) -> None: ...
    def close(self) -> None: ...


class Duplex(Protocol):
    """A microphone and a loudspeaker on one clock. `frames` endlessly renders, plays and hears blocks."""

    def frames(self, render: Render) -> Iterator[Frame | NoFrame]: ...
    def close(self) -> None: ...


class FileDuplex:
    """Two files. Runs as fast as the machine allows (virtual clock), or with `real_time` at wall-clock pace.

    A frame is rendered only after the previous one has been handled, so a run can be repeated to the sample.
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
