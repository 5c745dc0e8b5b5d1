"""What a session orders its rooms (packages) to do. Exactly one of them carries out each order."""

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
    """Speak `text`; PromptDone(prompt_id) reports when its last sample has been played."""

    prompt_id: int
    text: str
    wpm: int
    """words a minute"""
    at_ms: Milliseconds | None = None
    """when its first audible sample is played; None = at once"""
    parts: tuple[str, ...] = ()
    """the lines that `text` is joined from, each of which is rendered by itself"""


@dataclass(frozen=True, slots=True)
class Play:
    """Sound an earcon at `at_ms` (None = now)."""

    earcon: Earcon
    at_ms: Milliseconds | None = None


@dataclass(frozen=True, slots=True)
class Hush:
    """Silence everything that sounds or is scheduled, with a 10 ms fade."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Use this state's grammar from now on."""

    state: ListeningState


@dataclass(frozen=True, slots=True)
class Volume:
    """Change the coach's loudness by `step_db`."""

    step_db: int


@dataclass(frozen=True, slots=True)
class Show:
    """Show `text` on the screen: advice that must be readable as well as audible."""

    text: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Show `text` to somebody who may be neither listening nor looking: also by bell and notification."""

    text: str


@dataclass(frozen=True, slots=True)
class End:
    """The session is over."""

    outcome: Outcome


Order = Say | Play | Hush | Listen | Volume | Show | Alarm | End
