"""What a screen shows of a session: where it is, what counts, what can be said. One value, from the state.

A screen compares it with the one before and draws what has changed. Whatever draws it (a terminal, a page)
needs no rule of the session.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.care.exercise import Breaths, Exercise, Timed
from voicecoach.care.outcome import ADVISED, Outcome
from voicecoach.care.protocol import AnswerKind
from voicecoach.language.commands import LIVE, NUMBERS, Command, ListeningState
from voicecoach.session.modes import Mode
from voicecoach.session.questions import DOUBT, HURT, OFFERS, OVER, question
from voicecoach.session.script import COUNT_TAIL_MS, Count, Quiet, Speak, parts_ms
from voicecoach.session.sentences import advice, asked
from voicecoach.session.state import State, closing_outcome

C = Command
COUNTED_UP_MS = 10_000
"""Up to here a hold is counted up by the voice; a longer one is counted down (`script.count_cues`)."""
SHORT_MS = 1_500
"""A silence shorter than this is no rest."""


class Phase(StrEnum):
    """What the body does now."""

    LISTEN = "listen"  # the coach speaks, or nothing moves
    READY = "ready"  # time to take the position
    MOVE = "move"  # the words into the movement, which the body follows
    HOLD = "hold"
    GO = "go"  # a timed movement
    IN = "in"
    OUT = "out"
    RELEASE = "release"  # the words out of the movement
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Clock:
    """The big digits."""

    phase: Phase = Phase.LISTEN
    digit: int | None = None
    """in seconds, as the voice counts: up in a short hold, else down; None: nothing is counted"""
    of_s: int = 0
    """how long the hold, the breath or the rest is"""
    cycle: int = 0
    """which breath of a movement with the breath, from 0"""

    @property
    def past_s(self) -> int:
        """How much of it is over."""
        if self.digit is None:
            return 0
        up = self.phase in (Phase.HOLD, Phase.GO) and self.of_s * 1000 <= COUNTED_UP_MS
        return self.digit if up else self.of_s - self.digit


@dataclass(frozen=True, slots=True)
class Live:
    """A command that can be given now."""

    command: Command
    say: str
    """the words for it"""
    key: str
    """its key; "" if it has none"""


@dataclass(frozen=True, slots=True)
class View:
    mode: Mode
    program: str
    """its name"""
    exercise: str
    """its id; "" before anything moves"""
    name: str
    nth: int
    """which exercise it is, from 1"""
    exercises: int
    side: str
    repetition: int
    """from 1; 0 while it is introduced"""
    sets: int
    then: str
    """the name of the exercise after it; "" for none"""
    minutes_left: int
    clock: Clock
    asking: str
    """the key of the open question; "" for none"""
    question: str
    """its words"""
    answers: tuple[Live, ...]
    """the answers to it"""
    live: tuple[Live, ...]
    """the other commands of this moment, the safety commands first"""
    keys: Mapping[str, Command]
    """what each key means now; any other one stops"""
    advice: tuple[str, ...]
    """what to do now, when the session ended for safety or nobody answered"""
    number: str
    """whom to call in an emergency"""
    hears: bool
    outcome: Outcome | None = None
    """how the session has ended"""

    @property
    def alarming(self) -> bool:
        """A safety stop, or what it led to."""
        return self.mode in (Mode.SAFETY, Mode.STAYING) or bool(self.advice)


def view(state: State, now_ms: int, outcome: Outcome | None = None) -> View:
    """What there is to see at `now_ms`, on the sample clock; `outcome`: how the session has ended."""
    s = state
    moving = s.began_ms is not None
    exercise = s.program.exercises[s.exercise]
    part = s.parts[s.part]
    following = next((e for e in range(s.exercise + 1, len(s.program.exercises)) if e not in s.over), None)
    live = _live(s)
    answering = _answering(s)
    return View(
        mode=s.mode,
        program=s.program.name,
        exercise=exercise.id if moving else "",
        name=exercise.name if moving else "",
        nth=s.exercise + 1,
        exercises=len(s.program.exercises),
        side=part.side if moving else "",
        repetition=part.repetition,
        sets=exercise.sets,
        then="" if following is None or not moving else s.program.exercises[following].name,
        minutes_left=round(parts_ms(s.parts[s.part :], s.wpm) / 60_000),
        clock=clock(s, now_ms),
        asking=s.asking or "",
        question=" ".join(asked(s, s.asking)) if s.asking else "",
        answers=tuple(each for each in live if each.command in answering),
        live=tuple(each for each in live if each.command not in answering),
        keys=_keys(s),
        advice=_advice(s, outcome),
        number=s.options.emergency_number,
        hears=not s.by_keys,
        outcome=outcome,
    )


def clock(state: State, now_ms: int) -> Clock:
    """What counts at `now_ms`. Cheap, as it is asked at every block."""
    s = state
    if s.mode is not Mode.MOVING or s.began_ms is None:
        return Clock()
    exercise = s.program.exercises[s.exercise]
    match s.current:
        case Count(duration_ms) if s.until_ms is not None:
            since_ms = now_ms - (s.until_ms - duration_ms)
            if since_ms < 0:  # handed to the mixer, but not begun
                return Clock(Phase.MOVE)
            return _counted(exercise, since_ms, duration_ms)
        case Quiet(duration_ms) if s.until_ms is not None and duration_ms >= SHORT_MS:
            left_ms = min(duration_ms, max(0, s.until_ms - now_ms))
            ready = any(isinstance(beat, Count) for beat in s.queue)
            return Clock(Phase.READY if ready else Phase.REST, -(-left_ms // 1000), -(-duration_ms // 1000))
        case Quiet(duration_ms) if duration_ms == COUNT_TAIL_MS:
            return Clock(Phase.GO if isinstance(exercise.dose, Timed) else Phase.HOLD)
        case Speak() if s.queue and isinstance(s.queue[0], Count):
            return Clock(Phase.MOVE)
        case Speak(text) if text in (exercise.lines.end, exercise.lines.after):
            return Clock(Phase.RELEASE)
    return Clock()


def _counted(exercise: Exercise, since_ms: int, duration_ms: int) -> Clock:
    """The digit `since_ms` after a count began."""
    dose = exercise.dose
    if isinstance(dose, Breaths):
        cycle, into_ms = divmod(since_ms, (dose.in_s + dose.out_s) * 1000)
        first = into_ms < dose.first_s * 1000
        breathes_in = first is not dose.out_first
        lasts_s = dose.in_s if breathes_in else dose.out_s
        into_s = (into_ms if first else into_ms - dose.first_s * 1000) // 1000
        return Clock(Phase.IN if breathes_in else Phase.OUT, lasts_s - into_s, lasts_s, cycle)
    phase = Phase.GO if isinstance(dose, Timed) else Phase.HOLD
    up = duration_ms <= COUNTED_UP_MS
    digit = since_ms // 1000 if up else -(-(duration_ms - since_ms) // 1000)
    return Clock(phase, digit, duration_ms // 1000)


def _live(state: State) -> tuple[Live, ...]:
    """The commands that can be given now."""
    vocabulary = state.language.vocabulary
    words = {phrase.command: phrase.text for phrase in reversed(vocabulary.phrases)}
    keys: dict[Command, str] = {}
    for key, command in _keys(state).items():
        keys.setdefault(command, key)  # the first is the one to show
    commands = (*_SAFETY, *(each for each in LIVE[state.listening] if _means(state, each)))
    return tuple(Live(command, words[command], keys.get(command, "")) for command in commands)


def _keys(state: State) -> dict[str, Command]:
    """What `language.key_command` makes of each key in this state; its own keys first."""
    vocabulary = state.language.vocabulary
    digits = {str(n): command for n, command in enumerate(NUMBERS) if n < 10}
    numbers = digits if state.listening is ListeningState.NUMBER else {}
    here = vocabulary.keys_in.get(state.listening, {})
    return {**numbers, **here, **{k: c for k, c in vocabulary.keys.items() if k not in here}}


_SAFETY = (C.STOP, C.PAIN, C.HELP)
_SOUND = frozenset({C.SLOWER, C.FASTER, C.LOUDER, C.QUIETER})
_WHILE_PAUSED = frozenset({C.RESUME, C.FINISH, C.NEXT, C.BACK, C.OPTIONS})
_ELSEWHERE = {
    Mode.PAUSED: _WHILE_PAUSED,
    Mode.STAYING: frozenset({C.RESUME, C.FINISH, C.OPTIONS}),
    Mode.CLOSING: frozenset(),
    Mode.CHECKING: frozenset({C.PAUSE, C.RESUME, C.NEXT, C.BACK}),
}


def _means(state: State, command: Command) -> bool:
    """Whether it does something now; the grammar of a moment holds more words than that."""
    if command in _SOUND:
        return True
    if state.asking:
        going_on = command is C.RESUME and state.asking in (HURT, DOUBT)
        return command in _answering(state) | {C.REPEAT, C.FINISH} or going_on
    if state.mode is Mode.MOVING:
        if command is C.READY:
            return not isinstance(state.current, Count)
        return bool(state.parts[state.part].side) if command is C.SWITCH else command is not C.RESUME
    return command in _ELSEWHERE.get(state.mode, {C.FINISH})


def _answering(state: State) -> frozenset[Command]:
    """The commands that answer the open question."""
    if not state.asking:
        return frozenset()
    kind = question(state.protocol, state.asking).kind
    if kind is AnswerKind.NUMBER:
        return frozenset(NUMBERS)
    if kind is AnswerKind.YES_NO:
        return frozenset({C.YES, C.NO, C.NOT_SURE})
    assert state.asking in OFFERS
    choices = {C.NEXT, C.REST, C.FINISH}
    return frozenset(choices if state.asking == OVER else choices | {C.EASE})


def _advice(state: State, ended: Outcome | None) -> tuple[str, ...]:
    outcome = ended
    if state.mode is Mode.STAYING:
        outcome = Outcome.UNANSWERED
    elif state.mode is Mode.CLOSING:
        outcome = closing_outcome(state)
    if outcome is None or outcome not in ADVISED:
        return ()
    number = state.options.emergency_number
    spoken = advice(state.language, outcome, number)
    return tuple(line.replace(" ".join(number), number) for line in spoken)
