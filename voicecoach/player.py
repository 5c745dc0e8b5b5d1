"""Plays a session: frames become events, events become orders, orders become frames.

One loop in one thread, which nothing may hold up: what can block (the ear, the synthesiser, the screen, a
disk) has threads of its own. On the virtual clock the loop runs as fast as the machine allows; with a real
stream it takes the frames that the audio callback puts into a queue. The code path is the same.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Protocol

from voicecoach.audio import Devices, Duplex, Recording
from voicecoach.background import Aside, Directly
from voicecoach.care import Outcome
from voicecoach.language import SAFETY_COMMANDS, key_command
from voicecoach.listening import Bandwidth, Listener, Noticed, is_narrow
from voicecoach.session import (
    Alarm,
    Deaf,
    Doubtful,
    End,
    Event,
    Fact,
    Heard,
    HearsAgain,
    Hush,
    Listen,
    Mute,
    Order,
    Play,
    PromptDone,
    Quit,
    Say,
    Show,
    SpeaksAgain,
    Started,
    State,
    Tick,
    Trouble,
    Unclear,
    Volume,
    broken_off,
    step,
)
from voicecoach.sound import Frame, silence
from voicecoach.speaking import Mixer, PromptCache, SynthesisError, earcon
from voicecoach.storage import EventLog, Journal, row_of
from voicecoach.units import RATE_HZ, Milliseconds, ms_to_samples, samples_to_ms

_STAGGER_MS_A_WORD = 400
NARROW = (
    "This microphone passes only deep sounds, as a Bluetooth headset does in a call: I may miss words. "
    "Use the headset's cable, or the computer's own microphone."
)
LEAVE_S = 0.5
"""How long a recording or an event log may take to be written to its end."""


class Screen(Protocol):
    """Everything audible is also on the screen."""

    def coach(self, at_ms: int, text: str) -> None: ...
    def user(self, at_ms: int, text: str, source: str) -> None: ...
    def notice(self, text: str) -> None: ...
    def alarm(self, text: str) -> None:
        """A notice for somebody who may be neither listening nor looking."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key press, from the keyboard's thread."""

    key: str


@dataclass(slots=True)
class Player:
    state: State
    duplex: Duplex
    prompts: PromptCache
    listener: Listener | None
    journal: Journal
    log: EventLog
    screen: Screen
    recording: Recording | None = None
    devices: Devices | None = None
    """watches the devices, which may vanish or be muted; None for files, which cannot"""
    real_time: bool = False
    """False on the virtual clock, where a block may take as long as it likes"""
    aside: Aside = field(default_factory=Directly)
    """for what may block"""
    on_block: Callable[[Frame], None] | None = None

    mixer: Mixer = field(default_factory=Mixer)
    inbox: deque[Key | str] = field(default_factory=deque)
    """filled by other threads: key presses, and reasons to quit"""
    outcome: Outcome | None = None
    frames_handled: int = 0
    _texts: dict[int, Say] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _unsaid: list[Say] = field(default_factory=list)
    """lines that the synthesiser failed to say"""
    _failed: bool = False
    _bandwidth: Bandwidth = field(default_factory=Bandwidth)

    def run(self) -> Outcome:
        """Play the session to its end and return its outcome. Raises AudioUnavailable."""
        self._handle(Started(Milliseconds(0), can_hear=self.listener is not None))
        try:
            for frame in self.duplex.frames(self.mixer):
                self.mixer.attend()
                self._frame(frame)
                self.frames_handled += 1
                if self.outcome is not None:
                    break
        finally:
            self.close()
        return self.outcome or broken_off(self.state)

    def close(self) -> None:
        """End everything: the journal's row comes first, and what may hang comes last."""
        self._close_journal()
        if self.devices:
            self.devices.close()
        if self.listener:
            self.listener.close()
        if self.recording:
            self.aside.call(self.recording.close)
        self.aside.call(self.log.close)
        self.aside.close(LEAVE_S)
        self.duplex.close()

    # -- from other threads

    def abandon(self) -> Outcome:
        """The loop hangs: keep how the session stands, and return its outcome."""
        outcome = self.outcome or broken_off(self.state)
        self._close_journal()
        return outcome

    def press(self, key: str) -> None:
        """A key was pressed. A stop is silent at once, whatever the session is at."""
        command = key_command(self.state.language.vocabulary, key, self.state.listening)
        if command in SAFETY_COMMANDS:
            self.mixer.hush()
        self.inbox.append(Key(key))

    def leave(self, reason: str) -> None:
        """The computer asks the session to end."""
        self.mixer.hush()
        self.inbox.append(reason)

    # -- frames to events

    def _frame(self, frame: Frame) -> None:
        now_ms = frame.end_ms
        if self.recording:
            self.aside.call(self.recording.add, frame.played, frame.heard)
            self._tell_once(self.recording.failure)
        self._tell_once(self.duplex.failure)
        if self.on_block:
            self.on_block(frame)
        self._urgent(now_ms)
        for event in (*self._listen(frame, now_ms), *self._feel(frame, now_ms)):
            self._handle(event)
        while self.mixer.finished:
            done = self.mixer.finished.popleft()
            said = self._texts.pop(done.prompt_id, None)
            if said is not None and said.at_ms is not None:
                self.screen.coach(samples_to_ms(done.start_sample), said.text)
            self._handle(
                PromptDone(samples_to_ms(done.end_sample), done.prompt_id),
                {"start_sample": done.start_sample, "end_sample": done.end_sample},
            )
        self._handle(Tick(now_ms))
        if self._unsaid:
            self._unsaid.clear()
            self._handle(Mute(now_ms, Trouble.NO_VOICE))

    def _tell_once(self, failure: str | None) -> None:
        """Neither a failing disk nor a poor microphone ends a session; the user is told once."""
        if failure and failure not in self._told:
            self._told.add(failure)
            self.screen.alarm(failure)

    def _urgent(self, now_ms: Milliseconds) -> None:
        while self.inbox:
            item = self.inbox.popleft()
            if isinstance(item, Key):
                command = key_command(self.state.language.vocabulary, item.key, self.state.listening)
                self.screen.user(now_ms, command.value, "key")
                self._handle(Heard(now_ms, command, command.value, "key"))
            else:
                self._handle(Quit(now_ms, item))

    def _listen(self, frame: Frame, now_ms: Milliseconds) -> list[Event]:
        listener = self.listener
        if listener is None:
            return []
        own_sound = self.devices is not None and self.devices.own_sound
        heard = silence(len(frame.heard)) if own_sound else frame.heard
        noticed = listener.hear(heard, frame.played)
        self.mixer.duck(listener.low)
        if listener.failure and not self._failed:
            self._failed = True
            self.screen.notice(f"The recogniser failed ({listener.failure}).")
            return [Deaf(now_ms, Trouble.EAR_FAILED)]
        return [self._event(n, now_ms) for n in noticed]

    def _feel(self, frame: Frame, now_ms: Milliseconds) -> list[Event]:
        if self.devices is None or self._failed:
            return []
        self._bandwidth.hear(frame.heard)
        if is_narrow(self._bandwidth.limit_hz):
            self._tell_once(NARROW)
        behind_s = self.listener.behind_s if self.listener else 0.0
        stuck_s = self.listener.stuck_s if self.listener else 0.0
        felt = self.devices.felt(frame, now_ms, behind_s, stuck_s)
        if self.listener and any(isinstance(event, HearsAgain | SpeaksAgain) for event in felt):
            self.listener.forget_room()
        return [event for event in felt if self.listener or not isinstance(event, Deaf | HearsAgain)]

    def _event(self, noticed: Noticed, now_ms: Milliseconds) -> Event:
        decision = noticed.decision
        if decision.command is None:
            return Unclear(now_ms, decision.text)
        if not decision.sure:
            self.screen.user(now_ms, f"{decision.text}?", "voice")
            return Doubtful(now_ms, decision.command, decision.text)
        self.screen.user(now_ms, decision.text, "voice")
        return Heard(now_ms, decision.command, decision.text)

    # -- events to orders and facts

    def _handle(self, event: Event, more: dict[str, object] | None = None) -> None:
        self.state, outputs = step(self.state, event)
        # a tick without effect is not logged: how time is split into ticks makes no difference to a session
        # (docs/promises.md, R5)
        if not isinstance(event, Tick) or outputs:
            self._write("event", event, more)
        for output in outputs:
            if isinstance(output, Order):
                self._write("order", output)
                self._carry_out(output)
            else:
                self._write("fact", output)

    def _write(self, what: str, it: Event | Order | Fact, more: dict[str, object] | None = None) -> None:
        """Log everything. The journal gets no orders, since replaying its events recreates them."""
        data = {**asdict(it), **(more or {})}
        at_sample = self.mixer.at_sample
        self.aside.call(self.log.write, at_sample, at_sample / RATE_HZ, what, type(it).__name__, data)
        self._tell_once(self.log.failure)
        if what != "order":
            self.journal.record(samples_to_ms(at_sample), type(it).__name__, data)

    def _carry_out(self, order: Order) -> None:
        match order:
            case Say():
                self._say(order)
            case Play(kind, at_ms):
                self.mixer.play(earcon(kind), None if at_ms is None else ms_to_samples(at_ms))
            case Hush():
                self._texts.clear()
                self.mixer.hush()
            case Listen(state):
                if self.listener:
                    self.listener.listen_for(state)
            case Volume(step_db):
                self.mixer.change_volume(step_db)
            case Show(text):
                self.screen.notice(text)
            case Alarm(text):
                self.screen.alarm(text)
            case End(outcome):
                self.outcome = outcome

    def _say(self, say: Say) -> None:
        try:
            clip = self.prompts.said(say.parts or (say.text,), say.wpm)
        except SynthesisError as error:
            # show the line, and wait as long as speaking it would take; the session pauses (docs/promises.md,
            # R4)
            self.screen.notice(str(error))
            self._unsaid.append(say)
            clip = silence(ms_to_samples(_STAGGER_MS_A_WORD * len(say.text.split())))
        if say.at_ms is None:
            self.screen.coach(samples_to_ms(self.mixer.at_sample), say.text)
        self._texts[say.prompt_id] = say
        at_sample = None if say.at_ms is None else ms_to_samples(say.at_ms)
        self.mixer.play(clip, at_sample, say.prompt_id)
        if self.listener:
            self.listener.coach_says(say.text, len(clip) / RATE_HZ)

    def _close_journal(self) -> None:
        outcome = self.outcome or broken_off(self.state)
        self.journal.close(
            row_of(self.state, self.journal.began, samples_to_ms(self.mixer.at_sample), outcome)
        )
