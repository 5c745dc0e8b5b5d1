"""After the last movement: two questions that silence skips, and the summary."""

from voicecoach.care.outcome import Outcome, gravest
from voicecoach.care.screening import next_after
from voicecoach.session import sentences
from voicecoach.session.facts import Summarised
from voicecoach.session.modes import Mode
from voicecoach.session.orders import Earcon, Play
from voicecoach.session.questions import OFFERS
from voicecoach.session.safety import ask_question, close_with_advice, lies
from voicecoach.session.script import Close, Speak
from voicecoach.session.turn import Turn


def close_with_summary(turn: Turn, outcome: Outcome) -> None:
    """End a session that went well enough: ask how it was, then say what was done."""
    s = turn.state
    if outcome is Outcome.FINISHED_EARLY and s.report is not None:
        outcome = Outcome.STOPPED_FOR_PAIN
    turn.set(mode=Mode.CLOSING, closing=outcome)
    turn.play_beats(Speak(turn.coach.the_end))
    if s.began_ms is None:
        sum_up(turn)


def carry_on(turn: Turn) -> bool:
    """The next question, or the summary. False once it has been said."""
    s = turn.state
    if s.closing is None:
        return False
    verdict = next_after(s.protocol, s.answers)
    if isinstance(verdict, Outcome):
        turn.set(closing=None)
        close_with_advice(turn, gravest(verdict, s.due) or verdict)
    elif verdict is not None:
        turn.play_beats(*ask_question(turn, verdict))
    else:
        sum_up(turn)
    return True


def sum_up(turn: Turn) -> None:
    """What was done, how long it took, and how to get up."""
    s = turn.state
    assert s.closing is not None
    minutes = round((turn.at_ms - s.began_ms) / 60_000) if s.began_ms is not None else 0
    done, planned = len(s.done), len(s.program.exercises)
    lines = sentences.summary(s.language, done, planned, max(1, minutes), lies(s))
    if s.closing is Outcome.COMPLETED:
        lines = (s.language.care.walk, *lines)
    turn.record(Summarised(done, planned))
    outcome = s.closing
    turn.set(closing=None)
    turn.say_then(lines, Close(outcome))


def finish(turn: Turn) -> None:
    """End the session at the user's wish; a safety stop ends only with its advice."""
    s = turn.state
    turn.hush()
    turn.order(Play(Earcon.HEARD))
    if s.mode is Mode.SAFETY:
        if s.asking in OFFERS:
            close_with_summary(turn, Outcome.FINISHED_EARLY)
        else:
            close_with_advice(turn, gravest(Outcome.ENDED_BY_PAIN, s.due) or Outcome.ENDED_BY_PAIN)
    elif s.mode is Mode.STAYING and s.staying is Outcome.UNANSWERED:
        close_with_advice(turn, Outcome.UNANSWERED)
    elif s.due is not None:
        close_with_advice(turn, s.due)
    else:
        close_with_summary(turn, Outcome.FINISHED_EARLY)
