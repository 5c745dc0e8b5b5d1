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

import numpy as np
from filelock import FileLock

from voicecoach.audio import Devices, Duplex, Recording
from voicecoach.background import Aside, Directly
from voicecoach.care import Outcome
from voicecoach.inbox import Given, Key, StoodStill
from voicecoach.language import SAFETY_COMMANDS, Command, key_command
from voicecoach.listening import Listener
from voicecoach.screen import Screen
from voicecoach.senses import Senses
from voicecoach.session import (
    Alarm,
    Clock,
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
    clock,
    step,
    view,
)
from voicecoach.session.facts import AnswerGiven, Screened
from voicecoach.session.sentences import to_render
from voicecoach.session.state import CALM_PACES_WPM
from voicecoach.sound import Frame
from voicecoach.speaking import PATIENCE_S, Mixer, PromptCache, earcon
from voicecoach.speech import Speech
from voicecoach.storage import EventLog, Journal, row_of
from voicecoach.units import BLOCK, RATE_HZ, Milliseconds, ms_to_samples, samples_to_ms

LAST_WORDS_S = 1.0
"""How long each of the last words may be waited for; they are rendered before anything moves."""
LEAVE_S = 0.3
"""How long a recording or an event log may take to be written to its end."""


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
    inbox: deque[Key | Given | StoodStill | str] = field(default_factory=deque)
    """filled by other threads: key presses, commands, and reasons to quit"""
    outcome: Outcome | None = None
    frames_handled: int = 0
    closing: bool = False
    _shown: tuple[State, Clock, bool] | None = None
    _speech: Speech = field(init=False)
    _senses: Senses = field(init=False)
    _row: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._senses = Senses(self.listener, self.devices, self.screen)
        self._speech = Speech(self.prompts, self.mixer, self.screen, self.listener, self.real_time)

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
            patience_s = LAST_WORDS_S if self.real_time else PATIENCE_S
            clips = [self.prompts.clip(line, CALM_PACES_WPM[-1], patience_s) for line in lines]
            clip = np.concatenate(clips)
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

    def give(self, command: Command, source: str, asking: str | None = None) -> None:
        """A command was given by a page or another program; `asking`: the question that it answers."""
        if command in SAFETY_COMMANDS:
            self.mixer.hush()
        self.inbox.append(Given(command, source, asking))

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
        self._speech.go_on(self.state)
        events = self._senses.events(frame, now_ms)
        self.mixer.duck(self._senses.low)
        for event in events:
            self._handle(event)
        while self.mixer.finished:
            done = self.mixer.finished.popleft()
            self._speech.finished(done)
            self._handle(
                PromptDone(samples_to_ms(done.end_sample), done.prompt_id),
                {"start_sample": done.start_sample, "end_sample": done.end_sample},
            )
        self._handle(Tick(now_ms))
        if self._speech.take_unsaid():
            self._handle(Mute(now_ms, Trouble.NO_VOICE))
        self._show(now_ms)

    def _show(self, now_ms: Milliseconds) -> None:
        """Tell the screen how the session stands, if that has changed since the last block.

        Digits follow the ear: the block that was just rendered is heard a little later.
        """
        heard_ms = now_ms - round(1000 * self.duplex.output_latency_s) if self.real_time else now_ms
        showing = (self.state, clock(self.state, heard_ms), self.outcome is not None)
        before = self._shown
        if before is None or before[0] is not showing[0] or before[1:] != showing[1:]:
            self._shown = showing
            self.screen.show(view(self.state, heard_ms, self.outcome))

    def _urgent(self, now_ms: Milliseconds) -> None:
        while self.inbox:
            item = self.inbox.popleft()
            if isinstance(item, Key):
                vocabulary, listening = self.state.language.vocabulary, self.state.listening
                command = item.hushed or key_command(vocabulary, item.key, listening)
                self.screen.user(now_ms, command.value, "key")
                self._handle(Heard(now_ms, command, command.value, "key"))
            elif isinstance(item, Given):
                meant = item.asking is None or item.asking == self.state.asking
                if meant or item.command in SAFETY_COMMANDS:
                    self.screen.user(now_ms, item.command.value, item.source)
                    self._handle(Heard(now_ms, item.command, item.command.value, item.source))
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
                if self.real_time and isinstance(output, Screened):
                    self.prompts.ahead(to_render(self.state))  # the answers may have changed the program

    def _write(self, what: str, it: Event | Order | Fact, more: dict[str, object] | None = None) -> None:
        """Log everything. The journal gets no orders, since replaying its events recreates them."""
        data = {**asdict(it), **(more or {})}
        at_sample = self.mixer.at_sample
        self.aside.call(self.log.write, at_sample, at_sample / RATE_HZ, what, type(it).__name__, data)
        self._senses.tell_once(self.log.failure)
        if isinstance(it, AnswerGiven) and self.state.protocol.keeps(it.question, it.answer):
            self.journal.keep(it.question, it.answer)
        if what != "order":
            self.journal.record(samples_to_ms(at_sample), type(it).__name__, data)

    def _carry_out(self, order: Order) -> None:
        match order:
            case Say():
                self._speech.say(order, self.state)
            case Play(kind, at_ms):
                self.mixer.play(earcon(kind), None if at_ms is None else ms_to_samples(at_ms))
            case Hush():
                self._speech.hush()
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

    def close_journal(self) -> None:
        """The session's row; the watchdog may ask for it, too, and then it is written once."""
        if not self._row.acquire(blocking=False):
            return
        outcome = self.outcome or broken_off(self.state)
        self.journal.close(
            row_of(self.state, self.journal.began, samples_to_ms(self.mixer.at_sample), outcome)
        )
