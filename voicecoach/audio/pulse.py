"""Tells whether the coach can hear and be heard, and if not, why. Pure: time and sound are arguments.

PortAudio does not report that a device has vanished; its frames simply cease (docs/audio.md). A muted
microphone delivers exact zeros, which no room does. A driver in trouble delivers NaN, or numbers beyond all
measure. A sound server switches to another device without a word.
"""

from dataclasses import dataclass, field

from voicecoach.audio.device_duplex import DEAD_S
from voicecoach.audio.wiring import Wiring, WiringWatch
from voicecoach.session.events import Deaf, Event, HearsAgain, Mute, SpeaksAgain, Trouble
from voicecoach.sound import Frame, is_sound
from voicecoach.units import RATE_HZ, Milliseconds

DEAF_AFTER_S = 0.5
UNDECIDED_S = 1.5
"""While neither direction is delivered, so long: which of them fails is found out by opening both again."""
MUTED_AFTER_S = 10.0
SPEECHLESS_AFTER_S = 2.0
"""A loudspeaker is opened again within a second or so, or it has gone."""
BEHIND_S = 0.5
"""When recognition lags so far behind, a "stop" comes too late."""
LOST_LATELY, LATELY_S = 10, 2.0
"""So many blocks with lost sound, so lately, are a busy computer; single ones are not noticed."""
SETTLED_S = 1.0
"""A stream that has just begun loses some blocks."""
CHANGED_S = 0.5
"""Another reason must have lasted so long to be told as well: under load they take turns."""
RECOVERED_S = 2.0
"""All must have been well for so long: a computer at its limit would flap."""


@dataclass(slots=True)
class _Steady:
    """One reason at a time: told when it begins or changes, and told once that it is over."""

    reason: Trouble | None = None
    _well_s: float = 0.0
    _other_s: float = 0.0

    def becomes(self, reason: Trouble | None, block_s: float) -> Trouble | None:
        """The reason, if it is new."""
        if reason is None:
            self._well_s += block_s
            return None
        self._well_s = 0.0
        if reason is self.reason:
            self._other_s = 0.0
            return None
        self._other_s += block_s
        if self.reason not in (None, Trouble.INTERRUPTED) and self._other_s < CHANGED_S:
            return None
        self.reason, self._other_s = reason, 0.0
        return reason

    def recovered(self) -> bool:
        if self.reason is None or self._well_s < RECOVERED_S:
            return False
        self.reason = None
        return True


@dataclass(slots=True)
class _Lasting:
    """For how long something has been the case."""

    for_s: float = 0.0

    def __call__(self, so: bool, block_s: float) -> float:
        self.for_s = self.for_s + block_s if so else 0.0
        return self.for_s


@dataclass(slots=True)
class MicrophonePulse:
    recorded: bool = False
    """The microphone is a file: exact silence in it means nothing."""
    _chosen: str = ""
    """the microphone at the beginning, or the one that the user has gone on with"""
    _steady: _Steady = field(default_factory=_Steady)
    _hears: _Lasting = field(default_factory=_Lasting)
    _silent: _Lasting = field(default_factory=_Lasting)
    _both_silent: _Lasting = field(default_factory=_Lasting)
    _zeros: _Lasting = field(default_factory=_Lasting)
    _invalid: _Lasting = field(default_factory=_Lasting)
    _lost_s: list[float] = field(default_factory=list)
    _now_s: float = 0.0

    @property
    def deaf(self) -> bool:
        return self._steady.reason is not None

    def felt(
        self,
        frame: Frame,
        wiring: Wiring | None = None,
        behind_s: float = 0.0,
        stuck_s: float = 0.0,
        explained: bool = False,
    ) -> Trouble | None:
        """The reason, if deafness begins with this frame or has another reason from now on.

        `behind_s`: how far recognition lags behind the microphone; `stuck_s`: since when it has not returned.
        `explained`: the loudspeaker's trouble is known, and may have taken the microphone with it.
        """
        block_s = len(frame.played) / RATE_HZ
        self._now_s += block_s
        silent_s = self._silent(not frame.hears, block_s)
        both_silent_s = self._both_silent(not frame.hears and not frame.speaks, block_s)
        zeros_s = self._zeros(not self.recorded and frame.hears and not frame.heard.any(), block_s)
        invalid_s = self._invalid(not is_sound(frame.heard), block_s)
        hears_s = self._hears(frame.hears, block_s)
        if frame.lost and hears_s >= SETTLED_S:
            self._lost_s.append(self._now_s)
        self._lost_s = [at_s for at_s in self._lost_s if self._now_s - at_s < LATELY_S]
        reason: Trouble | None = None
        if explained and silent_s == both_silent_s < UNDECIDED_S:
            pass
        elif silent_s >= DEAF_AFTER_S:
            reason = self._no_frames(both_silent_s, wiring)
        elif wiring is not None and wiring.own_sound:
            reason = Trouble.OWN_SOUND
        elif wiring is not None and self._moved(wiring.source):
            reason = Trouble.MICROPHONE_MOVED
        elif zeros_s >= MUTED_AFTER_S or (zeros_s >= DEAF_AFTER_S and wiring and wiring.source_muted):
            reason = Trouble.MICROPHONE_MUTED
        elif invalid_s >= DEAF_AFTER_S:
            reason = Trouble.MICROPHONE_INVALID
        elif stuck_s >= DEAF_AFTER_S:
            reason = Trouble.EAR_STUCK
        elif behind_s >= BEHIND_S or len(self._lost_s) >= LOST_LATELY:
            reason = Trouble.BUSY
        return self._steady.becomes(reason, block_s)

    def _no_frames(self, both_silent_s: float, wiring: Wiring | None) -> Trouble:
        if wiring is not None and wiring.source_asleep:
            return Trouble.MICROPHONE_ASLEEP
        if self._steady.reason is Trouble.MICROPHONE_ASLEEP:
            return self._steady.reason  # nothing is known of it while it is opened again
        connected = wiring is not None and wiring.source and not wiring.sink_asleep
        if connected and self._silent.for_s < DEAD_S:
            return Trouble.BUSY  # the server still has it; later it may have a stream that is only tried out
        if DEAF_AFTER_S <= both_silent_s < UNDECIDED_S:
            return Trouble.INTERRUPTED
        return Trouble.MICROPHONE_GONE

    def _moved(self, source: str) -> bool:
        """Whether the server has switched to another microphone; that is then the one to go on with."""
        before = self._chosen
        self._chosen = source or before
        return bool(before) and before != self._chosen

    def recovered(self) -> bool:
        """Whether all has been well again for a while; True once."""
        return self._steady.recovered()


@dataclass(slots=True)
class LoudspeakerPulse:
    _chosen: str = ""
    _steady: _Steady = field(default_factory=_Steady)
    _silent: _Lasting = field(default_factory=_Lasting)

    @property
    def mute(self) -> bool:
        return self._steady.reason is not None

    def felt(self, frame: Frame, wiring: Wiring | None = None) -> Trouble | None:
        """The reason, if from this frame on the coach may not be heard, or that has another reason."""
        block_s = len(frame.played) / RATE_HZ
        silent_s = self._silent(not frame.speaks, block_s)
        reason: Trouble | None = None
        if wiring is not None and wiring.sink_asleep and silent_s >= DEAF_AFTER_S:
            reason = Trouble.SPEAKER_ASLEEP
        elif silent_s >= SPEECHLESS_AFTER_S:  # nothing more is known of one that is opened again
            asleep = self._steady.reason is Trouble.SPEAKER_ASLEEP
            reason = Trouble.SPEAKER_ASLEEP if asleep else Trouble.SPEAKER_GONE
        elif wiring is not None and wiring.sink_muted:
            reason = Trouble.SPEAKER_MUTED
        elif wiring is not None and wiring.sink:
            if self._chosen and self._chosen != wiring.sink:
                reason = Trouble.SPEAKER_MOVED
            self._chosen = wiring.sink
        return self._steady.becomes(reason, block_s)

    def recovered(self) -> bool:
        """Whether all has been well again for a while; True once."""
        return self._steady.recovered()


class Devices:
    """The devices of a session: what happens to them, as events. `recorded`: the microphone is a file."""

    def __init__(self, watch: WiringWatch, recorded: bool) -> None:
        self._watch = watch
        self._microphone, self._loudspeaker = MicrophonePulse(recorded), LoudspeakerPulse()

    @property
    def own_sound(self) -> bool:
        """Whether what is heard is nothing but what the coach plays."""
        return self._watch.wiring is not None and self._watch.wiring.own_sound

    def felt(self, frame: Frame, now_ms: Milliseconds, behind_s: float, stuck_s: float) -> list[Event]:
        """See `MicrophonePulse.felt`."""
        wiring = self._watch.wiring
        events: list[Event] = []
        if reason := self._loudspeaker.felt(frame, wiring):
            events.append(Mute(now_ms, reason))
        elif self._loudspeaker.recovered():
            events.append(SpeaksAgain(now_ms))
        if reason := self._microphone.felt(frame, wiring, behind_s, stuck_s, self._loudspeaker.mute):
            events.append(Deaf(now_ms, reason))
        elif self._microphone.recovered():
            events.append(HearsAgain(now_ms))
        return events

    def close(self) -> None:
        self._watch.close()
