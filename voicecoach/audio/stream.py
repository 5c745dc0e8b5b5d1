"""One stream of PortAudio, in one direction or both. Its callback copies in, mixes out and returns.

Everything slow happens in the thread that takes the blocks from its queue.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from voicecoach.audio.devices import AudioUnavailable
from voicecoach.sound import Samples, silence
from voicecoach.units import BLOCK, RATE_HZ

LATENCY_S = 0.05
"""With busy Python threads, 20 ms underflowed and 50 ms did not (docs/audio.md)."""
CLICK_BLOCKS = 11
"""0.2 s. The first capture is muted: a click appears about 45 ms after a stream opens (docs/audio.md)."""
SPINS = 0.3
"""Of a core. PortAudio needs 2 % between the callbacks; more, and it no longer waits (docs/audio.md)."""
MEASURED_S = 1.0
CLOSE_S = 0.3
BACKLOG = 100
"""Blocks (2 s) that may wait. Newer ones are dropped until there is room."""


@dataclass(frozen=True, slots=True)
class Block:
    """What passed through a stream at one moment; None for the direction that it does not serve."""

    at_sample: int
    """position of `played` on the output clock"""
    heard: Samples | None
    played: Samples | None
    lost: bool
    """PortAudio reports an overflow or an underflow, or blocks were dropped before this one"""


Play = Callable[[int], tuple[int, Samples] | None]
"""Renders the next n samples: (their position on the output clock, the samples); None: play silence."""


class Stream:
    """Opens and starts at once. Raises AudioUnavailable.

    `input`, `output`: PortAudio's numbers of the devices, at least one of them. `play` None: this stream does
    not ask for sound. While `live` is False it plays silence and drops what it hears: it is being tried out.
    """

    def __init__(
        self, sd: ModuleType, input: int | None, output: int | None, play: Play | None, live: bool
    ) -> None:
        self.hears = input is not None
        self.speaks = output is not None
        self.drives = play is not None
        """the clock goes on with its callbacks"""
        self.live = live
        self.calls = 0
        self.blocks: queue.Queue[Block] = queue.Queue(BACKLOG)
        self.called_s = time.monotonic()
        self._play = play
        self._dropped = False
        self._deaf_until = CLICK_BLOCKS
        """the last of `calls` whose capture is muted"""
        self._waiting = Waiting()
        self._starting = threading.Lock()
        options = {
            "samplerate": RATE_HZ,
            "blocksize": BLOCK,
            "channels": 1,
            "dtype": "float32",
            "latency": LATENCY_S,
        }
        self._error = sd.PortAudioError
        self._stream: Any = None
        try:
            if self.hears and self.speaks:

                def both(heard: Any, out: Any, samples: int, _when: Any, status: Any) -> None:
                    out[:, 0] = self._exchange(heard[:, 0], samples, status)

                self._stream = sd.Stream(device=(input, output), callback=both, **options)
            elif self.speaks:

                def give(out: Any, samples: int, _when: Any, status: Any) -> None:
                    out[:, 0] = self._exchange(None, samples, status)

                self._stream = sd.OutputStream(device=output, callback=give, **options)
            else:

                def take(heard: Any, samples: int, _when: Any, status: Any) -> None:
                    self._exchange(heard[:, 0], samples, status)

                self._stream = sd.InputStream(device=input, callback=take, **options)
            self._stream.start()
        except (sd.PortAudioError, ValueError) as error:
            if self._stream is not None:  # it opened, but does not start: it must not keep the device
                self.close()
            raise AudioUnavailable(
                f"The sound device could not be opened ({error}). Another program may be using it; "
                "see `voicecoach devices` for others."
            ) from error

    @property
    def output_latency_s(self) -> float:
        """From the callback to the loudspeaker, as PortAudio reports it; 0 for a stream without output."""
        told = self._stream.latency
        return float(told[1] if isinstance(told, tuple) else told) if self.speaks else 0.0

    def _exchange(self, heard: Samples | None, samples: int, status: Any) -> Samples:
        self._waiting.over(time.thread_time(), time.monotonic())
        try:
            return self._exchanged(heard, samples, status)
        finally:
            self._waiting.begins(time.thread_time())

    def _exchanged(self, heard: Samples | None, samples: int, status: Any) -> Samples:
        self.calls += 1
        self.called_s = time.monotonic()
        rendered = self._play(samples) if self.live and self._play else None
        if not self.live or (self.drives and rendered is None):
            return silence(samples)
        at_sample, played = rendered or (0, None)
        if heard is not None:
            heard = heard.copy() if self.calls > self._deaf_until else silence(samples)
        lost = bool(status.input_overflow or status.output_underflow or self._dropped)
        self._dropped = False
        if self.blocks.full():
            self._dropped = True
        else:
            self.blocks.put_nowait(Block(at_sample, heard, played, lost))
        return silence(samples) if played is None else played

    def calm(self) -> None:
        """Start it once more if it spins; in a thread, as with a vanished device that may never return."""
        if self._waiting.spins:
            self._waiting.spins = False
            threading.Thread(target=self._restart, daemon=True, name="restart stream").start()

    def _restart(self) -> None:
        with self._starting:
            if not self.live:  # it has been closed meanwhile
                return
            self._stream.abort(ignore_errors=True)
            self._deaf_until, self._dropped = self.calls + CLICK_BLOCKS, True
            with contextlib.suppress(self._error):  # then it delivers nothing, and is opened again
                self._stream.start()

    def close(self, wait: bool = True) -> None:
        """Close it in a thread: with a vanished device, closing may never return (docs/audio.md)."""
        self.live = False
        closing = threading.Thread(target=self._close, daemon=True, name="close stream")
        closing.start()
        if wait:
            closing.join(CLOSE_S)

    def _close(self) -> None:
        with self._starting:
            self._stream.abort(ignore_errors=True)
            self._stream.close(ignore_errors=True)


@dataclass(slots=True)
class Waiting:
    """How much processor time PortAudio's thread takes while it waits for the next block.

    After a standstill of 0.2 s its poll of ALSA's PulseAudio plug-in returns at once for good, and takes a
    whole core, until the stream is started anew. Where that does not help, it is tried less and less often.
    """

    spins: bool = False
    _used_s: float = 0.0
    """since the measurement began"""
    _since_s: float = 0.0
    _began_s: float | None = None
    """the thread's processor time at the end of the callback"""
    _patience_s: float = 1.0
    _not_before_s: float = 0.0

    def begins(self, thread_s: float) -> None:
        """A callback has returned."""
        self._began_s = thread_s

    def over(self, thread_s: float, now_s: float) -> None:
        """The next one has been called."""
        if self._began_s is not None:
            self._used_s += max(0.0, thread_s - self._began_s)  # after a restart it is another thread
        if now_s - self._since_s < MEASURED_S:
            return
        spun = self._used_s > SPINS * (now_s - self._since_s)
        self._used_s, self._since_s = 0.0, now_s
        if spun and now_s >= self._not_before_s:
            self.spins = True
            self._patience_s *= 2
            self._not_before_s = now_s + self._patience_s
