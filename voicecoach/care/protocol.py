"""A protocol: the questions around a session, and what their answers demand. Its wording is in a language.

A protocol has two lists of steps: one before anything moves, one after a pain report. `care.screening` walks
a list from the top after every answer. A step whose conditions hold asks a question or concludes with an
outcome.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from voicecoach.care.outcome import Outcome

Answer = Literal["yes", "no", "unanswered"] | int
"""A number is a pain level from 0 to 10."""
Answers = Mapping[str, Answer]
"""Answers by the question's key."""


def is_yes(answer: Answer | None) -> bool:
    """Whether it was yes, or silence, which counts as the worst answer to a question about a symptom."""
    return answer in ("yes", "unanswered")


class AnswerKind(StrEnum):
    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"
    """how to continue; the answer is a command"""


class Kept(StrEnum):
    """Which answers to a question are kept, so that it is not asked again."""

    NEVER = "never"
    YES = "yes"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Question:
    """How a question can be answered. Its wording is in a language."""

    kind: AnswerKind = AnswerKind.YES_NO
    unsure: Literal["yes", "no"] = "yes"
    """what "not sure" counts as: the more careful answer"""
    kept: Kept = Kept.NEVER


class Symptom(StrEnum):
    """A symptom that a phrase reports besides pain."""

    DIZZINESS = "dizziness"
    NUMBNESS = "numbness"
    TINGLING = "tingling"


class Standing(StrEnum):
    """What earlier sessions mean for this user."""

    FIRST_RUN = "first_run"
    RETURNING = "returning"
    LOCKED = "locked"
    HURT = "hurt"
    """something hurt in the last session"""
    AGAIN = "again"
    """an exercise that hurt may be offered again"""
    STEP = "step"
    """the doses may be raised"""
    OFTEN = "often"
    """pain in too many sessions"""
    NO_BETTER = "no_better"
    """the pain has not eased"""
    GUIDED_ONLY = "guided_only"
    """the program holds exercises that need a professional's guidance"""


@dataclass(frozen=True, slots=True)
class When:
    """A condition. It holds if every field that is given holds."""

    yes: tuple[str, ...] = ()
    """each of these questions was answered yes, or with silence, which counts as the worst answer"""
    no: tuple[str, ...] = ()
    """none of these questions was answered yes or with silence"""
    at_least: Mapping[str, int] = field(default_factory=dict)
    """each of these questions was answered with this number or more"""
    below: Mapping[str, int] = field(default_factory=dict)
    """each of these questions was answered with less than this number"""
    standing: tuple[Standing, ...] = ()
    """the user has one of these standings"""
    symptoms: tuple[Symptom, ...] = ()
    """the pain report named one of these symptoms"""
    reports: int = 0
    """there were at least this many pain reports in this session"""
    above_baseline: int | None = None
    """the pain is at least this much above the pain before the session"""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a conversation. It has exactly one of `ask`, `outcome` and `owed`."""

    ask: str | None = None
    """the key of a question, which is asked once"""
    outcome: Outcome | None = None
    """conclude with this outcome"""
    owed: bool = False
    """conclude with the outcome that the red flags demand, if they demand one"""
    when: tuple[When, ...] = ()
    """the step applies if one of these holds, or if there are none"""


@dataclass(frozen=True, slots=True)
class RedFlag:
    """Answers that demand an outcome, whatever else the user says."""

    outcome: Outcome
    when: tuple[When, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A line the coach says after an answer. Its wording is in a language."""

    key: str
    after: str
    """the key of the question"""
    when: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class MemoryQuestions:
    """Keys of the questions that the rules of `care.memory` look at; "" if a protocol does not ask."""

    baseline: str = ""
    afterwards: str = ""
    """the pain after a session, 0 to 10"""
    morning_after: str = ""
    """whether it was worse the morning after"""
    again: str = ""
    """whether to try an exercise again that hurt"""
    step: str = ""
    """whether to do a little more"""
    acknowledged: str = ""
    """that pain came too often, and who should see it"""
    acknowledged_no_better: str = ""
    """that it did not ease, and who should see it"""
    further_down: str = ""
    """in a safety stop: whether the pain went further down the leg"""
    floor: str = ""
    """whether the user can get down to the floor and up again"""
    guided: str = ""
    """whether a professional guides what needs one"""


@dataclass(frozen=True, slots=True)
class Programs:
    """Ids of the programs that are played if the user names none; "" if the protocol does not say."""

    first: str = ""
    """for the first sessions"""
    usual: str = ""
    upright: str = ""
    """for whoever cannot get to the floor"""


@dataclass(frozen=True, slots=True)
class Protocol:
    id: str
    questions: Mapping[str, Question]
    red_flags: tuple[RedFlag, ...]
    """the gravest first"""
    before: tuple[Step, ...]
    """the steps before anything moves; the session begins when none of them is left"""
    after_pain: tuple[Step, ...]
    """the steps after a pain report; the last one always holds"""
    remarks: tuple[Remark, ...]
    baseline: str
    """key of the question about the pain before the session"""
    level: str
    """key of the question about the pain in a report"""
    conditions: frozenset[str]
    """conditions of a user that can exclude exercises"""
    memory: MemoryQuestions = field(default_factory=MemoryQuestions)
    after: tuple[Step, ...] = ()
    """the steps after the last movement; silence skips a question"""
    means: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """the conditions of whoever answers yes to a question"""
    lacks: Mapping[str, str] = field(default_factory=dict)
    """the equipment that is missing for whoever answers no to a question"""
    programs: Programs = field(default_factory=Programs)
    directions: frozenset[str] = frozenset()
    """the movements that are a direction"""

    def keeps(self, key: str, answer: Answer) -> bool:
        """Whether this answer stays, and its question is not asked again."""
        kept = self.questions[key].kept if key in self.questions else Kept.NEVER
        return answer != "unanswered" and (kept is Kept.ALWAYS or (kept is Kept.YES and answer == "yes"))

    def conditions_in(self, answers: Answers) -> frozenset[str]:
        """The conditions of a user with these answers; silence counts as yes."""
        yes = (key for key in self.means if is_yes(answers.get(key)))
        return frozenset(condition for key in yes for condition in self.means[key])

    def missing_in(self, answers: Answers) -> frozenset[str]:
        """The equipment that a user with these answers does not have."""
        return frozenset(thing for key, thing in self.lacks.items() if answers.get(key) == "no")


@dataclass(frozen=True, slots=True)
class PainReport:
    """What is known when pain is reported."""

    words: tuple[str, ...] = ()
    """every safety phrase the user said in this report"""
    symptoms: frozenset[Symptom] = frozenset()
    baseline: int | None = None
    reports: int = 1
    """reports in this session, including this one"""
    exercise: str = ""
    """id of the current exercise; "" before the first"""
