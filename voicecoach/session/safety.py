"""The safety stop (SAFETY.md, points 1 to 5) and the stop without pain, on one Turn.

Nothing here can be switched off by a setting, and nothing here leads back into movement without an
explicit word of the user.
"""

from dataclasses import replace

from voicecoach.session import wording
from voicecoach.session.commands import Outcome
from voicecoach.session.program import eased
from voicecoach.session.questions import QUESTIONS, Answer
from voicecoach.session.screening import Report, gravest, next_safety
from voicecoach.session.script import Ask, Beat, Close, Quiet, Speak, compile_program, get_ready
from voicecoach.session.state import Mode
from voicecoach.session.turn import Turn

SILENCE_AFTER_STOP_MS = 600
BREATHE_MS = 6_000
OFFERS = ("over", "mild")
STAY_MS = 120_000
"""How long a session that nobody answered stays open before it says the advice again and ends."""


def question(key: str) -> tuple[Beat, ...]:
    """A question's sentences; only its last one opens it, so that no answer comes too early."""
    return (*(Speak(s, calm=True) for s in QUESTIONS[key].sentences[:-1]), Ask(key))


def keep_place(turn: Turn) -> None:
    """Remember what is left of the current part, the first time it is interrupted.

    Of the greeting too: its precautions must have been said before anything moves. A question needs
    no keeping, the intake asks it again.
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
    turn.play_beats(Quiet(SILENCE_AFTER_STOP_MS), Speak(wording.STOPPED, calm=True), *question("hurt"))


def report_pain(turn: Turn, words: str) -> None:
    """Points 1 and 2: hush, the way out of this position, time to breathe; then the questions."""
    keep_place(turn)
    turn.hush()
    s = turn.state
    moving = s.began_ms is not None
    exercise = s.program.exercises[s.exercise] if moving else None
    reports = (s.report.reports if s.report else 0) + 1
    baseline = s.answers.get("baseline")
    report = Report(words, baseline if isinstance(baseline, int) else None, reports)
    turn.set(mode=Mode.SAFETY, report=report, report_answers={})
    turn.note("pain", f"{words or 'pain'}|{exercise.id if exercise else ''}|{reports}")
    ease_out = exercise.ease_out if exercise else wording.REPORT_SOMEWHERE
    lines = (*ease_out, wording.BREATHE)
    spoken = tuple(Speak(line, calm=True) for line in lines)
    turn.play_beats(Quiet(SILENCE_AFTER_STOP_MS), *spoken, Quiet(BREATHE_MS))


def carry_on_safety(turn: Turn) -> None:
    """Points 3 and 4: the next question, or what the answers demand."""
    s = turn.state
    assert s.report is not None
    verdict = next_safety(s.report, s.report_answers)
    if verdict is Outcome.UNANSWERED:
        stay(turn, Outcome.UNANSWERED)
        return
    advised = gravest(verdict if isinstance(verdict, Outcome) else None, s.due)
    last_word = isinstance(verdict, Outcome) or verdict in OFFERS or advised is Outcome.EMERGENCY
    if advised is not None and last_word:
        close_with_advice(turn, advised)
        return
    assert isinstance(verdict, str)
    if verdict == "over" and s.began_ms is not None:
        here = s.program.exercises[s.exercise].id
        turn.set(over=s.over | {i for i, e in enumerate(s.program.exercises) if e.id == here})
    turn.play_beats(*question(verdict))


def answer_safety(turn: Turn, key: str, answer: Answer) -> None:
    turn.set(report_answers={**turn.state.report_answers, key: answer})
    turn.remember()
    turn.note("answer", f"{key}={answer}")


def again_in_safety(turn: Turn, words: str = "") -> None:
    """Stop or pain inside the flow: silence, then the line or question that was interrupted.

    "Numb" or "dizzy" said here is no less an answer than said first: its red flags are asked.
    """
    left = turn.left()
    asking = turn.state.asking
    turn.hush()
    report = turn.state.report
    if report is not None and words not in report.words:
        turn.set(report=replace(report, words=f"{report.words} {words}"))
        turn.note("pain again", words)
        if any(isinstance(beat, Ask) for beat in left):  # perhaps another question comes first now
            left, asking = (), None
    turn.play_beats(Quiet(1500), *((Ask(asking), *left[1:]) if asking else left))


def close_with_advice(turn: Turn, outcome: Outcome) -> None:
    """Said twice, shown, journalled; then the session is over (and locked, where it must be)."""
    lines = wording.advice(outcome, turn.state.options.emergency_number)
    turn.note("advice", outcome.value)
    turn.show(*lines)
    turn.remember(outcome)
    turn.set(mode=Mode.CLOSING)
    turn.say_then(lines + lines, Close(outcome.value), calm=True)


def stay(turn: Turn, outcome: Outcome) -> None:
    """Point 5: no answer is the worst answer. Stay still; never time out back into exercise."""
    lines = wording.advice(Outcome.UNANSWERED, turn.state.options.emergency_number)
    turn.note("advice", Outcome.UNANSWERED.value)
    turn.show(*lines)
    turn.set(mode=Mode.STAYING, staying=outcome)
    beats = tuple(Speak(line, calm=True) for line in lines)
    turn.play_beats(*beats, Quiet(STAY_MS), *beats, Close(outcome.value))


def hush_staying(turn: Turn) -> None:
    """Stop while the emergency wording sounds: it was shown; stay still and quiet."""
    beats = tuple(b for b in turn.left() if isinstance(b, Speak | Close))
    turn.hush()
    turn.play_beats(Quiet(STAY_MS), *beats)


def ease_off(turn: Turn) -> None:
    """Go on with about half of the dose, from a new get-ready time."""
    s = turn.state
    exercises = list(s.program.exercises)
    exercises[s.exercise] = replace(exercises[s.exercise], dose=eased(exercises[s.exercise].dose))
    program = replace(s.program, exercises=tuple(exercises))
    turn.set(program=program, parts=compile_program(program, s.options.wording), mode=Mode.MOVING, kept=())
    turn.note("eased", exercises[s.exercise].id)
    turn.play_beats(Speak(wording.EASED), *get_ready(8), *turn.here.beats)
