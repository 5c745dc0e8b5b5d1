"""Loads a protocol from PACK/protocol.toml and conditions.toml; everything it names must exist."""

from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from voicecoach.care.outcome import ADVISED, Outcome
from voicecoach.care.protocol import (
    AnswerKind,
    MemoryQuestions,
    Programs,
    Protocol,
    Question,
    RedFlag,
    Remark,
    Step,
    When,
)
from voicecoach.session.questions import OFFERS, OWN_QUESTIONS
from voicecoach.tables import read, refused


@dataclass(frozen=True, slots=True)
class _ProtocolFile:
    baseline: str
    level: str
    questions: Mapping[str, Question]
    red_flags: tuple[RedFlag, ...]
    before: tuple[Step, ...]
    after_pain: tuple[Step, ...]
    remarks: tuple[Remark, ...] = ()
    after: tuple[Step, ...] = ()
    memory: MemoryQuestions = field(default_factory=MemoryQuestions)
    means: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacks: Mapping[str, str] = field(default_factory=dict)
    programs: Programs = field(default_factory=Programs)
    directions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _ConditionsFile:
    conditions: frozenset[str]


_ANSWERED = frozenset({"yes", "no", "at_least", "below"})
_BEFORE = _ANSWERED | {"standing"}
_AFTER_PAIN = _ANSWERED | {"symptoms", "reports", "above_baseline"}
"""Which conditions can hold before a session, and which after a report of pain."""


def load_protocol(folder: Path) -> Protocol:
    """The protocol of the care pack in `folder`. Raises InputError, naming file and key.

    A rule that names an unknown question, or that can never hold, is refused: it would look like a safeguard.
    """
    path = folder / "protocol.toml"
    file = read(path, _ProtocolFile)
    for key, question in file.questions.items():
        if key in OWN_QUESTIONS:
            raise refused(
                path, f"questions.{key}", "is one of the engine's own questions; choose another name"
            )
        if question.kind is AnswerKind.CHOICE:
            raise refused(path, f"questions.{key}.kind", "is 'choice'; only the engine's own questions are")
    for name, key in (("baseline", file.baseline), ("level", file.level)):
        if key not in file.questions or file.questions[key].kind is not AnswerKind.NUMBER:
            raise refused(path, name, f"{key!r} is not a question answered with a number")
    before = _check_steps(path, "before", file.before, {*file.questions}, _BEFORE)
    after_pain = _check_steps(path, "after_pain", file.after_pain, {*file.questions, *OFFERS}, _AFTER_PAIN)
    if not file.after_pain or file.after_pain[-1].when or file.after_pain[-1].owed:
        raise refused(path, "after_pain", "its last step must always hold, so that every report ends")
    _check_steps(path, "after", file.after, {*file.questions}, _ANSWERED)
    for key in asdict(file.memory).values():
        if key:
            _check_question(path, "memory", key, {*file.questions})
    for i, flag in enumerate(file.red_flags):
        _check_outcome(path, f"red_flags[{i}].outcome", flag.outcome)
        _check_when(path, f"red_flags[{i}]", flag.when, before | after_pain, _ANSWERED)
    for i, remark in enumerate(file.remarks):
        _check_question(path, f"remarks[{i}].after", remark.after, before)
        _check_when(path, f"remarks[{i}]", remark.when, before, _ANSWERED)
    conditions = read(folder / "conditions.toml", _ConditionsFile).conditions
    for name, keys in (("means", file.means), ("lacks", file.lacks)):
        for key in keys:
            _check_question(path, name, key, {*file.questions})
    for key, meant in file.means.items():
        if unknown := set(meant) - conditions:
            raise refused(path, f"means.{key}", f"{sorted(unknown)[0]!r} is not in conditions.toml")
    return Protocol(
        id=folder.name,
        questions=file.questions,
        red_flags=file.red_flags,
        before=file.before,
        after_pain=file.after_pain,
        remarks=file.remarks,
        baseline=file.baseline,
        level=file.level,
        conditions=conditions,
        memory=file.memory,
        after=file.after,
        means=file.means,
        lacks=file.lacks,
        programs=file.programs,
        directions=file.directions,
    )


def _check_steps(
    path: Path, name: str, steps: tuple[Step, ...], questions: Set[str], conditions: Set[str]
) -> set[str]:
    """The questions that a list of steps asks."""
    asked = {step.ask for step in steps if step.ask is not None}
    for i, step in enumerate(steps):
        key = f"{name}[{i}]"
        if (step.ask is not None) + (step.outcome is not None) + step.owed != 1:
            raise refused(path, key, "must have exactly one of ask, outcome and owed = true")
        if step.ask is not None:
            _check_question(path, f"{key}.ask", step.ask, questions)
        if step.outcome is not None:
            _check_outcome(path, f"{key}.outcome", step.outcome)
        _check_when(path, key, step.when, asked, conditions)
    return asked


def _check_outcome(path: Path, key: str, outcome: Outcome) -> None:
    if outcome not in ADVISED:
        raise refused(path, key, f"is {outcome.value!r}, but must be one of {', '.join(ADVISED)}")


def _check_when(
    path: Path, key: str, alternatives: tuple[When, ...], asked: Set[str], conditions: Set[str]
) -> None:
    for i, when in enumerate(alternatives):
        for each in fields(When):
            if each.name not in conditions and getattr(when, each.name) != getattr(When(), each.name):
                raise refused(path, f"{key}.when[{i}].{each.name}", "can never hold here")
        for question in (*when.yes, *when.no, *when.at_least, *when.below):
            _check_question(path, f"{key}.when[{i}]", question, asked)


def _check_question(path: Path, key: str, question: str, known: Set[str]) -> None:
    if question not in known:
        names = ", ".join(sorted(known))
        raise refused(path, key, f"there is no question {question!r} here; the questions are {names}")
