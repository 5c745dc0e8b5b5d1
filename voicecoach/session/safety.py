"""The safety stop (docs/safety.md, "The safety stop", whose points are cited here) and the stop without pain.

No setting switches any of this off, and nothing here leads back into movement without the user's explicit
word.
"""

from dataclasses import replace

from voicecoach.care.exercise import LYING, LYING_ONCE_EASED, eased
from voicecoach.care.outcome import Outcome, gravest
from voicecoach.care.protocol import Answer, PainReport
from voicecoach.care.screening import next_after_pain
from voicecoach.language.meaning import safety_in
from voicecoach.session.facts import AdviceGiven, AnswerGiven, EasedOff, PainRepeated, PainReported
from voicecoach.session.modes import Mode
from voicecoach.session.questions import HURT, OFFERS, OVER
from voicecoach.session.script import Ask, Beat, Close, Quiet, Speak
from voicecoach.session.sentences import advice, asked
from voicecoach.session.state import State
from voicecoach.session.turn import Turn

SILENCE_AFTER_STOP_MS = 600
BREATHE_MS = 6_000
MAY_RISE = frozenset({Outcome.ENDED_BY_PAIN, Outcome.TODAY})
STAY_MS = 120_000
"""How long a session waits, when nobody answered, before it repeats the advice and ends."""


def ask_question(turn: Turn, key: str) -> tuple[Beat, ...]:
    """The beats that ask a question. Only its last sentence opens it, so that no answer comes too early."""
    return (*(Speak(s, calm=True) for s in asked(turn.state, key)[:-1]), Ask(key))


def keep_place(turn: Turn) -> None:
    """Remember what is left of the current part when it is first interrupted.

    The greeting is kept too, because its precautions must be said before anything moves. A question is not:
    the intake asks it again.
    """
    left = turn.left()
    if turn.state.mode is Mode.MOVING:
        turn.set(kept=left)
    elif turn.state.mode is Mode.INTAKE:
        turn.set(kept=() if any(isinstance(beat, Ask) for beat in left) else left)


def stop(turn: Turn) -> None:
    """Hush, release the hold, and ask whether the user is hurt."""
    keep_place(turn)
    turn.hush()
    turn.set(mode=Mode.STOPPED)
    turn.play_beats(
        Quiet(SILENCE_AFTER_STOP_MS), Speak(turn.coach.stopped, calm=True), *ask_question(turn, HURT)
    )


def report_pain(turn: Turn, words: str) -> None:
    """Points 1 and 2: hush, say the way out of this position, leave time to breathe; then ask."""
    keep_place(turn)
    turn.hush()
    s = turn.state
    moving = s.began_ms is not None
    exercise = s.program.exercises[s.exercise] if moving else None
    reports = (s.report.reports if s.report else 0) + 1
    baseline = s.answers.get(s.protocol.baseline)
    report = PainReport(
        baseline=baseline if isinstance(baseline, int) else None,
        reports=reports,
        exercise=exercise.id if exercise else "",
    )
    turn.set(mode=Mode.SAFETY, report=_with_words(turn, report, words), report_answers={})
    turn.record(PainReported(words, report.exercise, reports))
    ease_out = exercise.lines.ease_out if exercise else turn.coach.report_somewhere
    lines = (*ease_out, turn.coach.breathe)
    spoken = tuple(Speak(line, calm=True) for line in lines)
    turn.play_beats(Quiet(SILENCE_AFTER_STOP_MS), *spoken, Quiet(BREATHE_MS))


def _with_words(turn: Turn, report: PainReport, words: str) -> PainReport:
    if not words:
        return report
    phrase = safety_in(turn.state.language.vocabulary, words)
    symptoms = {phrase.symptom} if phrase is not None and phrase.symptom is not None else set()
    return replace(report, words=(*report.words, words), symptoms=report.symptoms | symptoms)


def carry_on_safety(turn: Turn) -> None:
    """Points 3 and 4: ask the next question, or do what the answers demand."""
    s = turn.state
    assert s.report is not None
    verdict = next_after_pain(s.protocol, s.report, s.report_answers)
    if verdict is Outcome.UNANSWERED:
        stay(turn, Outcome.UNANSWERED)
        return
    advised = gravest(verdict if isinstance(verdict, Outcome) else None, s.due)
    last_word = isinstance(verdict, Outcome) or verdict in OFFERS or advised is Outcome.EMERGENCY
    if advised is not None and last_word:
        close_with_advice(turn, advised)
        return
    if verdict == OVER and s.began_ms is not None:
        here = s.program.exercises[s.exercise].id
        turn.set(over=s.over | {i for i, e in enumerate(s.program.exercises) if e.id == here})
    turn.play_beats(*ask_question(turn, verdict))


def answer_safety(turn: Turn, key: str, answer: Answer) -> None:
    turn.set(report_answers={**turn.state.report_answers, key: answer})
    turn.remember()
    turn.record(AnswerGiven(key, answer))


def again_in_safety(turn: Turn, words: str = "") -> None:
    """Stop or pain during a safety stop: silence, then the line or question that was interrupted.

    "Numb" or "dizzy" counts here as much as in the first report: its red flags are asked about.
    """
    left = turn.left()
    asking = turn.state.asking
    turn.hush()
    report = turn.state.report
    if report is not None and words and words not in report.words:
        turn.set(report=_with_words(turn, report, words))
        turn.record(PainRepeated(words))
        if any(isinstance(beat, Ask) for beat in left):  # the new words may bring up another question first
            left, asking = (), None
    turn.play_beats(Quiet(1500), *_taken_up(left, asking))


def say_before_going_on(turn: Turn, *lines: str) -> None:
    """Say `lines`, then the line or question that they interrupt."""
    left, asking = turn.left(), turn.state.asking
    turn.hush()
    spoken = tuple(Speak(line, calm=True) for line in lines)
    turn.play_beats(*spoken, *_taken_up(left, asking))


def _taken_up(left: tuple[Beat, ...], asking: str | None) -> tuple[Beat, ...]:
    """What an interruption left, beginning with the question that was open."""
    return (Ask(asking), *left[1:]) if asking else left


def close_with_advice(turn: Turn, outcome: Outcome, *reason: str) -> None:
    """Say the `reason` and, twice, the advice; show and record it; then end the session, locked if `outcome`
    locks. Whoever may get up is told how."""
    lines = advice(turn.state.language, outcome, turn.state.options.emergency_number)
    turn.record(AdviceGiven(outcome))
    turn.show(*lines)
    turn.remember(outcome)
    turn.set(mode=Mode.CLOSING)
    rising = turn.state.language.care.get_up if outcome in MAY_RISE and lies(turn.state) else ()
    turn.say_then((*reason, *lines, *lines, *rising), Close(outcome), calm=True)


def lies(state: State) -> bool:
    """Whether the user lies on the floor."""
    if state.began_ms is None:
        return False
    here = state.program.exercises[state.exercise]
    eased_out = state.report is not None and state.report.exercise == here.id
    return here.position in (LYING_ONCE_EASED if eased_out else LYING)


def stay(turn: Turn, outcome: Outcome) -> None:
    """Point 5: no answer is the worst answer. Stay still; never resume after a timeout."""
    lines = advice(turn.state.language, Outcome.UNANSWERED, turn.state.options.emergency_number)
    turn.record(AdviceGiven(Outcome.UNANSWERED))
    turn.show(*lines)
    turn.set(mode=Mode.STAYING, staying=outcome)
    beats = tuple(Speak(line, calm=True) for line in lines)
    turn.play_beats(*beats, Quiet(STAY_MS), *beats, Close(outcome))


def hush_staying(turn: Turn) -> None:
    """Stop, said over the emergency wording: stay still and quiet. The wording remains on the screen."""
    beats = tuple(b for b in turn.left() if isinstance(b, Speak | Close))
    turn.hush()
    turn.play_beats(Quiet(STAY_MS), *beats)


def ease_off(turn: Turn) -> None:
    """Continue with about half of the dose, after a new get-ready time."""
    s = turn.state
    exercises = list(s.program.exercises)
    exercises[s.exercise] = replace(exercises[s.exercise], dose=eased(exercises[s.exercise].dose))
    program = replace(s.program, exercises=tuple(exercises))
    turn.set(program=program, parts=s.compiled(program), mode=Mode.MOVING, kept=())
    turn.record(EasedOff(exercises[s.exercise].id))
    turn.play_beats(Speak(turn.coach.eased), *turn.again())
