"""How a session can end, and which outcome is graver."""

from enum import StrEnum


class Outcome(StrEnum):
    """How a session ended; the journal keeps one for each session."""

    COMPLETED = "completed"
    FINISHED_EARLY = "finished early"
    STOPPED_FOR_PAIN = "stopped for pain"  # by the user, after a report
    NOT_STARTED = "not started"  # the questions before the session advised against it
    ENDED_BY_PAIN = "ended by pain"  # see a professional; not locked
    TODAY = "see a doctor today"  # locked until screened again
    EMERGENCY = "emergency"  # locked
    UNANSWERED = "no answer"  # silence counts as the worst answer: locked
    LOCKED = "locked"  # the lock of an earlier session was not released
    ABANDONED = "abandoned"  # paused and never resumed
    INTERRUPTED = "interrupted"  # a signal or a crash


LOCKING = frozenset({Outcome.TODAY, Outcome.EMERGENCY, Outcome.UNANSWERED, Outcome.LOCKED})
"""After one of these, the next session begins with the question that can release the lock."""

ADVISED = (
    Outcome.EMERGENCY,
    Outcome.UNANSWERED,
    Outcome.TODAY,
    Outcome.LOCKED,
    Outcome.ENDED_BY_PAIN,
    Outcome.NOT_STARTED,
)
"""The outcomes with spoken advice, the gravest first."""


def gravest(*outcomes: Outcome | None) -> Outcome | None:
    """The gravest of `outcomes`; None if none has advice. A later, milder answer never takes advice back."""
    return next((outcome for outcome in ADVISED if outcome in outcomes), None)
