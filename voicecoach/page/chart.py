"""Two drawings of how it went, as geometry: the template draws them, and the style sheet colours them."""

from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.report import plot
from voicecoach.report.days import short
from voicecoach.report.weeks import weeks
from voicecoach.storage import Account

WIDTH, HEIGHT = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 34, 12, 12, 30
MOST_SESSIONS, MOST_WEEKS = 40, 12
_LABELS = 8
"""beside one another, at most"""


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Pains:
    """Before and after each of the last sessions, the oldest first."""

    before: tuple[Point, ...]
    after: tuple[Point, ...]
    levels: tuple[tuple[int, float], ...]
    """the lines of the grid: level and y"""
    labels: tuple[Label, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    minutes: int
    label: str
    """"" where there is no room for one"""


@dataclass(frozen=True, slots=True)
class Bars:
    """Minutes in each of the last weeks."""

    bars: tuple[Bar, ...]
    summary: str


def pains(accounts: Sequence[Account]) -> Pains | None:
    """None if no pain was ever told. `accounts`: the oldest first."""
    told = [a for a in accounts if plot.pains(a) != (None, None)][-MOST_SESSIONS:]
    if not told:
        return None
    step = (WIDTH - LEFT - RIGHT) / len(told)
    xs = [round(LEFT + step * (i + 0.5), 1) for i in range(len(told))]

    def points(i: int, when: str) -> tuple[Point, ...]:
        levels = ((x, a, plot.pains(a)[i]) for x, a in zip(xs, told, strict=True))
        return tuple(Point(x, _y(p), f"{short(a.day)}: {when} {p}") for x, a, p in levels if p is not None)

    every = -(-len(told) // _LABELS)
    labels = tuple(Label(xs[i], short(told[i].day)) for i in range(0, len(told), every))
    before = [p for a in told if (p := plot.pains(a)[0]) is not None]
    trend = f" Before the first of them it was {before[0]}, before the last {before[-1]}." if before else ""
    return Pains(
        points(0, "before"),
        points(1, "after"),
        levels=tuple((level, _y(level)) for level in (0, 2, 4, 6, 8, 10)),
        labels=labels,
        summary=f"Pain, zero to ten, in the last {len(told)} sessions.{trend}",
    )


def _y(level: int) -> float:
    return round(TOP + (10 - level) / 10 * (HEIGHT - TOP - BOTTOM), 1)


def bars(accounts: Sequence[Account]) -> Bars | None:
    """None without a session."""
    if not accounts:
        return None
    shown = weeks(accounts, accounts[-1].day, MOST_WEEKS)
    longest = max((week.minutes for week in shown), default=0) or 1
    step = (WIDTH - LEFT - RIGHT) / max(len(shown), 6)
    room = HEIGHT - TOP - BOTTOM - 16  # for the figure above the longest
    found = []
    for i, week in enumerate(shown):
        height = round(week.minutes / longest * room, 1)
        x, y = round(LEFT + step * i, 1), round(HEIGHT - BOTTOM - height, 1)
        label = short(week.monday) if len(shown) <= _LABELS or i % 2 == 0 else ""
        found.append(Bar(x, y, round(step * 0.7, 1), height, week.minutes, label))
    usual = round(sum(week.minutes for week in shown) / len(shown))
    return Bars(tuple(found), f"Minutes in each of the last {len(shown)} weeks: {usual} on average.")
