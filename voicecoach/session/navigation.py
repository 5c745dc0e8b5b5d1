"""Moving through a session: from part to part, by itself and at the user's word."""

from voicecoach.care.outcome import Outcome
from voicecoach.language.commands import Command
from voicecoach.session import closing, intake, sentences
from voicecoach.session.closing import close_with_summary, finish
from voicecoach.session.facts import AskedForMore, ExerciseDone, KnewIt
from voicecoach.session.modes import Mode
from voicecoach.session.orders import Earcon, Play
from voicecoach.session.safety import carry_on_safety, keep_place
from voicecoach.session.script import (
    COUNT_TAIL_MS,
    Beat,
    Close,
    Count,
    Quiet,
    Signal,
    Speak,
    Wording,
    introduction,
    movement,
    parts_ms,
)
from voicecoach.session.turn import Turn

C = Command
PAUSE_LIMIT_MS = 300_000
"""A paused session ends, and says so, after five minutes without a word."""


def carry_on(turn: Turn) -> bool:
    """Queue what follows an empty queue. False if nothing does until the user speaks."""
    match turn.state.mode:
        case Mode.INTAKE:
            intake.carry_on(turn)
        case Mode.MOVING:
            _part_ended(turn)
        case Mode.SAFETY:
            carry_on_safety(turn)
        case Mode.CHECKING:
            resume(turn)
        case Mode.PAUSED:
            turn.play_beats(Quiet(PAUSE_LIMIT_MS), *map(Speak, turn.coach.paused_too_long), *ABANDON)
        case Mode.CLOSING:
            return closing.carry_on(turn)
        case _:
            return False
    return True


ABANDON = (Close(Outcome.ABANDONED),)


def _part_ended(turn: Turn) -> None:
    """Go to the next part whose exercise is not over for today; after the last one, close."""
    s = turn.state
    ahead = next((i for i in range(s.part + 1, len(s.parts)) if s.parts[i].exercise not in s.over), None)
    if ahead is None or s.parts[ahead].exercise != s.exercise:
        turn.set(done=s.done | {s.exercise})
        turn.record(ExerciseDone(s.program.exercises[s.exercise].id))
    if ahead is None:
        close_with_summary(turn, Outcome.COMPLETED)
    else:
        turn.set(part=ahead)
        turn.play_beats(*turn.here.beats)


def pause(turn: Turn) -> None:
    keep_place(turn)
    turn.hush()
    turn.order(Play(Earcon.HEARD))
    turn.set(mode=Mode.PAUSED)
    turn.say_then(turn.coach.paused)


def go_on(turn: Turn) -> None:
    """The user said to continue."""
    turn.hush()
    turn.order(Play(Earcon.HEARD))
    resume(turn)


def resume(turn: Turn, line: str = "") -> None:
    """Say `line`, or that it goes on, then continue: a hold starts again after a get-ready time; talk and
    rest just go on."""
    s, line = turn.state, line or turn.coach.resumed
    if s.report is not None and s.mode is Mode.STAYING and s.staying is Outcome.UNANSWERED:
        told = {key: answer for key, answer in s.report_answers.items() if answer != "unanswered"}
        turn.set(mode=Mode.SAFETY, report_answers=told)
    elif s.began_ms is None:
        turn.set(mode=Mode.INTAKE, kept=())
        turn.say_then((line,), *s.kept)
    elif s.exercise in s.over and not _go(turn, forward=True):
        close_with_summary(turn, Outcome.FINISHED_EARLY)
    else:
        kept = () if s.exercise in s.over else s.kept
        turn.set(mode=Mode.MOVING, kept=())
        if turn.here.repetition == 0 and not kept:
            turn.say_then((line,), *turn.here.beats)
        elif any(isinstance(beat, Count) for beat in kept) or not kept:
            turn.say_then((line,), *turn.again())
        else:
            turn.say_then((line,), *kept)


def select(turn: Turn, command: Command) -> None:
    """A command while paused: continue, end, or choose where to continue. Choosing starts nothing."""
    match command:
        case C.RESUME:
            go_on(turn)
        case C.FINISH:
            finish(turn)
        case C.NEXT | C.BACK if turn.state.mode is Mode.PAUSED and turn.state.began_ms is not None:
            if _go(turn, forward=command is C.NEXT):
                turn.hush()
                turn.set(kept=())
                name = turn.state.program.exercises[turn.state.exercise].name
                turn.say_then((f"{name}.", turn.coach.say_continue))
        case C.OPTIONS if turn.state.mode is Mode.STAYING:
            left = turn.left()
            turn.hush()
            turn.say_then(turn.coach.options_staying, *left, calm=True)
        case C.OPTIONS:
            turn.hush()
            turn.say_then(turn.coach.options_paused)
        case C.REPEAT | C.TIME if turn.state.mode is Mode.PAUSED:
            turn.hush()
            turn.say_then(turn.coach.paused)


def move(turn: Turn, command: Command) -> None:
    """A command while the program plays."""
    s = turn.state
    match command:
        case C.PAUSE:
            pause(turn)
        case C.FINISH:
            finish(turn)
        case C.NEXT | C.BACK:
            step_aside(turn, command)
        case C.REPEAT:
            _repeat(turn)
        case C.SWITCH:
            others = [
                i
                for i, p in enumerate(s.parts)
                if i > s.part and p.exercise == s.exercise and p.side != turn.here.side
            ]
            if others and turn.here.side:
                turn.hush()
                turn.order(Play(Earcon.HEARD))
                turn.set(part=others[0])
                turn.play_beats(*turn.here.beats)
            else:
                turn.order(Play(Earcon.NOT_UNDERSTOOD))
        case C.READY:
            _ready(turn)
        case C.TIME:
            _after_this(turn, *_remaining(turn))
        case C.OPTIONS:
            _after_this(turn, *turn.coach.options)


def _repeat(turn: Turn) -> None:
    """The exercise explained whole, until it moves; then the movement, and the present repetition anew."""
    s = turn.state
    exercise = s.program.exercises[s.exercise]
    turn.hush()
    turn.order(Play(Earcon.HEARD))
    if turn.here.repetition > 1 or isinstance(s.current, Count):
        turn.say_then(exercise.lines.steps, *turn.again())
        return
    turn.record(AskedForMore(exercise.id))
    turn.set(part=next(i for i, part in enumerate(s.parts) if part.exercise == s.exercise))
    turn.play_beats(*introduction(exercise, s.language, Wording.FULL, can_stop=True))


def _ready(turn: Turn) -> None:
    """The user is in position, or has rested enough: on to the next movement, whatever was being said."""
    s = turn.state
    if isinstance(s.current, Count):
        return  # the body moves already
    ahead = movement(s.queue)
    if not ahead and s.current is not None and turn.here.repetition == 0:
        turn.record(KnewIt(s.program.exercises[s.exercise].id))
        turn.set(part=s.part + 1)
        ahead = movement(turn.here.beats)
    if ahead:
        turn.hush()
        turn.play_beats(Signal(Earcon.HEARD), *ahead)
    else:  # what is still to be said is heard, but no rest is waited for
        turn.order(Play(Earcon.HEARD))
        turn.set(queue=tuple(beat for beat in s.queue if not isinstance(beat, Quiet)))
        if isinstance(s.current, Quiet):
            turn.set(until_ms=None, current=None)


def step_aside(turn: Turn, command: Command) -> None:
    """On to the next exercise, or back to the one before."""
    turn.hush()
    turn.order(Play(Earcon.HEARD))
    turn.set(mode=Mode.MOVING, kept=())
    if _go(turn, forward=command is C.NEXT):
        turn.play_beats(*turn.here.beats)
    else:
        close_with_summary(turn, Outcome.COMPLETED)


def _after_this(turn: Turn, *lines: str) -> None:
    """Answer after a count and its release line, never over them.

    A rest or get-ready time starts again after the answer, so asking costs nothing of it.
    """
    current, queue = turn.state.current, turn.state.queue
    spoken: tuple[Beat, ...] = (Signal(Earcon.HEARD), *map(Speak, lines))
    if isinstance(current, Quiet) and current.duration_ms > COUNT_TAIL_MS:
        turn.play_beats(*spoken, current, *queue)
    else:
        after = 2 if isinstance(current, Count) else 1 if isinstance(current, Quiet) else 0
        if queue and isinstance(queue[0], Count):  # the user already holds the position: count first
            after = 3
        turn.set(queue=(*queue[:after], *spoken, *queue[after:]))


def _remaining(turn: Turn) -> tuple[str, ...]:
    s = turn.state
    minutes = max(1, round(parts_ms(s.parts[s.part :], s.wpm) / 60_000))
    return sentences.remaining(s.language, minutes, s.exercise + 1, len(s.program.exercises))


def _go(turn: Turn, forward: bool) -> bool:
    """Move to the neighbouring exercise that is not over for today. False if there is none ahead."""
    s = turn.state
    firsts = {part.exercise: i for i, part in reversed(list(enumerate(s.parts)))}
    open_ones = [e for e in sorted(firsts) if e not in s.over]
    if forward:
        ahead = [e for e in open_ones if e > s.exercise]
        if not ahead:
            return False
        turn.set(part=firsts[ahead[0]])
        return True
    behind = [e for e in open_ones if e < s.exercise] or [s.exercise]
    turn.set(part=firsts[behind[-1]])
    return True
