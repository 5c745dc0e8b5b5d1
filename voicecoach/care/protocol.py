"""What a protocol is: the questions around a session, and what their answers demand. Data, no words.

A protocol is two lists of steps, walked from the top after every answer (`care.screening`): one before
anything moves, one after a report of pain. A step asks a question or concludes with an outcome, where its
conditions hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from voicecoach.care.outcome import Outcome

Answer = Literal["yes", "no", "unanswered"] | int
"""A number is a level of pain from 0 to 10."""
Answers = Mapping[str, Answer]
"""By the question's key."""


class AnswerKind(StrEnum):
    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"
    """how to go on: said as a command"""


@dataclass(frozen=True, slots=True)
class Question:
    """How a question may be answered. Its words belong to a language."""

    kind: AnswerKind = AnswerKind.YES_NO
    unsure: Literal["yes", "no"] = "yes"
    """what "not sure" counts as: the more careful answer"""


class Symptom(StrEnum):
    """What a word of a pain report tells beyond pain."""

    DIZZINESS = "dizziness"
    NUMBNESS = "numbness"
    TINGLING = "tingling"


class Standing(StrEnum):
    """Where the user stands before a session."""

    FIRST_RUN = "first_run"
    RETURNING = "returning"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class When:
    """A condition: everything that is named here holds."""

    yes: tuple[str, ...] = ()
    """each of these questions was answered yes, or with silence, which is the worst answer"""
    no: tuple[str, ...] = ()
    """none of these was"""
    at_least: Mapping[str, int] = field(default_factory=dict)
    """each of these numbers was answered, with so much or more"""
    below: Mapping[str, int] = field(default_factory=dict)
    """each of these numbers was answered, with less"""
    standing: tuple[Standing, ...] = ()
    """the user is one of these"""
    symptoms: tuple[Symptom, ...] = ()
    """the report of pain named one of these"""
    reports: int = 0
    """so many reports of pain in this session, or more"""
    above_baseline: int | None = None
    """the pain is so much above that before the session, or more"""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a conversation: exactly one of `ask`, `outcome` and `owed`."""

    ask: str | None = None
    """the key of a question, which is asked once"""
    outcome: Outcome | None = None
    owed: bool = False
    """conclude with what the red flags demand, if they demand anything"""
    when: tuple[When, ...] = ()
    """one of these holds; none given: always"""


@dataclass(frozen=True, slots=True)
class RedFlag:
    """Answers that demand an outcome, whatever else is said."""

    outcome: Outcome
    when: tuple[When, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A line that is said after an answer; its words belong to a language."""

    key: str
    after: str
    """the question"""
    when: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class Protocol:
    id: str
    questions: Mapping[str, Question]
    red_flags: tuple[RedFlag, ...]
    """the gravest first"""
    before: tuple[Step, ...]
    """before anything moves; at its end the session begins"""
    after_pain: tuple[Step, ...]
    """after a report of pain; its last step always holds"""
    remarks: tuple[Remark, ...]
    baseline: str
    """the question for the pain before the session"""
    level: str
    """the question for the pain of a report"""
    conditions: frozenset[str]
    """what a user may have that excludes exercises"""


@dataclass(frozen=True, slots=True)
class PainReport:
    """What is known when pain is reported."""

    words: tuple[str, ...] = ()
    """every safety phrase of this report"""
    symptoms: frozenset[Symptom] = frozenset()
    baseline: int | None = None
    reports: int = 1
    """of this session, this one included"""
    exercise: str = ""
    """id of the exercise that was under way; "" before the first"""
