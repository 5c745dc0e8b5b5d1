"""The work of one event: perform beats, collect orders and facts, replace the state.

Internal to the session package; `machine.step` is the only entry point.
"""

from dataclasses import replace
from typing import Any

from voicecoach.care.outcome import Outcome, gravest
from voicecoach.care.screening import demanded
from voicecoach.language.lines import CoachLines
from voicecoach.session.facts import Fact, HoldBegan, ModeChanged
from voicecoach.session.modes import Mode
from voicecoach.session.orders import Earcon, End, Hush, Listen, Order, Play, Say, Show
from voicecoach.session.questions import ANSWER_MS, by_keys, question
from voicecoach.session.script import Ask, Beat, Close, Count, Part, Quiet, Signal, Speak, get_ready
from voicecoach.session.sentences import asked
from voicecoach.session.state import State, calm_pace, listening_for
from voicecoach.units import Milliseconds

READY_AGAIN_S = 8
COUNT_LEAD_MS = 200
"""Cues are handed to the mixer this long before they sound: longer than the real stream's latency."""


Output = Order | Fact


class Turn:
    def __init__(self, state: State, at_ms: int) -> None:
        self.state = state
        self.at_ms = at_ms
        """when the current beat begins or ends: the event's time, or that of an earlier deadline"""
        self.outputs: list[Output] = []

    def set(self, **changes: Any) -> None:
        before, self.state = self.state.mode, replace(self.state, **changes)
        if self.state.mode is not before:
            self.record(ModeChanged(self.state.mode))

    def order(self, *orders: Order) -> None:
        self.outputs.extend(orders)

    def record(self, fact: Fact) -> None:
        self.outputs.append(fact)

    @property
    def coach(self) -> CoachLines:
        return self.state.language.coach

    def say(
        self, text: str, calm: bool = False, at_ms: int | None = None, parts: tuple[str, ...] = ()
    ) -> int:
        prompt_id = self.state.next_prompt_id
        wpm = calm_pace(self.state.wpm) if calm else self.state.wpm
        self.order(Say(prompt_id, text, wpm, None if at_ms is None else Milliseconds(at_ms), parts))
        self.set(next_prompt_id=prompt_id + 1)
        return prompt_id

    def show(self, *lines: str) -> None:
        self.order(Show(" ".join(lines)))

    # -- beats

    def hush(self) -> None:
        """Fall silent and drop the current beat and the queue."""
        self.order(Hush())
        self.set(current=None, queue=(), prompt_id=None, until_ms=None, asking=None)

    def left(self) -> tuple[Beat, ...]:
        """The current beat and all that follow it."""
        current = self.state.current
        return (*((current,) if current else ()), *self.state.queue)

    def play_beats(self, *beats: Beat) -> None:
        """Replace the queue. The caller must have hushed if anything may still be sounding."""
        self.set(queue=beats, current=None, prompt_id=None, until_ms=None, asking=None)

    def say_then(self, lines: tuple[str, ...], *then: Beat, calm: bool = False) -> None:
        self.play_beats(*(Speak(line, calm) for line in lines), *then)

    def idle(self) -> bool:
        s = self.state
        return s.prompt_id is None and s.until_ms is None and s.asking is None and s.mode is not Mode.ENDED

    def perform(self, beat: Beat) -> None:
        """Begin a beat. It waits for a prompt, a time or an answer, or it is over at once."""
        self.set(current=beat)
        match beat:
            case Speak() if beat.praise and self._hurt_here():
                self.set(current=None)
            case Speak(text, calm):
                self.set(prompt_id=self.say(text, calm))
            case Quiet(duration_ms):
                self.set(until_ms=self.at_ms + duration_ms)
            case Signal(earcon):
                self.order(Play(earcon))
            case Count():
                self._count(beat, self.at_ms + COUNT_LEAD_MS)
            case Ask(key):
                self.set(asking=key, unheard=0, unclear=0)
                self.set(prompt_id=self._say_at_once(*self._opening(key)))
            case Close(outcome):
                self.end(outcome)

    def _count(self, count: Count, start_ms: int) -> None:
        """Hand the whole hold to the mixer at once, so that it is counted on the sample clock."""
        if not count.cues or count.cues[0].offset_ms > 0:
            self.order(Play(Earcon.HOLD_START, Milliseconds(start_ms)))
        for cue in count.cues:
            self.say(cue.text, at_ms=start_ms + cue.offset_ms)
        end_ms = start_ms + count.duration_ms
        self.order(Play(Earcon.HOLD_END, Milliseconds(end_ms)))
        self.record(HoldBegan(Milliseconds(start_ms), Milliseconds(end_ms)))
        self.set(until_ms=end_ms)

    def prompt_done(self, prompt_id: int) -> None:
        """After a prompt, leave a gap to listen in; after a question, wait for the answer."""
        if prompt_id != self.state.prompt_id:
            return
        beat = self.state.current
        self.set(prompt_id=None)
        if self.state.asking:
            self.order(Play(Earcon.LISTENING))
            self.set(until_ms=self.at_ms + ANSWER_MS)
        elif isinstance(beat, Speak):
            self.set(until_ms=self.at_ms + beat.gap_ms)

    def ask_again(self, *preface: str) -> None:
        """Repeat the open question without resetting how often it has been asked."""
        key = self.state.asking
        assert key is not None
        self.set(prompt_id=self._say_at_once(*preface, *self._opening(key)), until_ms=None)

    def _say_at_once(self, *parts: str) -> int:
        """Several sentences as one prompt, so that no answer is waited for between them."""
        return self.say(" ".join(parts), calm=True, parts=parts if len(parts) > 1 else ())

    def _opening(self, key: str) -> tuple[str, ...]:
        """The question's last sentence, after which an answer counts; it alone is repeated. While nobody can
        be heard, the keys that answer it are named."""
        s = self.state
        opening = asked(s, key)[-1]
        return (opening, by_keys(s.language, question(s.protocol, key))) if s.by_keys else (opening,)

    def _hurt_here(self) -> bool:
        s = self.state
        return s.report is not None and s.report.exercise == s.program.exercises[s.exercise].id

    def remember(self, verdict: Outcome | None = None) -> None:
        """Keep the gravest outcome that the answers or the advice demanded, until the session ends."""
        s = self.state
        owed = (demanded(s.protocol, answers) for answers in (s.answers, s.report_answers))
        self.set(due=gravest(s.due, verdict, *owed))

    def end(self, outcome: Outcome) -> None:
        self.set(mode=Mode.ENDED, current=None, queue=(), prompt_id=None, until_ms=None, asking=None)
        self.order(End(gravest(outcome, self.state.due) or outcome))

    def listen(self) -> None:
        wanted = listening_for(self.state)
        if wanted is not self.state.listening:
            self.set(listening=wanted)
            self.order(Listen(wanted))

    @property
    def here(self) -> Part:
        return self.state.parts[self.state.part]

    def again(self) -> tuple[Beat, ...]:
        """The present part from its beginning, after time to get ready."""
        if self.here.repetition <= 1:  # which has that time itself
            return self.here.beats
        return (*get_ready(READY_AGAIN_S, self.state.language), *self.here.beats)
