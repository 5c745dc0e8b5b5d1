"""Microphone and loudspeaker through PortAudio, on one clock that goes on whatever becomes of them.

As long as all is well, one stream serves both directions, so the echo reference is aligned to the sample.
When it stops delivering, time goes on by the wall clock, and each direction is opened again by itself: a
coach whose microphone has gone can still say so, and one whose loudspeaker has gone still understands "stop".
Either side may be a file instead of a device.
"""

import atexit
import queue
import sys
import threading
import time
from collections.abc import Iterator

from voicecoach.audio.devices import AudioUnavailable, choose, sounddevice
from voicecoach.audio.duplex import Playback, Sink, Source
from voicecoach.audio.reopening import Reopening
from voicecoach.audio.stream import Block, Stream
from voicecoach.sound import Frame, Samples, silence
from voicecoach.units import BLOCK, RATE_HZ

ABSENT_S = 0.25
"""When no block has come for so long, time goes on by the wall clock."""
DEAD_S = 0.8
"""When no block has come for so long, the device is opened again. A busy computer makes smaller gaps."""
HELD_S = 2.0
"""Without a loudspeaker what is being said waits for so long; then the session goes on, to be read."""
_FILLED = 3
"""Blocks that wait, of a microphone with a stream of its own, before the first is taken: against jitter."""
_MOST_FILLED = 8
_PERIOD_S = BLOCK / RATE_HZ
_MOST_MADE_UP = 50
"""Frames (1 s) made up at once. A program that was stopped for minutes must not play them out in a moment."""
_LATE_S = 0.06
"""A microphone with a stream of its own delivers every 20 ms; later than this, it does not."""


class DeviceDuplex:
    """`microphone` and `speaker`: a device's name or number, None for the default, or a Source or Sink."""

    def __init__(self, microphone: str | Source | None, speaker: str | Sink | None) -> None:
        self._sd = sounddevice(fetch=True)
        self._source = microphone if not isinstance(microphone, str | None) else None
        self._sink = speaker if not isinstance(speaker, str | None) else None
        self.input = choose(microphone, output=False) if isinstance(microphone, str | None) else None
        self.output = choose(speaker, output=True) if isinstance(speaker, str | None) else None
        if self._sink is None and self.output is None:
            raise AudioUnavailable(
                "No loudspeaker was found. Plug one in or pair it, see `voicecoach devices`, "
                "or give a file: --speaker session.wav"
            )
        self._streams: list[Stream] = []
        self._reopening: dict[str, Reopening] = {}
        """by direction, "in" and "out" """
        self._playback: Playback | None = None
        self._rendering = threading.Lock()
        self._real_s, self._since = time.monotonic(), 0
        """when a stream last delivered, and how many frames have been made up since"""
        self._filled = False
        self._missed = False

    @property
    def can_hear(self) -> bool:
        return self._source is not None or self.input is not None

    @property
    def failure(self) -> str:
        return self._sink.failure if self._sink else ""

    @property
    def names(self) -> tuple[str, str]:
        """The names of the microphone and of the loudspeaker."""
        return self._name(self.input), self._name(self.output)

    def _name(self, device: int | None) -> str:
        return "-" if device is None else str(self._sd.query_devices(device)["name"])

    @property
    def output_latency_s(self) -> float:
        return max((stream.output_latency_s for stream in self._streams), default=0.0)

    def frames(self, playback: Playback) -> Iterator[Frame]:
        """Raises AudioUnavailable if the devices cannot be opened at first; after that, never."""
        sys.setswitchinterval(0.0005)  # otherwise three busy threads starve the callback (docs/audio.md)
        # sounddevice would close at exit what a dead sound server keeps from closing, and hang there for good
        atexit.unregister(self._sd._exit_handler)
        self._playback = playback
        self._streams = [Stream(self._sd, self.input, self.output, self._play, live=True)]
        self._real_s = time.monotonic()
        while True:
            self._adopt()
            for stream in self._streams:
                stream.calm()
            driver = next((stream for stream in self._streams if stream.drives), None)
            block = self._next_block(driver)
            if block is not None:
                yield self._frame(block)
                continue
            for stream in [s for s in self._streams if time.monotonic() - s.called_s > DEAD_S]:
                self._replace(stream)
            yield from self._by_the_wall_clock()

    # -- a stream drives the clock

    def _play(self, samples: int) -> tuple[int, Samples] | None:
        """What a stream plays; it never waits, since the sound card would not either."""
        if not self._rendering.acquire(blocking=False):
            return None  # time has just gone on without it
        try:
            assert self._playback is not None
            return self._playback.at_sample, self._playback.render(samples)
        finally:
            self._rendering.release()

    def _next_block(self, driver: Stream | None) -> Block | None:
        if driver is None:
            time.sleep(_PERIOD_S)
            return None
        absent_s = time.monotonic() - self._real_s
        try:
            block = driver.blocks.get(timeout=max(_PERIOD_S, ABSENT_S - absent_s))
        except queue.Empty:
            return None
        self._real_s, self._since = time.monotonic(), 0
        return block

    def _frame(self, block: Block) -> Frame:
        played = silence(BLOCK) if block.played is None else block.played
        if block.heard is not None:
            heard, hears = block.heard, True
        else:
            heard, hears = self._from_microphone(len(played))
        lost, self._missed = block.lost or self._missed, False
        speaks = self._sink is not None or any(stream.speaks for stream in self._streams)
        if self._sink:
            self._sink.write(played)
        return Frame(block.at_sample, heard, played, hears, speaks, lost)

    def _from_microphone(self, samples: int) -> tuple[Samples, bool]:
        """The block of a microphone that is a file or has a stream of its own, and whether it delivers."""
        if self._source:
            return self._source.read(samples), True
        stream = next((s for s in self._streams if s.hears), None)
        if stream is None:
            return silence(samples), False
        if time.monotonic() - stream.called_s > DEAD_S:
            self._replace(stream)
        while stream.blocks.qsize() > _MOST_FILLED:
            stream.blocks.get_nowait()
            self._missed = True
        self._filled = self._filled or stream.blocks.qsize() >= _FILLED
        if self._filled:
            try:
                block = stream.blocks.get_nowait()
            except queue.Empty:
                self._filled, self._missed = False, True
            else:
                return silence(samples) if block.heard is None else block.heard, True
        return silence(samples), time.monotonic() - stream.called_s < _LATE_S

    # -- no stream drives it

    def _by_the_wall_clock(self) -> Iterator[Frame]:
        """The frames that should have come since the last one; after a sleep of this program, not all of
        them."""
        now_s = time.monotonic()
        if now_s - self._real_s < ABSENT_S:
            return
        due = int((now_s - self._real_s) / _PERIOD_S)
        self._since = max(self._since, due - _MOST_MADE_UP)
        held = self._sink is None and now_s - self._real_s < HELD_S
        while self._since < due:
            self._since += 1
            with self._rendering:
                assert self._playback is not None
                at_sample = self._playback.at_sample
                played = self._playback.hold(BLOCK) if held else self._playback.render(BLOCK)
            alone = next((s for s in self._streams if s.hears and not s.drives), None)
            heard, hears = self._from_microphone(BLOCK) if alone or self._source else (silence(BLOCK), False)
            if self._sink:
                self._sink.write(played)
            yield Frame(at_sample, heard, played, hears, speaks=self._sink is not None, lost=True)

    # -- other streams

    def _replace(self, stream: Stream) -> None:
        """Let a stream go that delivers nothing, and open each of its directions again by itself."""
        self._streams.remove(stream)
        stream.close(wait=False)
        self._filled = False
        sd, play = self._sd, self._play
        if stream.hears:  # first, as opening a loudspeaker that sleeps takes seconds
            input, drives = self.input, self.output is None
            self._reopening["in"] = Reopening(
                lambda: Stream(sd, input, None, play if drives else None, live=False)
            )
        if stream.speaks:
            output = self.output
            self._reopening["out"] = Reopening(lambda: Stream(sd, None, output, play, live=False))

    def _adopt(self) -> None:
        """Take the streams that have been opened again."""
        for direction, reopening in list(self._reopening.items()):
            if reopening.found is not None:
                del self._reopening[direction]
                stream = reopening.found
                stream.called_s = time.monotonic()
                stream.live = True
                self._streams.append(stream)

    def close(self) -> None:
        for reopening in self._reopening.values():
            reopening.give_up()
        for stream in self._streams:
            stream.close()
        self._streams = []
        if self._sink:
            self._sink.close()
