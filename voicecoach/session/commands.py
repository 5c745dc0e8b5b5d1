"""What a session wants done. Each is carried out by exactly one room."""

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.session.events import Milliseconds
from voicecoach.session.vocabulary import ListeningState


class Earcon(StrEnum):
    """Short synthesised signals; `speaking.earcons` knows how each sounds."""

    LISTENING = "listening"
    HEARD = "heard"
    NOT_UNDERSTOOD = "not understood"
    HOLD_START = "hold start"
    HOLD_END = "hold end"
    ALERT = "alert"


class Outcome(StrEnum):
    """How a session ended; one row of the journal."""

    COMPLETED = "completed"
    FINISHED_EARLY = "finished early"
    NOT_STARTED = "not started"  # the questions before the session advised against it
    ENDED_BY_PAIN = "ended by pain"  # see a professional; not locked
    TODAY = "see a doctor today"  # locked until screened again
    EMERGENCY = "emergency"  # locked
    UNANSWERED = "no answer"  # silence is the worst answer: locked
    LOCKED = "locked"  # an earlier lock was not released
    ABANDONED = "abandoned"  # paused and never resumed
    INTERRUPTED = "interrupted"  # signal, crash


LOCKING = frozenset({Outcome.TODAY, Outcome.EMERGENCY, Outcome.UNANSWERED, Outcome.LOCKED})
"""After these the next session starts with the release question."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text`; report PromptDone(prompt_id) when its last sample has left."""

    prompt_id: int
    text: str
    wpm: int
    """words a minute"""
    at_ms: Milliseconds | None = None
    """when its first audible sample leaves; None = as soon as it is the next in line"""


@dataclass(frozen=True, slots=True)
class Play:
    """Sound an earcon at `at_ms` (None = now)."""

    earcon: Earcon
    at_ms: Milliseconds | None = None


@dataclass(frozen=True, slots=True)
class Hush:
    """Silence everything that sounds or is scheduled, within a 10 ms fade."""


@dataclass(frozen=True, slots=True)
class Listen:
    """The grammar that applies from now on."""

    state: ListeningState


@dataclass(frozen=True, slots=True)
class Volume:
    """Change the coach's loudness by `step_db`."""

    step_db: int


@dataclass(frozen=True, slots=True)
class Show:
    """Put `text` on the screen: an advice that must also be readable."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something the journal keeps."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class End:
    """The session is over."""

    outcome: Outcome


SessionCommand = Say | Play | Hush | Listen | Volume | Show | Note | End
