"""The duplex stream through PortAudio: one callback, one sample clock for both directions.

The callback copies the input, mixes the output and returns; everything slow happens in the thread that takes
the frames. Because one stream serves both directions, the echo reference is aligned to the sample. Either
side may be a file instead of a device.
"""

import atexit
import queue
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from voicecoach.audio.devices import AudioUnavailable, choose, sounddevice
from voicecoach.audio.duplex import Render, Sink, Source
from voicecoach.sound import Frame, NoFrame, Samples, silence
from voicecoach.units import BLOCK, RATE_HZ

LATENCY_S = 0.05
"""With busy Python threads, 20 ms underflowed and 50 ms did not (docs/audio.md)."""
CLICK_S = 0.2
"""The first capture is muted: a click appears about 45 ms after a stream opens (docs/audio.md)."""
PATIENCE_S = 0.25
CLOSE_S = 1.0
BACKLOG = 100
"""Frames (2 s) that may wait for the ear. If the queue overflows, the coach has been deaf for that long: all
waiting frames are dropped, a NoFrame reports the gap, and listening continues with the next frame."""


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
        self._frames: queue.Queue[Frame] = queue.Queue(BACKLOG)
        self._stream: Any = None
        self.underflows = 0
        self._overrun = False

    @property
    def can_hear(self) -> bool:
        return self._source is not None or self.input is not None

    @property
    def names(self) -> tuple[str, str]:
        """The names of the microphone and of the loudspeaker."""
        return self._name(self.input), self._name(self.output)

    def _name(self, device: int | None) -> str:
        return "-" if device is None else str(self._sd.query_devices(device)["name"])

    def frames(self, render: Render) -> Iterator[Frame | NoFrame]:
        sys.setswitchinterval(0.0005)  # otherwise three busy threads starve the callback (docs/audio.md)
        self._stream = self._open(render)
        last_s = time.monotonic()
        while True:
            try:
                frame = self._frames.get(timeout=PATIENCE_S)
            except queue.Empty:
                # PortAudio does not report that a device has vanished: the frames just stop
                yield NoFrame(time.monotonic() - last_s)
                continue
            last_s = time.monotonic()
            if self._overrun:
                yield NoFrame(self._drop_backlog())
                continue
            if self._source:
                frame = Frame(frame.at_sample, self._source.read(len(frame.played)), frame.played)
            if self._sink:
                self._sink.write(frame.played)
            yield frame

    def _close_stream(self) -> None:
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

    def _drop_backlog(self) -> float:
        """Drop the waiting frames; return how many seconds of sound were lost."""
        self._overrun = False
        lost = 1
        while not self._frames.empty():
            self._frames.get_nowait()
            lost += 1
        return lost * BLOCK / RATE_HZ

    def _open(self, render: Render) -> Any:
        sd = self._sd
        at_sample = 0

        def exchange(heard: Samples | None, samples: int, status: Any) -> Samples:
            nonlocal at_sample
            if status.output_underflow:
                self.underflows += 1
            played = render(samples)
            usable = heard is not None and at_sample > CLICK_S * RATE_HZ
            frame = Frame(
                at_sample, heard.copy() if usable and heard is not None else silence(samples), played
            )
            at_sample += samples
            try:
                self._frames.put_nowait(frame)
            except queue.Full:
                self._overrun = True
            return played

        common = {
            "samplerate": RATE_HZ,
            "blocksize": BLOCK,
            "channels": 1,
            "dtype": "float32",
            "latency": LATENCY_S,
        }
        try:
            if self.input is not None and self.output is not None:

                def both(heard: Any, out: Any, samples: int, _when: Any, status: Any) -> None:
                    out[:, 0] = exchange(heard[:, 0], samples, status)

                stream = sd.Stream(device=(self.input, self.output), callback=both, **common)
            elif self.output is not None:

                def play(out: Any, samples: int, _when: Any, status: Any) -> None:
                    out[:, 0] = exchange(None, samples, status)

                stream = sd.OutputStream(device=self.output, callback=play, **common)
            else:

                def hear(heard: Any, samples: int, _when: Any, status: Any) -> None:
                    exchange(heard[:, 0], samples, status)

                stream = sd.InputStream(device=self.input, callback=hear, **common)
            stream.start()
        except (sd.PortAudioError, ValueError) as error:
            raise AudioUnavailable(
                f"The sound device could not be opened ({error}). Another program may be using it; "
                "see `voicecoach devices` for others."
            ) from error
        return stream

    def close(self) -> None:
        """Close the stream in a thread: with a vanished device, closing may never return (docs/audio.md)."""
        if self._stream is not None:
            closing = threading.Thread(target=self._close_stream, daemon=True, name="close stream")
            closing.start()
            closing.join(CLOSE_S)
            if closing.is_alive():
                # at exit sounddevice would close it again, on the main thread, and hang there too
                atexit.unregister(self._sd._exit_handler)
        if self._sink:
            self._sink.close()
