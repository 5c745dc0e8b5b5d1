"""How a session ended, and which ending is graver."""

from enum import StrEnum


class Outcome(StrEnum):
    """How a session ended: one row of the journal."""

    COMPLETED = "completed"
    FINISHED_EARLY = "finished early"
    NOT_STARTED = "not started"  # the questions before the session advised against it
    ENDED_BY_PAIN = "ended by pain"  # see a professional; not locked
    TODAY = "see a doctor today"  # locked until screened again
    EMERGENCY = "emergency"  # locked
    UNANSWERED = "no answer"  # silence is the worst answer: locked
    LOCKED = "locked"  # an earlier lock was not released
    ABANDONED = "abandoned"  # paused and never resumed
    INTERRUPTED = "interrupted"  # a signal or a crash


LOCKING = frozenset({Outcome.TODAY, Outcome.EMERGENCY, Outcome.UNANSWERED, Outcome.LOCKED})
"""After one of these the next session begins with the question that releases the lock."""

ADVISED = (
    Outcome.EMERGENCY,
    Outcome.UNANSWERED,
    Outcome.TODAY,
    Outcome.LOCKED,
    Outcome.ENDED_BY_PAIN,
    Outcome.NOT_STARTED,
)
"""The outcomes that come with spoken advice, the gravest first."""


def gravest(*outcomes: Outcome | None) -> Outcome | None:
    """The gravest of `outcomes`: a milder answer later never takes an advice back."""
    return next((outcome for outcome in ADVISED if outcome in outcomes), None)
