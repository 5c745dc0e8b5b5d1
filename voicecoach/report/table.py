"""Sessions as a table for people, and as JSON and CSV for programs."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from voicecoach.storage import AFTERWARDS, EFFORT, Account


@dataclass(frozen=True, slots=True)
class PainEntry:
    exercise: str
    """id; "" before the first exercise"""
    level: int | None
    spread: str | None
    """into the leg: yes, no, unanswered; None if it was not asked"""
    outward: str | None
    """further down the leg, by this exercise"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A session. The fields are the keys of the JSON and the columns of the CSV: programs rely on them."""

    began: str
    """local time, ISO 8601"""
    program: str
    minutes: float
    outcome: str
    screened: bool
    """the questions before it were answered well: something moved"""
    exercises_done: int | None
    exercises_planned: int | None
    done: tuple[str, ...]
    """ids"""
    pain_before: int | None
    """0 to 10"""
    pain_after: int | None
    effort: int | None
    skipped: tuple[str, ...]
    """which of `pain_after` and `effort` were asked and not answered"""
    pain: tuple[PainEntry, ...]
    """the reports of pain"""


def entry(account: Account) -> Entry:
    row, counts = account.row, account.row.done.split("/")
    done, planned = map(int, counts) if len(counts) == 2 and all(map(str.isdecimal, counts)) else (None, None)
    asked = {"pain_after": AFTERWARDS, "effort": EFFORT}
    return Entry(
        began=row.began,
        program=row.program,
        minutes=round(account.minutes, 1),
        outcome=row.outcome,
        screened=row.screened,
        exercises_done=done,
        exercises_planned=planned,
        done=account.past.done,
        pain_before=row.pain_before,
        pain_after=account.number(AFTERWARDS),
        effort=account.number(EFFORT),
        skipped=tuple(name for name, question in asked.items() if account.skipped(question)),
        pain=tuple(
            PainEntry(r.exercise, r.level, _text(r.spread), _text(r.outward)) for r in account.reports
        ),
    )


def _text(answer: object) -> str | None:
    return None if answer is None else str(answer)


def as_json(accounts: Sequence[Account]) -> str:
    return json.dumps([asdict(entry(a)) for a in accounts], ensure_ascii=False, indent=2) + "\n"


def as_csv(accounts: Sequence[Account]) -> str:
    """RFC 4180, with a header. Lists are separated by semicolons; a report is exercise=level, where -
    means before an exercise, and ? that no level was told."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    names = [field.name for field in fields(Entry)]
    table.writerow(names)
    for account in accounts:
        one = entry(account)
        table.writerow([_cell(getattr(one, name)) for name in names])
    return text.getvalue()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ";".join(map(_item, value))
    return str(value)


def _item(value: object) -> str:
    if not isinstance(value, PainEntry):
        return str(value)
    return f"{value.exercise or '-'}={'?' if value.level is None else value.level}"


HEADINGS = ("date", "program", "minutes", "outcome", "done", "pain", "effort", "reports of pain")


def as_text(accounts: Sequence[Account]) -> list[str]:
    """The lines of a table, with a heading."""
    rows = [HEADINGS, *(_row(a) for a in accounts)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    return ["  ".join(_aligned(i, cell, widths[i]) for i, cell in enumerate(row)).rstrip() for row in rows]


def _aligned(column: int, cell: str, width: int) -> str:
    return cell.rjust(width) if HEADINGS[column] in ("minutes", "effort") else cell.ljust(width)


def _row(account: Account) -> tuple[str, ...]:
    one = entry(account)
    before = "" if one.pain_before is None else str(one.pain_before)
    after = _after(one.pain_after, "pain_after" in one.skipped)
    effort = _after(one.effort, "effort" in one.skipped)
    return (
        one.began[:16].replace("T", " "),
        one.program,
        f"{one.minutes:.1f}",
        one.outcome,
        account.row.done,
        f"{before or '?'} -> {after}" if after else before,
        effort,
        ", ".join(_told(report) for report in one.pain),
    )


def _after(number: int | None, skipped: bool) -> str:
    return "skipped" if skipped else "" if number is None else str(number)


def _told(report: PainEntry) -> str:
    level = "?" if report.level is None else report.level
    leg = " into the leg" if report.spread == "yes" else ""
    return f"{report.exercise or 'before an exercise'} {level}{leg}"


def many(n: int, what: str) -> str:
    """ "1 session", "2 sessions"."""
    return f"{n} {what}{'' if n == 1 else 's'}"
