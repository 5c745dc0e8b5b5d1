"""What a session hears and feels: the ear and the devices, as events."""

from dataclasses import dataclass, field

from voicecoach.audio import Devices
from voicecoach.listening import NARROW, Bandwidth, Listener, TakenBack, Verdict, is_narrow
from voicecoach.screen import Screen
from voicecoach.session import (
    Deaf,
    Doubtful,
    Event,
    Heard,
    HearsAgain,
    Misheard,
    SpeaksAgain,
    Trouble,
    Unclear,
)
from voicecoach.sound import Frame, silence
from voicecoach.units import Milliseconds


@dataclass(slots=True)
class Senses:
    listener: Listener | None
    """None: nobody can be heard"""
    devices: Devices | None
    """None on the virtual clock, where nothing fails"""
    screen: Screen
    _failed: bool = False
    _bandwidth: Bandwidth = field(default_factory=Bandwidth)
    _told: set[str] = field(default_factory=set)

    @property
    def low(self) -> bool:
        """Whether the coach is to be ducked."""
        return self.listener is not None and self.listener.low

    def events(self, frame: Frame, now_ms: Milliseconds) -> list[Event]:
        return [*self._heard(frame, now_ms), *self._felt(frame, now_ms)]

    def tell_once(self, text: str) -> None:
        """Neither a failing disk nor a poor microphone ends a session; the user is told once."""
        if text and text not in self._told:
            self._told.add(text)
            self.screen.alarm(text)

    def close(self) -> None:
        if self.devices:
            self.devices.close()
        if self.listener:
            self.listener.close()

    def _heard(self, frame: Frame, now_ms: Milliseconds) -> list[Event]:
        listener = self.listener
        if listener is None:
            return []
        own_sound = self.devices is not None and self.devices.own_sound
        heard = silence(len(frame.heard)) if own_sound else frame.heard
        noticed = listener.hear(heard, frame.played)
        if listener.failure and not self._failed:
            self._failed = True
            self.screen.notice(f"The recogniser failed ({listener.failure}).")
            return [Deaf(now_ms, Trouble.EAR_FAILED)]
        self.tell_once(listener.hint)
        return [self._event(n, now_ms) for n in noticed]

    def _event(self, noticed: Verdict, now_ms: Milliseconds) -> Event:
        decision = noticed.decision
        if isinstance(noticed, TakenBack):
            assert decision.command is not None
            self.screen.user(now_ms, f"not {decision.text}", "voice")
            return Misheard(now_ms, decision.command)
        if decision.command is None:
            return Unclear(now_ms, decision.text)
        if not decision.sure:
            self.screen.user(now_ms, decision.text, "voice", doubtful=True)
            return Doubtful(now_ms, decision.command, decision.text)
        self.screen.user(now_ms, decision.text, "voice")
        return Heard(now_ms, decision.command, decision.text)

    def _felt(self, frame: Frame, now_ms: Milliseconds) -> list[Event]:
        if self.devices is None:
            return []
        self._bandwidth.hear(frame.heard)
        if is_narrow(self._bandwidth.limit_hz):
            self.tell_once(NARROW)
        lags_s = (self.listener.behind_s, self.listener.stuck_s) if self.listener else (0.0, 0.0)
        felt = self.devices.felt(frame, now_ms, *lags_s)
        if self.listener and any(isinstance(event, HearsAgain | SpeaksAgain) for event in felt):
            self.listener.forget_room()
        no_ear = self.listener is None or self._failed  # then the microphone makes no difference
        return [event for event in felt if not (no_ear and isinstance(event, Deaf | HearsAgain))]
