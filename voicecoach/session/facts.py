"""What happened in a session, for the journal and the timeline. Unlike an order, a fact asks for nothing."""

from dataclasses import dataclass

from voicecoach.care.outcome import Outcome
from voicecoach.care.protocol import Answer
from voicecoach.language.commands import Command
from voicecoach.session.events import Trouble
from voicecoach.session.modes import Mode
from voicecoach.units import Milliseconds


@dataclass(frozen=True, slots=True)
class ModeChanged:
    mode: Mode


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Screened:
    """The answers before the session allow it; the program begins."""

    baseline: int | None
    """the pain before the session, 0 to 10; None if not asked"""


@dataclass(frozen=True, slots=True)
class NothingLeft:
    """The user's answers leave no exercise of the program."""


@dataclass(frozen=True, slots=True)
class HoldBegan:
    """A counted hold was handed to the mixer; unless hushed, it begins and ends at these times."""

    start_ms: Milliseconds
    end_ms: Milliseconds


@dataclass(frozen=True, slots=True)
class ExerciseDone:
    exercise: str
    """its id"""


@dataclass(frozen=True, slots=True)
class AskedForMore:
    """The user wants an exercise explained whole."""

    exercise: str


@dataclass(frozen=True, slots=True)
class KnewIt:
    """The user cut an introduction short."""

    exercise: str


@dataclass(frozen=True, slots=True)
class PainReported:
    """A safety stop began."""

    words: str
    """the safety phrase; "" if pain was the answer to a question"""
    exercise: str
    """id of the current exercise; "" before the first"""
    report: int
    """its number in this session, from 1"""


@dataclass(frozen=True, slots=True)
class PainRepeated:
    """Another safety phrase in the same safety stop."""

    words: str


@dataclass(frozen=True, slots=True)
class EasedOff:
    """The exercise goes on with about half of its dose."""

    exercise: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """The coach hushed itself for a command that may have been its own echo."""

    command: Command


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What had been heard as `command` was not said: the session went on as before it."""

    command: Command


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Summarised:
    done: int
    planned: int
    """exercises"""


@dataclass(frozen=True, slots=True)
class WentDeaf:
    reason: Trouble


@dataclass(frozen=True, slots=True)
class HearingRegained:
    pass


@dataclass(frozen=True, slots=True)
class WentMute:
    reason: Trouble


@dataclass(frozen=True, slots=True)
class VoiceRegained:
    pass


@dataclass(frozen=True, slots=True)
class LeaveAsked:
    """The computer asked the session to end."""

    reason: str


Fact = (
    ModeChanged
    | AnswerGiven
    | Screened
    | NothingLeft
    | HoldBegan
    | ExerciseDone
    | AskedForMore
    | KnewIt
    | PainReported
    | PainRepeated
    | EasedOff
    | Doubted
    | TakenBack
    | AdviceGiven
    | Summarised
    | WentDeaf
    | HearingRegained
    | WentMute
    | VoiceRegained
    | LeaveAsked
)
