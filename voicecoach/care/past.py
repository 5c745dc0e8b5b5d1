"""What earlier sessions tell, as the journal keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voicecoach.care.outcome import Outcome
from voicecoach.care.protocol import Answer


@dataclass(frozen=True, slots=True)
class Hurt:
    """A report of pain."""

    exercise: str = ""
    """id of the exercise that hurt; "" before the first"""
    level: int | None = None
    """0 to 10; None if it was not told"""
    outward: bool = False
    """the exercise sent the pain further down the leg"""


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier session."""

    day: float
    """when it began, in days of local time"""
    program: str = ""
    outcome: Outcome = Outcome.COMPLETED
    screened: bool = True
    """the questions before it were answered well: something moved"""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """to the questions before it, and to those after it"""
    hurt: tuple[Hurt, ...] = ()
    done: tuple[str, ...] = ()
    """ids of the exercises that were played to their end"""
    more: tuple[str, ...] = ()
    """ids of the exercises that the user wanted explained"""
    knew: tuple[str, ...] = ()
    """ids of those whose introduction the user cut short"""
    minutes: float = 0.0

    @property
    def moved(self) -> bool:
        """Whether it got beyond the questions; one that crashed after a report of pain did."""
        return self.screened or bool(self.hurt)
