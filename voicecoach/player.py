"""Plays a session: frames become events, events become orders, orders become frames.

One loop in one thread, which nothing may hold up: what can block (the ear, the synthesiser, the screen, a
disk) has threads of its own. On the virtual clock the loop runs as fast as the machine allows; with a real
stream it takes the frames that the audio callback puts into a queue. The code path is the same.
"""

import contextlib
import math
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice

from filelock import FileLock

from voicecoach.audio import Devices, Duplex, Recording
from voicecoach.background import Aside, Directly
from voicecoach.care import Outcome
from voicecoach.language import SAFETY_COMMANDS, Command, key_command
from voicecoach.listening import Listener
from voicecoach.screen import Screen
from voicecoach.senses import Senses
from voicecoach.session import (
    Alarm,
    End,
    Event,
    Fact,
    Heard,
    Hush,
    Listen,
    Mute,
    Order,
    Play,
    PromptDone,
    Quit,
    Say,
    Show,
    Started,
    State,
    Tick,
    Trouble,
    Volume,
    broken_off,
    step,
)
from voicecoach.session.sentences import to_render
from voicecoach.session.state import CALM_PACES_WPM
from voicecoach.sound import Frame, Samples, silence
from voicecoach.speaking import Mixer, PromptCache, SynthesisError, earcon
from voicecoach.storage import EventLog, Journal, row_of
from voicecoach.units import BLOCK, RATE_HZ, Milliseconds, ms_to_samples, samples_to_ms

_STAGGER_MS_A_WORD = 400
PATIENT_S = 1.0
"""How long the first exercise waits for the voice before the user is told."""
UNSAID_S = 3.0
"""How long a line may be waited for before the session is told that it cannot be said."""
LEAVE_S = 0.3
"""How long a recording or an event log may take to be written to its end."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key press, from the keyboard's thread."""

    key: str
    hushed: Command | None = None
    """the command that it has already hushed the coach for"""


@dataclass(frozen=True, slots=True)
class StoodStill:
    """The computer was asleep, or this program was stopped."""

    for_s: float


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
    """None on the virtual clock, where nothing fails"""
    lock: FileLock | None = None
    """held while the session lasts: there is one coach at a time"""
    real_time: bool = False
    """False on the virtual clock, where a block may take as long as it likes"""
    aside: Aside = field(default_factory=Directly)
    """for what may block"""
    on_block: Callable[[Frame], None] | None = None

    mixer: Mixer = field(default_factory=Mixer)
    inbox: deque[Key | StoodStill | str] = field(default_factory=deque)
    """filled by other threads: key presses, and reasons to quit"""
    outcome: Outcome | None = None
    frames_handled: int = 0
    closing: bool = False
    _texts: dict[int, Say] = field(default_factory=dict)
    _waiting: deque[tuple[Say, int]] = field(default_factory=deque)
    """lines that are not rendered yet, and since which sample they are waited for"""
    _not_before: int = 0
    """the sample at which the request for patience ends"""
    _unsaid: bool = False
    """whether the synthesiser failed to say a line in this block"""
    _senses: Senses = field(init=False)
    _row: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._senses = Senses(self.listener, self.devices, self.screen)

    def run(self) -> Outcome:
        """Play the session to its end and return its outcome. Raises AudioUnavailable."""
        self._handle(Started(Milliseconds(0), can_hear=self.listener is not None))
        frames = self.duplex.frames(self.mixer)
        try:
            for frame in frames:
                self.mixer.attend()
                self._frame(frame)
                self.frames_handled += 1
                if self.outcome is not None:
                    break
        except Exception:
            self._last_words(frames)
            raise
        finally:
            self.close()
        return self.outcome or broken_off(self.state)

    def _last_words(self, frames: Iterator[Frame]) -> None:
        """Something failed that should not have: whoever is in a position is led out of it."""
        lines = self.state.language.coach.fault
        self.mixer.hush()
        self.screen.alarm(" ".join(lines))
        with contextlib.suppress(Exception):
            clip = self.prompts.said(lines, CALM_PACES_WPM[-1])
            assert clip is not None, "rendered before anything moved"
            self.mixer.play(clip)
            for _ in islice(frames, math.ceil(len(clip) / BLOCK) + 10):
                self.mixer.attend()

    def close(self) -> None:
        """End everything: the journal's row comes first, and what may hang comes last."""
        self.closing = True
        self.close_journal()
        self._senses.close()
        self.prompts.close()
        if self.recording:
            self.aside.call(self.recording.close)
        self.aside.call(self.log.close)
        self.aside.close(LEAVE_S)
        self.duplex.close()
        if self.lock:
            self.lock.release()

    # -- from other threads

    def press(self, key: str) -> None:
        """A key was pressed. A stop is silent at once, whatever the session is at."""
        command = key_command(self.state.language.vocabulary, key, self.state.listening)
        hushes = command in SAFETY_COMMANDS
        if hushes:
            self.mixer.hush()
        self.inbox.append(Key(key, command if hushes else None))

    def leave(self, reason: str) -> None:
        """The computer asks the session to end."""
        self.mixer.hush()
        self.inbox.append(reason)

    # -- frames to events

    def _frame(self, frame: Frame) -> None:
        now_ms = frame.end_ms
        if self.recording:
            self.aside.call(self.recording.add, frame.played, frame.heard)
            self._senses.tell_once(self.recording.failure)
        self._senses.tell_once(self.duplex.failure)
        self._senses.tell_once(self.prompts.failure)
        if self.on_block:
            self.on_block(frame)
        self._urgent(now_ms)
        self._say_what_waits()
        events = self._senses.events(frame, now_ms)
        self.mixer.duck(self._senses.low)
        for event in events:
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
            self._unsaid = False
            self._handle(Mute(now_ms, Trouble.NO_VOICE))

    def _urgent(self, now_ms: Milliseconds) -> None:
        while self.inbox:
            item = self.inbox.popleft()
            if isinstance(item, Key):
                vocabulary, listening = self.state.language.vocabulary, self.state.listening
                command = item.hushed or key_command(vocabulary, item.key, listening)
                self.screen.user(now_ms, command.value, "key")
                self._handle(Heard(now_ms, command, command.value, "key"))
            elif isinstance(item, StoodStill):
                self.screen.alarm(f"The computer stood still for {item.for_s:.0f} seconds.")
                self._handle(Heard(now_ms, Command.PAUSE, "pause", "clock"))
            else:
                self._handle(Quit(now_ms, item))

    # -- events to orders and facts

    def _handle(self, event: Event, more: dict[str, object] | None = None) -> None:
        wpm = self.state.wpm
        self.state, outputs = step(self.state, event)
        if self.real_time and self.state.wpm != wpm:
            self.prompts.ahead(to_render(self.state))
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
        self._senses.tell_once(self.log.failure)
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
                self._waiting.clear()
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
        if say.at_ms is None:
            self.screen.coach(samples_to_ms(self.mixer.at_sample), say.text)
        self._waiting.append((say, self.mixer.at_sample))
        if not self.real_time:
            self.prompts.ahead((line, say.wpm) for line in _lines(say))
            self.prompts.wait()
        self._say_what_waits()

    def _say_what_waits(self) -> None:
        """Hand over every line that is rendered. The first movement waits for all lines of a safety stop."""
        while self._waiting:
            say, since = self._waiting[0]
            if self.real_time and self.state.began_ms is not None and not self.prompts.complete:
                self._ask_for_patience(since)
                return
            if self.mixer.at_sample < self._not_before:
                return
            clip = self._clip(say, (self.mixer.at_sample - since) / RATE_HZ)
            if clip is None:
                return
            self._waiting.popleft()
            self._texts[say.prompt_id] = say
            self.mixer.play(clip, None if say.at_ms is None else ms_to_samples(say.at_ms), say.prompt_id)
            if self.listener:
                self.listener.coach_says(say.text, len(clip) / RATE_HZ)

    def _ask_for_patience(self, since: int) -> None:
        """Say once that the voice is still being rendered."""
        if self._not_before or self.mixer.at_sample - since < PATIENT_S * RATE_HZ:
            return
        text = self.state.language.coach.one_moment
        with contextlib.suppress(SynthesisError):
            clip = self.prompts.said((text,), self.state.wpm)
            if clip is not None:
                self.screen.coach(samples_to_ms(self.mixer.at_sample), text)
                self.mixer.play(clip)
                self._not_before = self.mixer.at_sample + len(clip)

    def _clip(self, say: Say, waited_s: float) -> Samples | None:
        """The line's sound, None if it is not rendered yet; silence if it cannot be said.

        That is shown, the session pauses (docs/promises.md, R4), and the silence lasts as long as speaking
        would take.
        """
        try:
            clip = self.prompts.said(_lines(say), say.wpm, waited_s)
            if clip is not None or waited_s < UNSAID_S:
                return clip
            reason = f"The voice did not say {say.text!r} within {UNSAID_S:g} s."
        except SynthesisError as error:
            reason = str(error)
        self.screen.notice(reason)
        self._unsaid = True
        return silence(ms_to_samples(_STAGGER_MS_A_WORD * len(say.text.split())))

    def close_journal(self) -> None:
        """The session's row; the watchdog may ask for it, too, and then it is written once."""
        if not self._row.acquire(blocking=False):
            return
        outcome = self.outcome or broken_off(self.state)
        self.journal.close(
            row_of(self.state, self.journal.began, samples_to_ms(self.mixer.at_sample), outcome)
        )


def _lines(say: Say) -> tuple[str, ...]:
    return say.parts or (say.text,)
