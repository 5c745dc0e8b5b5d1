"""One event's worth of work: beats are performed, commands collected, the state replaced.

Internal to the session room; `machine.step` is the only entrance.
"""

from dataclasses import replace
from typing import Any

from voicecoach.session.commands import (
    Earcon,
    End,
    Hush,
    Listen,
    Note,
    Outcome,
    Play,
    Say,
    SessionCommand,
    Show,
)
from voicecoach.session.events import Milliseconds
from voicecoach.session.questions import ANSWER_MS, QUESTIONS
from voicecoach.session.screening import gravest, told
from voicecoach.session.script import Ask, Beat, Close, Count, Part, Quiet, Signal, Speak
from voicecoach.session.state import CALM_WPM, Mode, State, listening_for

COUNT_LEAD_MS = 200
"""Cues are handed over this much before they sound, more than the real stream's latency."""


class Turn:
    def __init__(self, state: State, at_ms: int) -> None:
        self.state = state
        self.at_ms = at_ms
        """when the present beat begins or ends: the event's time, or a deadline passed before it"""
        self.commands: list[SessionCommand] = []

    def set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def emit(self, *commands: SessionCommand) -> None:
        self.commands.extend(commands)

    def say(self, text: str, calm: bool = False, at_ms: int | None = None) -> int:
        prompt_id = self.state.next_prompt_id
        wpm = min(self.state.wpm, CALM_WPM) if calm else self.state.wpm
        self.emit(Say(prompt_id, text, wpm, None if at_ms is None else Milliseconds(at_ms)))
        self.set(next_prompt_id=prompt_id + 1)
        return prompt_id

    def note(self, kind: str, detail: object) -> None:
        self.emit(Note(kind, str(detail)))

    def show(self, *lines: str) -> None:
        self.emit(Show(" ".join(lines)))

    # -- beats

    def hush(self) -> None:
        """Silence, and nothing that was under way goes on."""
        self.emit(Hush())
        self.set(current=None, queue=(), prompt_id=None, until_ms=None, asking=None)

    def left(self) -> tuple[Beat, ...]:
        """The beat under way and all that follow it."""
        current = self.state.current
        return (*((current,) if current else ()), *self.state.queue)

    def play_beats(self, *beats: Beat) -> None:
        """Replace what is to be done; the caller has hushed where something may sound."""
        self.set(queue=beats, current=None, prompt_id=None, until_ms=None, asking=None)

    def say_then(self, lines: tuple[str, ...], *then: Beat, calm: bool = False) -> None:
        self.play_beats(*(Speak(line, calm) for line in lines), *then)

    def idle(self) -> bool:
        s = self.state
        return s.prompt_id is None and s.until_ms is None and s.asking is None and s.mode is not Mode.ENDED

    def perform(self, beat: Beat) -> None:
        """Begin a beat; it waits for a prompt, a time or an answer, or is over at once."""
        self.set(current=beat)
        match beat:
            case Speak(text, calm):
                self.set(prompt_id=self.say(text, calm))
            case Quiet(duration_ms):
                self.set(until_ms=self.at_ms + duration_ms)
            case Signal(earcon):
                self.emit(Play(earcon))
            case Count():
                self._count(beat, self.at_ms + COUNT_LEAD_MS)
            case Ask(key):
                self.set(asking=key, unheard=0, unclear=0)
                self.set(prompt_id=self.say(QUESTIONS[key].short, calm=True))
            case Close(outcome):
                self.end(Outcome(outcome))

    def _count(self, count: Count, start_ms: int) -> None:
        """Hand the whole hold to the mixer at once: it counts on the sample clock (rule 7)."""
        if not count.cues or count.cues[0].offset_ms > 0:
            self.emit(Play(Earcon.HOLD_START, Milliseconds(start_ms)))
        for cue in count.cues:
            self.say(cue.text, at_ms=start_ms + cue.offset_ms)
        end_ms = start_ms + count.duration_ms
        self.emit(Play(Earcon.HOLD_END, Milliseconds(end_ms)))
        self.note("hold", f"{start_ms} {end_ms}")
        self.set(until_ms=end_ms)

    def prompt_done(self, prompt_id: int) -> None:
        """A prompt has sounded: a gap to listen, or the wait for an answer."""
        if prompt_id != self.state.prompt_id:
            return
        beat = self.state.current
        self.set(prompt_id=None)
        if self.state.asking:
            self.emit(Play(Earcon.LISTENING))
            self.set(until_ms=self.at_ms + ANSWER_MS)
        elif isinstance(beat, Speak):
            self.set(until_ms=self.at_ms + beat.gap_ms)

    def ask_again(self, *preface: str) -> None:
        """The open question once more, without forgetting how often it was asked."""
        key = self.state.asking
        assert key is not None
        text = " ".join((*preface, QUESTIONS[key].short))
        self.set(prompt_id=self.say(text, calm=True), until_ms=None)

    def remember(self, verdict: Outcome | None = None) -> None:
        """What the answers so far demand, or what was advised, is owed until the session ends."""
        s = self.state
        self.set(due=gravest(s.due, verdict, told(s.answers), told(s.report_answers)))

    def end(self, outcome: Outcome) -> None:
        self.set(mode=Mode.ENDED, current=None, queue=(), prompt_id=None, until_ms=None, asking=None)
        self.emit(End(gravest(outcome, self.state.due) or outcome))

    def listen(self) -> None:
        wanted = listening_for(self.state)
        if wanted is not self.state.listening:
            self.set(listening=wanted)
            self.emit(Listen(wanted))

    @property
    def here(self) -> Part:
        return self.state.parts[self.state.part]
