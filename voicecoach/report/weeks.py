"""Sessions and minutes a week. A week without a session is a week of 0, and nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from voicecoach.storage import Account


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    sessions: int
    """in which something moved"""
    minutes: int
    """of those sessions, their questions included"""


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks(accounts: Sequence[Account], last: date, most: int) -> tuple[Week, ...]:
    """The weeks from the first session on, the oldest first, up to the one of `last`; `most` of them."""
    days = [a.day for a in accounts if a.day <= last]
    if not days:
        return ()
    end = monday_of(last)
    count = min(most, (end - monday_of(min(days))).days // 7 + 1)
    return tuple(_week(accounts, end - timedelta(weeks=i)) for i in reversed(range(count)))


def _week(accounts: Sequence[Account], monday: date) -> Week:
    moved = [a for a in accounts if a.past.screened and monday_of(a.day) == monday]
    return Week(monday, len(moved), round(sum(a.minutes for a in moved)))
