"""The interface of a microphone and loudspeaker pair, and its implementation with files."""

import time
from collections.abc import Iterator
from typing import Protocol

from voicecoach.sound import Frame, Samples
from voicecoach.units import BLOCK, RATE_HZ


class Playback(Protocol):
    """What is to be played; the mixer provides it."""

    at_sample: int
    """the next sample to be rendered: the clock of everything"""

    def render(self, samples: int) -> Samples:
        """The next `samples` of the coach."""

    def hold(self, samples: int) -> Samples:
        """Silence, in which the clock stands still: nothing takes the sound, and what sounds goes on
        later."""


class Source(Protocol):
    def read(self, samples: int) -> Samples: ...


class Sink(Protocol):
    @property
    def failure(self) -> str:
        """Why it no longer takes anything; "" while it does."""

    def write(self, data: Samples) -> None: ...
    def close(self) -> None: ...


class Duplex(Protocol):
    """A microphone and a loudspeaker on one clock. `frames` endlessly renders, plays and hears blocks."""

    @property
    def failure(self) -> str:
        """Why a file at one of its ends is no longer written; "" while all is well."""

    @property
    def output_latency_s(self) -> float:
        """How long after its frame was handed over a sound is heard."""

    def frames(self, playback: Playback) -> Iterator[Frame]: ...
    def close(self) -> None: ...


class FileDuplex:
    """Two files. Runs as fast as the machine allows (virtual clock), or with `real_time` at wall-clock pace.

    A frame is rendered only after the previous one has been handled, so a run can be repeated to the sample.
    """

    output_latency_s = 0.0

    def __init__(self, microphone: Source, speaker: Sink | None, real_time: bool = False) -> None:
        self._microphone, self._speaker, self._real_time = microphone, speaker, real_time

    def frames(self, playback: Playback) -> Iterator[Frame]:
        began_s = time.monotonic()
        blocks = 0
        while True:
            at_sample = playback.at_sample
            played = playback.render(BLOCK)
            if self._speaker:
                self._speaker.write(played)
            yield Frame(at_sample, self._microphone.read(BLOCK), played)
            blocks += 1
            if self._real_time:
                time.sleep(max(0.0, began_s + blocks * BLOCK / RATE_HZ - time.monotonic()))

    @property
    def failure(self) -> str:
        return self._speaker.failure if self._speaker else ""

    def close(self) -> None:
        if self._speaker:
            self._speaker.close()
