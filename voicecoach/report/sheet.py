"""What stands on the sheet for a health professional, as values: what the user told, and what was played.

Everything comes from the journal, and its last day is an argument: the same journal gives the same sheet.
Long lists are cut to their newest entries and the rest is counted, so that it stays one sheet.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from voicecoach.care import Limits, Program, Protocol, is_yes, program_for, remembered
from voicecoach.language import Language
from voicecoach.library import Library
from voicecoach.report.planned import Planned, planned
from voicecoach.report.weeks import Week, monday_of, weeks
from voicecoach.storage import EFFORT, Account, KeptAnswer, Record
from voicecoach.tables import InputError

WEEKS = 8
"""so many are on the sheet; older ones are one line"""
MOST_REPORTS, MOST_FLAGS, MOST_DATES, MOST_ANSWERS = 8, 12, 12, 10
_EPOCH = date(1970, 1, 1)
_CONSULTED = ("consulted", "cleared")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is asked once, and its answer."""

    question: str
    answer: str
    told: date


@dataclass(frozen=True, slots=True)
class Profile:
    conditions: tuple[tuple[str, date], ...] = ()
    settings: tuple[str, ...] = ()
    """conditions that the user has set"""
    professional: tuple[Asked, ...] = ()
    """whether one was asked, and has agreed"""
    others: tuple[Asked, ...] = ()
    more: int = 0
    """answers that are not listed"""


@dataclass(frozen=True, slots=True)
class PainLine:
    """A report of pain."""

    day: date
    exercise: str
    """its name; "" before the first"""
    level: int | None
    spread: str
    outward: str
    outcome: str
    """of the session"""


@dataclass(frozen=True, slots=True)
class Flag:
    """A question about a red flag that was answered yes, or with silence."""

    question: str
    days: tuple[tuple[date, str, bool], ...]
    """when, how the session ended, and whether it was a yes: those first, and the newest first"""
    more: int = 0
    first: date | None = None
    """when the oldest of the others was"""


@dataclass(frozen=True, slots=True)
class Older:
    """What was before the weeks of the sheet."""

    before: date
    sessions: int
    weeks: int
    """in which there was one"""
    minutes: int
    painful: int
    """sessions with a report of pain"""
    highest: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    first: date | None = None
    """of the weeks on the sheet"""
    last: date | None = None
    profile: Profile = field(default_factory=Profile)
    plan: Planned | None = None
    weeks: tuple[Week, ...] = ()
    recent: tuple[Account, ...] = ()
    """the sessions of these weeks, the oldest first"""
    outcomes: tuple[tuple[str, int], ...] = ()
    reports: tuple[PainLine, ...] = ()
    """the newest first"""
    more_reports: int = 0
    flags: tuple[Flag, ...] = ()
    more_flags: int = 0
    sessions: int = 0
    """in all the time"""
    locked: tuple[date, str] | None = None
    """since when, and by which outcome, the coach stays locked"""
    older: Older | None = None

    @property
    def moved(self) -> tuple[Account, ...]:
        return tuple(a for a in self.recent if a.past.screened)

    @property
    def painful(self) -> tuple[Account, ...]:
        return tuple(a for a in self.recent if a.reports)

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(r.level for a in self.recent for r in a.reports if r.level is not None)

    @property
    def baselines(self) -> tuple[int, ...]:
        return tuple(a.row.pain_before for a in self.recent if a.row.pain_before is not None)

    @property
    def efforts(self) -> tuple[int, ...]:
        return tuple(e for a in self.recent if (e := a.number(EFFORT)) is not None)


def sheet(
    record: Record,
    library: Library,
    usual_program: str | None,
    conditions: Sequence[str] = (),
    until: date | None = None,
) -> Sheet:
    """`usual_program`, `conditions`: those of the settings, if any. `until`: the last day; None: that of the
    last session."""
    known = record.until(until)
    last = until or (known.accounts[-1].day if known.accounts else None)
    protocol, language = library.protocol, library.language
    profile = _profile(known.profile, protocol, language, conditions)
    if last is None or not known.accounts:
        return Sheet(last=last, profile=profile)
    shown = weeks(known.accounts, last, WEEKS)
    first = shown[0].monday
    recent = tuple(a for a in known.accounts if a.day >= first)
    pains = [line for a in reversed(recent) for line in _pains(a, library)]
    flags = _flags(known.accounts, protocol, language)
    today = (last - _EPOCH).days + 1.0
    memory = remembered(known.past, today, protocol.memory)
    usual = usual_program or program_for(protocol, known.past, known.answers)
    program = _program(known.accounts, library, usual)
    limits = Limits(frozenset(conditions))
    return Sheet(
        first=first,
        last=last,
        profile=profile,
        plan=planned(program, library, limits, memory, known.answers, known.accounts) if program else None,
        weeks=shown,
        recent=recent,
        outcomes=tuple(Counter(a.row.outcome for a in recent).most_common()),
        reports=tuple(pains[:MOST_REPORTS]),
        more_reports=len(pains[MOST_REPORTS:]),
        flags=tuple(flags[:MOST_FLAGS]),
        more_flags=len(flags[MOST_FLAGS:]),
        sessions=len(known.accounts),
        locked=_locked(known),
        older=_older(known.accounts, first),
    )


def _profile(
    kept: Mapping[str, KeptAnswer], protocol: Protocol, language: Language, conditions: Sequence[str]
) -> Profile:
    told = {q: date.fromisoformat(k.told[:10]) for q, k in kept.items()}
    has = tuple(
        (" or ".join(map(_plain, protocol.means[q])), told[q]) for q in protocol.means if _yes(kept.get(q))
    )
    lines = {q: text for q in kept if (text := _question(language, q)) and "{" not in text}
    asked = {q: Asked(text, str(kept[q].answer), told[q]) for q, text in lines.items()}
    order = [q for q in protocol.questions if q in asked and q not in _CONSULTED]
    others = [asked[q] for q in order if not (q in protocol.means and _yes(kept[q]))]
    return Profile(
        has,
        tuple(_plain(c) for c in conditions),
        tuple(asked[q] for q in _CONSULTED if q in asked),
        tuple(others[:MOST_ANSWERS]),
        len(others[MOST_ANSWERS:]),
    )


def _yes(kept: KeptAnswer | None) -> bool:
    return kept is not None and kept.answer == "yes"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _question(language: Language, key: str) -> str:
    """Its last sentence; the ones before it lead up to it."""
    return (language.care.questions.get(key) or ("",))[-1]


def _program(accounts: Sequence[Account], library: Library, usual: str) -> Program | None:
    """The one of the last session that still can be loaded, or the usual one."""
    played = [a.row.program for a in reversed(accounts) if a.past.screened]
    for name in dict.fromkeys([*played, usual]):
        if name in library.program_ids:
            try:
                return library.program(name)
            except InputError:
                continue
    return None


def _pains(account: Account, library: Library) -> list[PainLine]:
    """The reports of a session, the newest first."""

    def name(exercise: str) -> str:
        found = library.exercises.get(exercise)
        return found.name if found else _plain(exercise)

    return [
        PainLine(
            account.day,
            name(report.exercise),
            report.level,
            _told(report.spread),
            _told(report.outward),
            account.row.outcome,
        )
        for report in reversed(account.reports)
    ]


def _told(answer: object) -> str:
    return "not asked" if answer is None else "no answer" if answer == "unanswered" else str(answer)


def _flags(accounts: Sequence[Account], protocol: Protocol, language: Language) -> list[Flag]:
    """The gravest first."""
    keys = dict.fromkeys(q for flag in protocol.red_flags for when in flag.when for q in when.yes)
    found = {key: days for key in keys if (days := _flagged(key, accounts))}
    dates = max(1, MOST_DATES // max(1, len(found)))
    return [
        Flag(
            _question(language, key) or _plain(key),
            tuple(days[:dates]),
            len(days[dates:]),
            days[-1][0] if days[dates:] else None,
        )
        for key, days in found.items()
    ]


def _flagged(key: str, accounts: Sequence[Account]) -> list[tuple[date, str, bool]]:
    """When it was answered yes, and then when it was not answered; the newest first."""
    told = {
        (a.day, a.row.outcome, answer == "yes"): None
        for a in reversed(accounts)
        for question, answer in a.given
        if question == key and is_yes(answer)
    }
    return sorted(told, key=lambda each: each[2], reverse=True)


def _locked(known: Record) -> tuple[date, str] | None:
    row = known.locking
    return (date.fromisoformat(row.began[:10]), row.outcome) if row else None


def _older(accounts: Sequence[Account], first: date) -> Older | None:
    old = [a for a in accounts if a.day < first]
    moved = [a for a in old if a.past.screened]
    if not old:
        return None
    levels = [r.level for a in old for r in a.reports if r.level is not None]
    return Older(
        before=first - timedelta(days=1),
        sessions=len(moved),
        weeks=len({monday_of(a.day) for a in moved}),
        minutes=round(sum(a.minutes for a in moved)),
        painful=sum(bool(a.reports) for a in old),
        highest=max(levels, default=None),
    )
