"""What a session remembers between two events: one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from voicecoach.care.outcome import Outcome, gravest
from voicecoach.care.plan import Plan
from voicecoach.care.program import Program
from voicecoach.care.protocol import Answer, PainReport, Protocol
from voicecoach.care.screening import Intake
from voicecoach.language.commands import Command, ListeningState
from voicecoach.language.language import Language
from voicecoach.session.modes import Mode
from voicecoach.session.questions import listening_state, question
from voicecoach.session.script import Ask, Beat, Close, Part, Wording, compile_program

PACES_WPM = (110, 125, 140, 150, 165, 180, 200, 220)
"""The paces that "slower" and "faster" lead to."""
CALM_PACES_WPM = (110, 140)
"""The paces of safety lines. They are few, as all of these lines are rendered ahead at each of them."""


@dataclass(frozen=True, slots=True)
class Options:
    """The user's settings that the session needs."""

    wording: Wording = Wording.LEARNING
    wpm: int = 150
    emergency_number: str = "112"
    hands_free: bool = False
    """started from the shortcut: begin with ten seconds to lie down"""


@dataclass(frozen=True, slots=True)
class State:
    program: Program
    protocol: Protocol
    language: Language
    intake: Intake
    options: Options
    parts: tuple[Part, ...]
    plan: Plan | None = None
    """what the answers make of the program; None: it stays as it is"""
    mode: Mode = Mode.INTAKE
    listening: ListeningState = ListeningState.QUESTION
    wpm: int = 150

    # the current beat, and those that follow
    current: Beat | None = None
    queue: tuple[Beat, ...] = ()
    prompt_id: int | None = None
    """the session waits for this prompt to end"""
    until_ms: int | None = None
    """the session waits until this time"""
    next_prompt_id: int = 1

    # place in the program; kept: the beats of the current part that an interruption left undone
    part: int = 0
    kept: tuple[Beat, ...] = ()
    done: frozenset[int] = frozenset()
    """indices of the exercises whose last part has ended"""
    over: frozenset[int] = frozenset()
    """indices of the exercises that are over for today, after a pain report"""
    began_ms: int | None = None

    # conversation
    doubted: Command | None = None
    """while CHECKING: the command that may have been the coach's own echo"""
    doubted_in: tuple[Beat, ...] = ()
    """the beats in which there was such a doubt, one entry for each time"""
    before: "tuple[Command, State] | None" = None
    """the safety word that began this stop, and the state before it, while nothing else has been heard"""
    asking: str | None = None
    by_keys: bool = False
    """nobody can be heard: questions name the keys"""
    unheard: int = 0
    unclear: int = 0
    answers: Mapping[str, Answer] = field(default_factory=dict)
    report: PainReport | None = None
    report_answers: Mapping[str, Answer] = field(default_factory=dict)
    due: Outcome | None = None
    """the gravest outcome that the answers demanded; nothing milder replaces it"""
    closing: Outcome | None = None
    """while CLOSING: how the session ends once its last questions are asked"""
    staying: Outcome = Outcome.ABANDONED
    """while STAYING: how the session ends if nobody speaks"""

    @property
    def exercise(self) -> int:
        return self.parts[self.part].exercise

    def compiled(self, program: Program) -> tuple[Part, ...]:
        met = self.plan.memory.met if self.plan else {}
        return compile_program(program, self.language, self.options.wording, met)


def calm_pace(wpm: int) -> int:
    """The pace of a safety line for somebody who asked for `wpm` words a minute: never faster than that."""
    return max((pace for pace in CALM_PACES_WPM if pace <= wpm), default=CALM_PACES_WPM[0])


def new_session(
    program: Program,
    protocol: Protocol,
    language: Language,
    intake: Intake,
    options: Options,
    plan: Plan | None = None,
) -> State:
    """The state before the first event. `program`, as it is planned before any answer, must have at least one
    exercise."""
    if not program.exercises:
        raise ValueError(f"program {program.id!r} has no exercise left to play")
    wpm = min(PACES_WPM[-1], max(PACES_WPM[0], options.wpm))
    state = State(program, protocol, language, intake, options, (), plan, wpm=wpm, answers=intake.profile)
    return replace(state, parts=state.compiled(program))


def listening_for(state: State) -> ListeningState:
    """The listening state for the question that is open or queued; without one, for the mode."""
    ask = state.asking or next((b.key for b in state.queue if isinstance(b, Ask)), None)
    if ask:
        return listening_state(question(state.protocol, ask))
    if state.mode in (Mode.PAUSED, Mode.STAYING):
        return ListeningState.PAUSED
    if state.mode in (Mode.INTAKE, Mode.SAFETY, Mode.STOPPED):
        return ListeningState.QUESTION
    return ListeningState.HOLDING


def broken_off(state: State) -> Outcome:
    """How a session ends that is broken off now, by a signal or a fault.

    An unfinished safety stop counts as unanswered, which locks; last words count as said.
    """
    if state.mode in (Mode.SAFETY, Mode.STAYING):
        return Outcome.UNANSWERED
    closing = closing_outcome(state) if state.mode is Mode.CLOSING else None
    return gravest(closing, state.due) or closing or Outcome.INTERRUPTED


def closing_outcome(state: State) -> Outcome | None:
    """The outcome of a session that is already closing; None if no end is queued."""
    if state.closing is not None:
        return state.closing
    beats = (*((state.current,) if state.current else ()), *state.queue)
    return next((b.outcome for b in beats if isinstance(b, Close)), None)
