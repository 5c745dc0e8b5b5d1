"""What PulseAudio, or PipeWire in its place, has connected our streams to.

It moves the streams of a program to other devices without a word: an unplugged microphone becomes another
one, in the end the monitor of the loudspeaker, and frames never cease. So somebody has to look. Where there
is no such server, nothing is known and nothing is reported.
"""

import contextlib
import os
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

_LOOK_S = 0.5
"""How often to look if the server reports no change."""
_OLD_S = 1.0
"""What was seen before that is not believed: a server that hangs, hangs whoever asks it."""
_RECONNECT_S = 1.0
_APPLICATION_PID = "application.process.id"


@dataclass(frozen=True, slots=True)
class Wiring:
    """The devices of our streams. "" where there is no such stream."""

    source: str = ""
    own_sound: bool = False
    """the source is the monitor of our own loudspeaker"""
    source_muted: bool = False
    """also if the volume is zero, of the device or of our own stream there"""
    source_asleep: bool = False
    """suspended by the server"""
    sink: str = ""
    sink_muted: bool = False
    """likewise"""
    sink_asleep: bool = False


class WiringWatch:
    """Looks, in a thread of its own, at every change that the server reports. A server that hangs, hangs
    it."""

    def __init__(self, look: bool = True) -> None:
        self._seen: tuple[float, Wiring] | None = None
        """when, on the monotonic clock, and what"""
        self._over = threading.Event()
        if look and sys.platform.startswith("linux"):
            threading.Thread(target=self._watch, daemon=True, name="wiring").start()

    @property
    def wiring(self) -> Wiring | None:
        """None: not known, or not any more, as the server does not answer."""
        seen = self._seen
        return seen[1] if seen and time.monotonic() - seen[0] < _OLD_S else None

    def close(self) -> None:
        self._over.set()

    def _watch(self) -> None:
        try:
            import pulsectl
        except (ImportError, OSError):  # no libpulse
            return
        while not self._over.is_set():
            with (
                contextlib.suppress(pulsectl.PulseError, pulsectl.PulseDisconnected),
                pulsectl.Pulse("voicecoach", connect=False) as pulse,
            ):
                pulse.connect(autospawn=False)
                pulse.event_mask_set("all")
                pulse.event_callback_set(lambda _event: pulse.event_listen_stop())
                while not self._over.is_set():
                    self._seen = time.monotonic(), wiring_of(pulse, os.getpid())
                    pulse.event_listen(_LOOK_S)
            self._seen = None
            self._over.wait(_RECONNECT_S)


def wiring_of(pulse: Any, pid: int) -> Wiring:
    """`pulse`: a connected pulsectl.Pulse; `pid`: the process whose streams are meant.

    Raises pulsectl.PulseError.
    """
    taking = _ours(pulse.source_output_list(), pid)
    giving = _ours(pulse.sink_input_list(), pid)
    source = next((s for s in pulse.source_list() if taking and s.index == taking.source), None)
    sink = next((s for s in pulse.sink_list() if giving and s.index == giving.sink), None)
    return Wiring(
        source=source.name if source else "",
        own_sound=bool(source and sink and source.monitor_of_sink_name == sink.name),
        source_muted=bool(source and (_silent(source) or _silent(taking))),
        source_asleep=bool(source and source.state == "suspended"),
        sink=sink.name if sink else "",
        sink_muted=bool(sink and (_silent(sink) or _silent(giving))),
        sink_asleep=bool(sink and sink.state == "suspended"),
    )


def _silent(it: Any) -> bool:
    """Whether a device or a stream is muted, or its volume is zero."""
    return bool(it.mute) or not it.volume.value_flat


def _ours(streams: list[Any], pid: int) -> Any:
    """The newest stream of process `pid`, or None."""
    ours = [stream for stream in streams if stream.proplist.get(_APPLICATION_PID) == str(pid)]
    return max(ours, key=lambda stream: stream.index, default=None)
