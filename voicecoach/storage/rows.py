"""How a session ended, as the journal keeps it."""

from voicecoach.care import Outcome
from voicecoach.session import State
from voicecoach.storage.journal import SessionRow


def row_of(state: State, began: str, duration_ms: int, outcome: Outcome) -> SessionRow:
    """`began`: the session's key in the journal."""
    baseline = state.answers.get(state.protocol.baseline)
    level = state.report_answers.get(state.protocol.level)
    return SessionRow(
        began=began,
        program=state.program.id,
        duration_ms=duration_ms,
        outcome=outcome.value,
        screened=state.began_ms is not None,
        pain_before=baseline if isinstance(baseline, int) else None,
        pain_reported=level if isinstance(level, int) else None,
        exercise=state.report.exercise if state.report else "",
        done=f"{len(state.done)}/{len(state.program.exercises)}",
    )
