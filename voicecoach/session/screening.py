"""Which question follows, and what the answers mean: pure tables of SAFETY.md, no state.

Two conversations: the intake before anything moves, and the safety stop after a report of pain.
In both, silence is the worst answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach.session.commands import Outcome
from voicecoach.session.questions import RED_FLAGS, Answer

Answers = Mapping[str, Answer]
TOO_MUCH_TO_START = 6
"""A baseline from here on: no session (SAFETY.md, "Before a session")."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What is known of the user before the first question."""

    first_run: bool = True
    locked: bool = False


def _yes(answers: Answers, *keys: str) -> bool:
    """Silence counts as yes."""
    return any(answers.get(key) in ("yes", "unanswered") for key in keys)


def _unasked(answers: Answers, keys: tuple[str, ...]) -> str | None:
    return next((key for key in keys if key not in answers), None)


def flag_outcome(answers: Answers) -> Outcome | None:
    """What the red flags answered so far demand (SAFETY.md, below its list)."""
    severe = any(isinstance(a, int) and a >= TOO_MUCH_TO_START for a in answers.values())
    if _yes(answers, "flag_1", "flag_2", "flag_3b", "flag_7"):
        return Outcome.EMERGENCY
    if _yes(answers, "flag_4") and (severe or _yes(answers, "flag_6")):
        return Outcome.EMERGENCY
    return Outcome.TODAY if _yes(answers, "flag_3", "flag_4", "flag_5", "flag_6") else None


GRAVITY = (
    Outcome.EMERGENCY,
    Outcome.UNANSWERED,
    Outcome.TODAY,
    Outcome.LOCKED,
    Outcome.ENDED_BY_PAIN,
    Outcome.NOT_STARTED,
)


def gravest(*outcomes: Outcome | None) -> Outcome | None:
    """What was once told is not taken back by a milder answer later."""
    return next((outcome for outcome in GRAVITY if outcome in outcomes), None)


def told(answers: Answers) -> Outcome | None:
    """What the words of the user so far demand, however the conversation ends."""
    spoken = {key: answer for key, answer in answers.items() if answer != "unanswered"}
    return flag_outcome(spoken) or (Outcome.TODAY if _yes(spoken, "since_last") else None)


def next_intake(intake: Intake, answers: Answers) -> str | Outcome | None:
    """The key of the next question, the outcome that forbids a session, or None: begin.

    A question that nobody answers ends the intake at once; so does an emergency.
    """
    if "unanswered" in answers.values():
        return Outcome.LOCKED if intake.locked else Outcome.NOT_STARTED
    flags = flag_outcome(answers)
    if flags is Outcome.EMERGENCY:
        return flags
    if intake.locked and "released" not in answers:
        return "released"
    if intake.locked and answers["released"] == "no":
        return Outcome.LOCKED
    if intake.first_run:
        if key := _unasked(answers, ("consulted", "condition")):
            return key
        if answers["condition"] == "yes" and answers["consulted"] != "yes":
            return Outcome.NOT_STARTED
    if intake.first_run or intake.locked:
        asked = _with_follow_up(answers, RED_FLAGS)
    else:
        asked = ("since_last",)
        if _yes(answers, "since_last"):
            asked = _with_follow_up(answers, ("since_last", "flag_1", "flag_2", "flag_3"))
    if key := _unasked(answers, asked):
        return key
    if (flags or _yes(answers, "since_last")) and not _needs_severity(answers):
        return flags or Outcome.TODAY
    if key := _unasked(answers, ("baseline",)):
        return key
    if flags:
        return flags
    baseline = answers["baseline"]
    return Outcome.NOT_STARTED if isinstance(baseline, int) and baseline >= TOO_MUCH_TO_START else None


def _with_follow_up(answers: Answers, keys: tuple[str, ...]) -> tuple[str, ...]:
    """3b follows a yes to 3."""
    if not _yes(answers, "flag_3"):
        return keys
    at = keys.index("flag_3") + 1
    return (*keys[:at], "flag_3b", *keys[at:])


def _needs_severity(answers: Answers) -> bool:
    """A fall is an emergency only with severe pain: how bad must be known first."""
    return _yes(answers, "flag_4") and "baseline" not in answers


@dataclass(frozen=True, slots=True)
class Report:
    """What is known when a pain report comes in."""

    words: str = ""
    """every safety phrase of this report"""
    baseline: int | None = None
    reports: int = 1
    """of this session, this one included"""


ENDING = frozenset({Outcome.EMERGENCY, Outcome.TODAY, Outcome.ENDED_BY_PAIN, Outcome.UNANSWERED})


def next_safety(report: Report, answers: Answers) -> str | Outcome | None:
    """The next question of a safety stop, its outcome, or the offer ("over", "mild").

    None cannot happen: the flow always ends in an outcome or an offer.
    """
    if "unanswered" in answers.values():
        return Outcome.UNANSWERED
    flags = flag_outcome(answers)
    if flags is Outcome.EMERGENCY:
        return flags
    if key := _unasked(answers, _safety_questions(report, answers)):
        return key
    if flags:
        return flags
    level = answers["level"]
    assert isinstance(level, int)
    if level >= 6 or _yes(answers, "sharp", "spread") or report.reports >= 2:
        return Outcome.ENDED_BY_PAIN
    baseline = report.baseline if report.baseline is not None else 0
    return "over" if level >= 4 or level >= baseline + 2 else "mild"


def _safety_questions(report: Report, answers: Answers) -> tuple[str, ...]:
    """In their order; the words of the report and the answers decide which are asked."""
    first = ("flag_7",) if "dizzy" in report.words else ()
    asked: tuple[str, ...] = (*first, "level", "spread")
    if _yes(answers, "spread") or "numb" in report.words or "tingling" in report.words:
        asked += _with_follow_up(answers, ("flag_1", "flag_2", "flag_3"))
    level = answers.get("level")
    if isinstance(level, int) and level >= 6:
        asked += ("flag_4", "flag_6", "flag_7")
    elif not _yes(answers, "spread"):
        asked += ("sharp",)
    return asked
