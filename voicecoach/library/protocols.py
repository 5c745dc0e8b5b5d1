"""Loads a protocol from PACK/protocol.toml and conditions.toml; everything it names must exist."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from voicecoach.care.outcome import ADVISED, Outcome
from voicecoach.care.protocol import AnswerKind, Protocol, Question, RedFlag, Remark, Step, When
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


@dataclass(frozen=True, slots=True)
class _ConditionsFile:
    conditions: frozenset[str]


def load_protocol(folder: Path) -> Protocol:
    """The protocol of the care pack in `folder`. Raises InputError, naming file and key."""
    path = folder / "protocol.toml"
    file = read(path, _ProtocolFile)
    for key in OWN_QUESTIONS.keys() & file.questions.keys():
        raise refused(path, f"questions.{key}", "is one of the engine's own questions; choose another name")
    for name, key in (("baseline", file.baseline), ("level", file.level)):
        if key not in file.questions or file.questions[key].kind is not AnswerKind.NUMBER:
            raise refused(path, name, f"{key!r} is not a question answered with a number")
    for name, steps in (("before", file.before), ("after_pain", file.after_pain)):
        for i, step in enumerate(steps):
            _check_step(path, f"{name}[{i}]", step, file, offers=name == "after_pain")
    if not file.after_pain or file.after_pain[-1].when or file.after_pain[-1].owed:
        raise refused(path, "after_pain", "its last step must always hold, so that every report ends")
    for i, flag in enumerate(file.red_flags):
        _check_outcome(path, f"red_flags[{i}].outcome", flag.outcome)
        _check_when(path, f"red_flags[{i}]", flag.when, file)
    for i, remark in enumerate(file.remarks):
        _check_keys(path, f"remarks[{i}].after", (remark.after,), file)
        _check_when(path, f"remarks[{i}]", remark.when, file)
    conditions = read(folder / "conditions.toml", _ConditionsFile).conditions
    return Protocol(
        folder.name,
        file.questions,
        file.red_flags,
        file.before,
        file.after_pain,
        file.remarks,
        file.baseline,
        file.level,
        conditions,
    )


def _check_step(path: Path, key: str, step: Step, file: _ProtocolFile, offers: bool) -> None:
    if (step.ask is not None) + (step.outcome is not None) + step.owed != 1:
        raise refused(path, key, "must have exactly one of ask, outcome and owed = true")
    if step.ask is not None and not (offers and step.ask in OFFERS):
        _check_keys(path, f"{key}.ask", (step.ask,), file)
    if step.outcome is not None:
        _check_outcome(path, f"{key}.outcome", step.outcome)
    _check_when(path, key, step.when, file)


def _check_outcome(path: Path, key: str, outcome: Outcome) -> None:
    if outcome not in ADVISED:
        raise refused(path, key, f"is {outcome.value!r}, but must be one of {', '.join(ADVISED)}")


def _check_when(path: Path, key: str, conditions: tuple[When, ...], file: _ProtocolFile) -> None:
    for i, when in enumerate(conditions):
        _check_keys(path, f"{key}.when[{i}]", (*when.yes, *when.no, *when.at_least, *when.below), file)


def _check_keys(path: Path, key: str, questions: tuple[str, ...], file: _ProtocolFile) -> None:
    for question in _unknown(questions, file):
        known = ", ".join(file.questions)
        raise refused(path, key, f"there is no question {question!r}; the questions are {known}")


def _unknown(questions: tuple[str, ...], file: _ProtocolFile) -> Iterator[str]:
    return (question for question in questions if question not in file.questions)
