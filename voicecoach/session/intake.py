"""Before anything moves: the greeting, the questions, and the program that their answers leave."""

from dataclasses import replace

from voicecoach.care.course import KNOWN
from voicecoach.care.outcome import Outcome, gravest
from voicecoach.care.plan import Plan
from voicecoach.care.program import Program
from voicecoach.care.screening import next_before
from voicecoach.session import sentences
from voicecoach.session.facts import NothingLeft, Screened
from voicecoach.session.modes import Mode
from voicecoach.session.safety import ask_question, close_with_advice
from voicecoach.session.script import Beat, Quiet, Speak
from voicecoach.session.turn import Turn

LEAD_MS = 200


def begin(turn: Turn, can_hear: bool) -> None:
    """Greet the user; if the coach cannot hear, explain how to use it without a microphone."""
    s, coach, care = turn.state, turn.coach, turn.state.language.care
    first, lines = s.intake.first_run, sentences.greeting(s)
    turn.set(by_keys=not can_hear)
    beats: list[Beat] = [Quiet(LEAD_MS)]  # loudspeakers waking from standby swallow the first sounds
    if s.options.hands_free:
        beats += [*map(Speak, coach.hands_free), Quiet(10_000)]
    if not can_hear:
        lines += coach.deaf_from_start
        turn.show(*coach.deaf_from_start)
    if first:
        lines += care.first_run
    questions = (coach.prepare_questions,) if first else ()
    beats += [*map(Speak, (*lines, *care.precaution, *questions))]
    turn.play_beats(*beats)


def carry_on(turn: Turn) -> None:
    s = turn.state
    verdict = next_before(s.protocol, s.intake, s.answers)
    if isinstance(verdict, Outcome):
        close_with_advice(turn, gravest(verdict, s.due) or verdict)
    elif verdict is not None:
        turn.play_beats(*ask_question(turn, verdict))
    else:
        _move(turn)


def _move(turn: Turn) -> None:
    """Begin the program of today, if the answers leave any exercise of it."""
    s = turn.state
    program = s.plan.today(s.protocol, s.answers) if s.plan else s.program
    if not program.exercises:
        turn.record(NothingLeft())
        close_with_advice(turn, Outcome.NOT_STARTED, turn.coach.nothing_left)
        return
    baseline = s.answers.get(s.protocol.baseline)
    turn.record(Screened(baseline if isinstance(baseline, int) else None))
    turn.set(mode=Mode.MOVING, program=program, parts=s.compiled(program), part=0, began_ms=turn.at_ms)
    told = program
    if s.plan and all(s.plan.memory.met.get(e.id, 0) >= KNOWN for e in program.exercises):
        told = _what_hurt(s.plan, program)  # the user knows all else
    lines = (turn.coach.begin, *sentences.changes(s.language, told))
    turn.say_then(lines, *turn.here.beats)


def _what_hurt(plan: Plan, program: Program) -> Program:
    """`program`, with no change named but that of exercises that hurt."""
    hurt = {plan.exercises[e].name for e in plan.memory.left_out if e in plan.exercises}
    return replace(
        program,
        left_out=tuple(name for name in program.left_out if name in hurt),
        instead=tuple(pair for pair in program.instead if pair[0] in hurt),
    )
