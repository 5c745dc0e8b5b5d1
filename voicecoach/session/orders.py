"""What a session orders its rooms to do. Each order is carried out by exactly one of them."""

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.care.outcome import Outcome
from voicecoach.language.commands import ListeningState
from voicecoach.units import Milliseconds


class Earcon(StrEnum):
    """Short synthesised signals; `speaking.earcons` knows how each sounds."""

    LISTENING = "listening"
    HEARD = "heard"
    NOT_UNDERSTOOD = "not understood"
    HOLD_START = "hold start"
    HOLD_END = "hold end"
    ALERT = "alert"


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
class End:
    """The session is over."""

    outcome: Outcome


Order = Say | Play | Hush | Listen | Volume | Show | End
