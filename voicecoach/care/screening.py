"""Which question comes next, and what the answers mean: pure functions over a protocol.

In both conversations silence counts as the worst answer and ends the conversation; an emergency ends it at
once.
"""

from dataclasses import dataclass, field

from voicecoach.care.outcome import Outcome
from voicecoach.care.protocol import Answers, Kept, PainReport, Protocol, Standing, Step, When, is_yes


@dataclass(frozen=True, slots=True)
class Intake:
    """What is known about the user before the first question."""

    first_run: bool = True
    locked: bool = False
    found: frozenset[Standing] = frozenset()
    """what earlier sessions and the program add"""
    profile: Answers = field(default_factory=dict)
    """answers to questions that are asked once"""

    @property
    def standing(self) -> frozenset[Standing]:
        if not (self.first_run or self.locked):
            return self.found | {Standing.RETURNING}
        first_run = {Standing.FIRST_RUN} if self.first_run else set()
        return self.found | first_run | ({Standing.LOCKED} if self.locked else set())


@dataclass(frozen=True, slots=True)
class _Known:
    """What conditions are checked against."""

    answers: Answers
    standing: frozenset[Standing] = frozenset()
    report: PainReport = field(default_factory=PainReport)
    level: str = ""


def next_before(protocol: Protocol, intake: Intake, answers: Answers) -> str | Outcome | None:
    """The next question before a session, the outcome that rules it out, or None if it may begin."""
    if "unanswered" in answers.values():
        return Outcome.LOCKED if intake.locked else Outcome.NOT_STARTED
    return _walk(protocol, protocol.before, _Known(answers, intake.standing))


def kept_questions(protocol: Protocol, answers: Answers, aloud: bool = False) -> tuple[str, ...]:
    """The questions of the first meeting whose answers are kept, as far as these `answers` lead to them. What
    is at hand is asked last, and not `aloud`."""
    known = _Known(answers, frozenset({Standing.FIRST_RUN}))
    asked = [step.ask for step in protocol.before if step.ask and _any(step.when, known)]
    kept = [key for key in asked if protocol.questions[key].kept is not Kept.NEVER]
    return (*kept, *(() if aloud else protocol.lacks))


def next_kept(protocol: Protocol, answers: Answers, aloud: bool = False) -> str | None:
    """The first of them that is not answered; for a profile that is filled in apart from any session."""
    return next((key for key in kept_questions(protocol, answers, aloud) if key not in answers), None)


def next_after(protocol: Protocol, answers: Answers) -> str | Outcome | None:
    """The next question after a session, an outcome that the answers demand, or None. Silence skips a
    question."""
    return _walk(protocol, protocol.after, _Known(answers))


def next_after_pain(protocol: Protocol, report: PainReport, answers: Answers) -> str | Outcome:
    """The next question of a safety stop, or its outcome."""
    if "unanswered" in answers.values():
        return Outcome.UNANSWERED
    known = _Known(answers, report=report, level=protocol.level)
    # the loader refuses a protocol whose last step does not always hold, so this default is never used
    return _walk(protocol, protocol.after_pain, known) or Outcome.ENDED_BY_PAIN


def flagged(protocol: Protocol, answers: Answers) -> Outcome | None:
    """The outcome that the red flags in `answers` demand; silence counts as yes."""
    known = _Known(answers)
    return next((flag.outcome for flag in protocol.red_flags if _any(flag.when, known)), None)


def demanded(protocol: Protocol, answers: Answers) -> Outcome | None:
    """The outcome that the user's spoken answers demand, however the conversation ends."""
    return flagged(protocol, {key: answer for key, answer in answers.items() if answer != "unanswered"})


def remarks(protocol: Protocol, question: str, answers: Answers) -> tuple[str, ...]:
    """The keys of the lines to say after the answer to `question`."""
    known = _Known(answers)
    return tuple(r.key for r in protocol.remarks if r.after == question and _any(r.when, known))


def _walk(protocol: Protocol, steps: tuple[Step, ...], known: _Known) -> str | Outcome | None:
    owed = flagged(protocol, known.answers)
    if owed is Outcome.EMERGENCY:
        return owed
    for step in steps:
        if not _any(step.when, known):
            continue
        if step.ask is not None and step.ask not in known.answers:
            return step.ask
        if step.outcome is not None:
            return step.outcome
        if step.owed and owed is not None:
            return owed
    return None


def _any(conditions: tuple[When, ...], known: _Known) -> bool:
    return not conditions or any(_holds(when, known) for when in conditions)


def _holds(when: When, known: _Known) -> bool:
    answers, report = known.answers, known.report

    def yes(key: str) -> bool:
        return is_yes(answers.get(key))

    def number(key: str) -> int | None:
        answer = answers.get(key)
        return answer if isinstance(answer, int) else None

    level = number(known.level)
    return (
        all(yes(key) for key in when.yes)
        and not any(yes(key) for key in when.no)
        and all((n := number(key)) is not None and n >= most for key, most in when.at_least.items())
        and all((n := number(key)) is not None and n < most for key, most in when.below.items())
        and (not when.standing or not known.standing.isdisjoint(when.standing))
        and (not when.symptoms or not report.symptoms.isdisjoint(when.symptoms))
        and report.reports >= when.reports
        and (
            when.above_baseline is None
            or (level is not None and level - (report.baseline or 0) >= when.above_baseline)
        )
    )
