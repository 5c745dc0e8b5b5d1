"""Drives the session machine without audio, clock or waiting.

`Driver` feeds Started, Tick and PromptDone as the player would, with prompts that last 400 ms a word.
A test says what the user says, and checks what the coach said and did.
"""

from dataclasses import dataclass, field
from typing import TypeVar

from voicecoach.care import (
    Breaths,
    Dose,
    Exercise,
    ExerciseLines,
    Hold,
    Intake,
    Outcome,
    Plan,
    Position,
    Program,
    Side,
    Timed,
)
from voicecoach.language import Command
from voicecoach.session import (
    Deaf,
    Doubtful,
    End,
    Event,
    Heard,
    HearsAgain,
    Hush,
    Misheard,
    Mode,
    Options,
    Output,
    PromptDone,
    Quit,
    Say,
    Started,
    State,
    Tick,
    Trouble,
    Unclear,
    step,
)
from voicecoach.session.facts import HoldBegan
from voicecoach.testing import HEALTHY, SAFETY, english_session, key_command, meaning
from voicecoach.units import Milliseconds

FactT = TypeVar("FactT")
MS_A_WORD = 400
RETURNING = Intake(first_run=False, profile=HEALTHY)
NEW = Intake(first_run=True)
LOCKED = Intake(first_run=False, locked=True, profile=HEALTHY)


def hold(seconds: int = 5) -> Hold:
    return Hold(seconds, 30, min(3, seconds))


def breaths(count: int = 2) -> Breaths:
    return Breaths(count, 4, 4)


def timed(seconds: int = 12) -> Timed:
    return Timed(seconds, seconds)


def exercise(id: str, dose: Dose | None = None, sides: tuple[Side, ...] = (), sets: int = 1) -> Exercise:
    """A made-up exercise; each of its lines contains its name, so that a test can tell them apart."""
    return Exercise(
        id=id,
        section="Test",
        position=Position.BACK,
        equipment=(),
        movement=("flexion",),
        sides=sides,
        sets=sets,
        opt_in=False,
        setup_s=5,
        rest_s=5,
        contraindications=(),
        dose=dose or hold(),
        lines=ExerciseLines(
            name=f"Exercise {id}",
            set_up=(f"Lie down for {id}.",),
            way_out=f"Come out of {id}.",
            steps=(f"Lift slowly in {id}.", f"Sink slowly in {id}."),
            brief=(f"Lift and sink in {id}.",),
            begin=f"Lift for {id}.",
            end=f"Lower from {id}.",
            ease_out=(f"Let go of {id}.", f"Rest after {id}."),
            cautions=(f"Be careful in {id}.",),
            sides=tuple(f"Side {side} of {id}." for side in sides),
        ),
    )


def program(*exercises: Exercise) -> Program:
    return Program("test", "Test", "For a test.", gentle=False, opt_in=False, exercises=exercises)


def three_holds() -> Program:
    return program(exercise("alpha"), exercise("bravo"), exercise("charlie"))


@dataclass
class Driver:
    """One session, driven by what the user says and does."""

    program: Program = field(default_factory=three_holds)
    intake: Intake = RETURNING
    options: Options = field(default_factory=Options)
    can_hear: bool = True
    plan: Plan | None = None

    now_ms: int = 0
    said: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    last: tuple[Output, ...] = ()
    """the outputs of the last event"""
    _sounding: list[tuple[int, int]] = field(default_factory=list)
    """(end, prompt id) of the prompts that are playing or scheduled"""

    def __post_init__(self) -> None:
        self.start = self.state = english_session(self.program, self.intake, self.options, self.plan)
        self.feed(Started(self.at, self.can_hear))

    # -- what can be observed

    @property
    def at(self) -> Milliseconds:
        return Milliseconds(self.now_ms)

    def mode(self) -> Mode:
        """A method: mypy would assume that an attribute keeps the value of the last assertion."""
        return self.state.mode

    @property
    def outcome(self) -> Outcome | None:
        return next((c.outcome for c in self.outputs if isinstance(c, End)), None)

    def facts(self, kind: type[FactT]) -> list[FactT]:
        return [output for output in self.outputs if isinstance(output, kind)]

    def holds_ms(self) -> list[int]:
        """The length of every hold that was started."""
        return [hold.end_ms - hold.start_ms for hold in self.facts(HoldBegan)]

    def last_said(self) -> list[str]:
        return [c.text for c in self.last if isinstance(c, Say)]

    # -- what happens to it

    def feed(self, event: Event) -> "Driver":
        self.events.append(event)
        self.state, self.last = step(self.state, event)
        for command in self.last:
            self.outputs.append(command)
            match command:
                case Hush():
                    self._sounding.clear()
                case Say(prompt_id, text, _, at_ms):
                    self.said.append(text)
                    begins = max([self.now_ms, *(end for end, _ in self._sounding)])
                    length = MS_A_WORD * len(text.split())
                    self._sounding.append(((begins if at_ms is None else at_ms) + length, prompt_id))
        return self

    def hear(self, text: str) -> "Driver":
        """The user says it; it must be a command in the current grammar."""
        command = meaning(text, self.state.listening)
        assert command is not None, f"{text!r} is no command while {self.state.listening}"
        return self.feed(Heard(self.at, command, text))

    def say_anyway(self, command: Command) -> "Driver":
        """A command outside the current grammar, as a key or a slow recogniser may deliver it."""
        return self.feed(Heard(self.at, command, command.value))

    def press(self, key: str) -> "Driver":
        command = key_command(key, self.state.listening)
        return self.feed(Heard(self.at, command, command.value, "key"))

    def perhaps(self, text: str) -> "Driver":
        """A safety phrase that may have been the echo of the coach's voice."""
        return self.feed(Doubtful(self.at, SAFETY[text], text))

    def not_said(self, text: str) -> "Driver":
        """The safety phrase that was heard a moment ago was a sentence about something else."""
        return self.feed(Misheard(self.at, SAFETY[text]))

    def mumble(self) -> "Driver":
        return self.feed(Unclear(self.at, "[unk]"))

    def go_deaf(self) -> "Driver":
        return self.feed(Deaf(self.at, Trouble.MICROPHONE_MUTED))

    def hear_again(self) -> "Driver":
        return self.feed(HearsAgain(self.at))

    def quit(self) -> "Driver":
        return self.feed(Quit(self.at, "SIGTERM"))

    def wait(self, duration_ms: int) -> "Driver":
        """Let time pass; prompts end and deadlines expire as they would."""
        goal_ms = self.now_ms + duration_ms
        while self.mode() is not Mode.ENDED and (due := self._next_ms()) is not None and due <= goal_ms:
            self._advance()
        self.now_ms = goal_ms
        return self.feed(Tick(self.at))

    def until(self, line: str) -> "Driver":
        """Advance until the coach begins a sentence that contains `line`; it may just have begun."""
        mark = len(self.said) - len(self.last_said())
        while not any(line in text for text in self.said[mark:]):
            assert self._advance(), f"{line!r} never came; the last words were {self.said[-5:]}"
        return self

    def asked(self, line: str) -> "Driver":
        """Advance to the end of a question that contains `line`, when the session waits for the answer."""
        if line not in (self.said[-1] if self.said else "") or not self.state.asking:
            self.until(line)
        while self.state.prompt_id is not None:
            self._advance()
        return self

    def in_hold(self, after_ms: int = 2_500) -> "Driver":
        """Advance into the next hold, to `after_ms` after its start."""
        mark = len(self.facts(HoldBegan))
        while len(self.facts(HoldBegan)) == mark:
            assert self._advance(), "no hold came"
        return self.wait(self.facts(HoldBegan)[-1].start_ms + after_ms - self.now_ms)

    def until_ended(self) -> "Driver":
        while self.mode() is not Mode.ENDED:
            assert self._advance(), f"stuck in {self.mode()}"
        return self

    def screened(self, baseline: str = "two") -> "Driver":
        """Answer the two questions that a returning user is asked."""
        return self.asked("bladder or bowel").hear("no").asked("zero to ten").hear(baseline)

    def reported(self, *answers: str, words: str = "it hurts") -> "Driver":
        """Report pain and answer the questions that follow."""
        self.hear(words)
        for answer in answers:
            while self.state.asking is None or self.state.prompt_id is not None:
                assert self._advance()
            self.hear(answer)
        return self

    def to_question(self) -> str | None:
        """Advance to the next open question, or to the end of the session; return the question's key."""
        while self.mode() is not Mode.ENDED and (self.state.asking is None or self.state.prompt_id):
            assert self._advance()
        return self.state.asking

    # -- the mixer and the stream

    def _next_ms(self) -> int | None:
        times = [end for end, _ in self._sounding]
        if self.state.until_ms is not None:
            times.append(self.state.until_ms)
        return min(times, default=None)

    def _advance(self) -> bool:
        """The next event that happens without the user; False if there is none."""
        due_ms = self._next_ms()
        if due_ms is None or self.mode() is Mode.ENDED:
            return False
        self.now_ms = max(self.now_ms, due_ms)
        ended = next((entry for entry in self._sounding if entry[0] <= self.now_ms), None)
        if ended is not None:
            self._sounding.remove(ended)
            self.feed(PromptDone(self.at, ended[1]))
        else:
            self.feed(Tick(self.at))
        return True


def moving(of: Program | None = None) -> Driver:
    """A returning user, past the questions: the first exercise is about to begin."""
    return Driver(of or three_holds()).screened()


def replayed(start: State, events: list[Event]) -> tuple[State, list[Output]]:
    outputs: list[Output] = []
    state = start
    for event in events:
        state, new = step(state, event)
        outputs += new
    return state, outputs
