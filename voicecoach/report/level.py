"""Listens to the default microphone for a moment: how loud it is, and how high it hears."""

import math

import numpy as np

from voicecoach.audio import DeviceDuplex
from voicecoach.listening import NARROW_REMEDY, Bandwidth, is_narrow
from voicecoach.report.health import Check, Finding
from voicecoach.sound import Samples, level_db, silence
from voicecoach.speaking import Mixer
from voicecoach.units import BLOCK, RATE_HZ

LISTEN_S = 4.0
"""A voice is loud enough for a second of it to tell how high the microphone hears."""
_OPENING_S = 0.5
"""Excluded from the measurement: the stream mutes its first capture, which contains a click."""


class _Nowhere:
    """A loudspeaker that discards everything."""

    failure = ""

    def write(self, data: Samples) -> None:
        pass

    def close(self) -> None:
        pass


def _level() -> Finding:
    """How loud the default microphone is at the moment."""
    duplex = DeviceDuplex(None, _Nowhere())
    if not duplex.can_hear:
        return Finding("missing", "no microphone to listen to")
    heard: list[Samples] = []
    try:
        for frame in duplex.frames(Mixer()):
            if frame.hears and frame.at_sample >= _OPENING_S * RATE_HZ:
                heard.append(frame.heard)
            if frame.at_sample >= (_OPENING_S + LISTEN_S) * RATE_HZ:
                break
    finally:
        duplex.close()
    return judged_level(np.concatenate(heard) if heard else silence(0))


def judged_level(sound: Samples) -> Finding:
    if not len(sound):
        return Finding("broken", "the microphone delivers nothing", "Unplug it and plug it in again.")
    if not sound.any():
        return Finding(
            "broken", "exact silence", "It is muted, or the system's settings do not let this program use it."
        )
    peak_db = 20 * math.log10(float(np.abs(sound).max()))
    bandwidth = Bandwidth()
    for start in range(0, len(sound) - BLOCK + 1, BLOCK):
        bandwidth.hear(sound[start : start + BLOCK])
    limit_hz = bandwidth.limit_hz
    if is_narrow(limit_hz):
        return Finding(
            "broken",
            f"narrow band: nothing above {limit_hz / 1000:g} kHz, as a Bluetooth headset in a call; "
            "words are missed",
            NARROW_REMEDY,
        )
    reach = "too little was heard to tell how high" if limit_hz is None else f"up to {limit_hz / 1000:g} kHz"
    return Finding(
        "ok", f"{level_db(sound):.0f} dB on average, loudest {peak_db:.0f} dB (0 dB is the maximum), {reach}"
    )


LEVEL = Check("level", _level, "Plug in another microphone, or choose one: `voicecoach devices`.")
