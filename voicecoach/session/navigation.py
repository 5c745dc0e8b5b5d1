"""Getting about in a session: its beginning, its parts, its end."""

from voicecoach.session import wording
from voicecoach.session.commands import Earcon, Outcome, Play
from voicecoach.session.safety import carry_on_safety, close_with_advice, keep_place, question
from voicecoach.session.screening import gravest, next_intake
from voicecoach.session.script import (
    COUNT_TAIL_MS,
    Beat,
    Close,
    Count,
    Quiet,
    Signal,
    Speak,
    get_ready,
    parts_ms,
)
from voicecoach.session.state import Mode
from voicecoach.session.turn import Turn
from voicecoach.session.vocabulary import Command

C = Command
PAUSE_LIMIT_MS = 300_000
"""After five minutes without a word a paused session ends, and says so."""


def begin(turn: Turn, can_hear: bool) -> None:
    """The greeting; where the coach is deaf from the start, the way to use it all the same."""
    s = turn.state
    lines: tuple[str, ...] = wording.GREETING
    beats: list[Beat] = [Quiet(300)]  # sleeping speakers swallow what comes at once
    if s.options.hands_free:
        beats += [*map(Speak, wording.HANDS_FREE), Quiet(10_000)]
    if not can_hear:
        lines += wording.DEAF_FROM_START
        turn.show(*wording.DEAF_FROM_START)
    if s.intake.first_run:
        lines += wording.FIRST_RUN
    beats += [*map(Speak, (*lines, *wording.PRECAUTION, wording.PREPARE_QUESTIONS))]
    turn.play_beats(*beats)


def carry_on(turn: Turn) -> bool:
    """What follows when the queue is empty; False: nothing, until the user says so."""
    match turn.state.mode:
        case Mode.INTAKE:
            _carry_on_intake(turn)
        case Mode.MOVING:
            _part_ended(turn)
        case Mode.SAFETY:
            carry_on_safety(turn)
        case Mode.CHECKING:
            resume(turn)
        case Mode.PAUSED:
            turn.play_beats(Quiet(PAUSE_LIMIT_MS), *map(Speak, wording.PAUSED_TOO_LONG), *ABANDON)
        case _:
            return False
    return True


ABANDON = (Close(Outcome.ABANDONED.value),)


def _carry_on_intake(turn: Turn) -> None:
    s = turn.state
    verdict = next_intake(s.intake, s.answers)
    if isinstance(verdict, Outcome):
        close_with_advice(turn, verdict)
    elif verdict is not None:
        turn.play_beats(*question(verdict))
    else:
        turn.note("screened", s.answers.get("baseline", ""))
        turn.set(mode=Mode.MOVING, part=0, began_ms=turn.at_ms)
        lines = (wording.BEGIN, *wording.left_out(s.program.left_out))
        turn.say_then(lines, *turn.here.beats)


def _part_ended(turn: Turn) -> None:
    """The next part that is not over for today, or the closing summary after the last one."""
    s = turn.state
    ahead = next((i for i in range(s.part + 1, len(s.parts)) if s.parts[i].exercise not in s.over), None)
    if ahead is None or s.parts[ahead].exercise != s.exercise:
        turn.set(done=s.done | {s.exercise})
        turn.note("exercise done", s.program.exercises[s.exercise].id)
    if ahead is None:
        close_with_summary(turn, Outcome.COMPLETED)
    else:
        turn.set(part=ahead)
        turn.play_beats(*turn.here.beats)


def close_with_summary(turn: Turn, outcome: Outcome) -> None:
    s = turn.state
    minutes = round((turn.at_ms - s.began_ms) / 60_000) if s.began_ms is not None else 0
    turn.set(mode=Mode.CLOSING)
    lines = wording.summary(len(s.done), len(s.program.exercises), max(1, minutes))
    turn.note("summary", f"{len(s.done)}/{len(s.program.exercises)}")
    turn.say_then(lines, Close(outcome.value))


def finish(turn: Turn) -> None:
    """The user ends it. Out of a safety stop only with its advice."""
    s = turn.state
    turn.hush()
    turn.emit(Play(Earcon.HEARD))
    if s.mode is Mode.SAFETY:
        if s.asking in ("over", "mild"):
            close_with_summary(turn, Outcome.FINISHED_EARLY)
        else:
            close_with_advice(turn, gravest(Outcome.ENDED_BY_PAIN, s.due) or Outcome.ENDED_BY_PAIN)
    elif s.mode is Mode.STAYING and s.staying is Outcome.UNANSWERED:
        close_with_advice(turn, Outcome.UNANSWERED)
    elif s.due is not None:
        close_with_advice(turn, s.due)
    else:
        close_with_summary(turn, Outcome.FINISHED_EARLY)


def pause(turn: Turn) -> None:
    keep_place(turn)
    turn.hush()
    turn.emit(Play(Earcon.HEARD))
    turn.set(mode=Mode.PAUSED)
    turn.say_then(wording.PAUSED)


def go_on(turn: Turn) -> None:
    """The user says so."""
    turn.hush()
    turn.emit(Play(Earcon.HEARD))
    resume(turn)


def resume(turn: Turn) -> None:
    """A hold begins anew with a get-ready time; what was only talk or rest goes on. Said aloud first."""
    s = turn.state
    if s.report is not None and s.mode is Mode.STAYING and s.staying is Outcome.UNANSWERED:
        told = {key: answer for key, answer in s.report_answers.items() if answer != "unanswered"}
        turn.set(mode=Mode.SAFETY, report_answers=told)
    elif s.began_ms is None:
        turn.set(mode=Mode.INTAKE, kept=())
        turn.say_then((wording.RESUMED,), *s.kept)
    elif s.exercise in s.over and not _go(turn, forward=True):
        close_with_summary(turn, Outcome.FINISHED_EARLY)
    else:
        kept = () if s.exercise in s.over else s.kept
        turn.set(mode=Mode.MOVING, kept=())
        if turn.here.repetition == 0 and not kept:
            turn.say_then((wording.RESUMED,), *turn.here.beats)
        elif any(isinstance(beat, Count) for beat in kept) or not kept:
            turn.say_then((wording.RESUMED,), *get_ready(5), *turn.here.beats)
        else:
            turn.say_then((wording.RESUMED,), *kept)


def select(turn: Turn, command: Command) -> None:
    """While paused: go on, end, or choose where to go on; choosing starts nothing."""
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
                turn.say_then((f"{name}.", wording.STAY_PAUSED[1]))
        case C.OPTIONS if turn.state.mode is Mode.STAYING:
            left = turn.left()
            turn.hush()
            turn.say_then(wording.OPTIONS_STAYING, *left)
        case C.OPTIONS:
            turn.hush()
            turn.say_then(wording.OPTIONS_PAUSED)
        case C.REPEAT | C.TIME if turn.state.mode is Mode.PAUSED:
            turn.hush()
            turn.say_then(wording.PAUSED)


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
            steps = s.program.exercises[s.exercise].steps
            turn.hush()
            turn.emit(Play(Earcon.HEARD))
            again = turn.here.beats if turn.here.repetition == 0 else (*get_ready(5), *turn.here.beats)
            turn.say_then(() if turn.here.repetition == 0 else steps, *again)
        case C.SWITCH:
            others = [
                i
                for i, p in enumerate(s.parts)
                if i > s.part and p.exercise == s.exercise and p.side != turn.here.side
            ]
            if others and turn.here.side:
                turn.hush()
                turn.emit(Play(Earcon.HEARD))
                turn.set(part=others[0])
                turn.play_beats(*turn.here.beats)
            else:
                turn.emit(Play(Earcon.NOT_UNDERSTOOD))
        case C.READY if isinstance(s.current, Quiet):
            turn.emit(Play(Earcon.HEARD))
            turn.set(until_ms=None, current=None)
        case C.TIME:
            _after_this(turn, *_remaining(turn))
        case C.OPTIONS:
            _after_this(turn, *wording.OPTIONS)


def step_aside(turn: Turn, command: Command) -> None:
    """On to the next exercise, or back to the one before."""
    turn.hush()
    turn.emit(Play(Earcon.HEARD))
    turn.set(mode=Mode.MOVING, kept=())
    if _go(turn, forward=command is C.NEXT):
        turn.play_beats(*turn.here.beats)
    else:
        close_with_summary(turn, Outcome.COMPLETED)


def _after_this(turn: Turn, *lines: str) -> None:
    """An answer must not talk over a count or its release: it comes after them.

    A rest or get-ready time is not lost by asking: it begins again after the answer.
    """
    current, queue = turn.state.current, turn.state.queue
    spoken: tuple[Beat, ...] = (Signal(Earcon.HEARD), *map(Speak, lines))
    if isinstance(current, Quiet) and current.duration_ms > COUNT_TAIL_MS:
        turn.play_beats(*spoken, current, *queue)
    else:
        after = 2 if isinstance(current, Count) else 1 if isinstance(current, Quiet) else 0
        if queue and isinstance(queue[0], Count):  # the body already holds: no talk before its count
            after = 3
        turn.set(queue=(*queue[:after], *spoken, *queue[after:]))


def _remaining(turn: Turn) -> tuple[str, ...]:
    s = turn.state
    minutes = max(1, round(parts_ms(s.parts[s.part :], s.wpm) / 60_000))
    return wording.remaining(minutes, s.exercise + 1, len(s.program.exercises))


def _go(turn: Turn, forward: bool) -> bool:
    """Move to the neighbouring exercise that is not over for today; False: there is none ahead."""
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
