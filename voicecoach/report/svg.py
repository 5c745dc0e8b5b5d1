"""Pain before and after each session, as a drawing inside a page."""

from collections.abc import Iterator
from datetime import date, timedelta

from voicecoach.report.days import short
from voicecoach.report.plot import pains
from voicecoach.report.sheet import Sheet

_WIDTH, _HEIGHT = 380, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 20, 6, 6, 16
_BEFORE, _AFTER, _REPORT = "#6b7280", "#1f5f8b", "#b91c1c"


def drawing(sheet: Sheet) -> str:
    """In SVG; "" if there is nothing to draw."""
    if sheet.first is None or sheet.last is None or not sheet.recent:
        return ""
    parts = [*_grid(sheet.first, len(sheet.weeks)), *_series(sheet, sheet.first)]
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="Pain before and after each session">'
        f"{''.join(parts)}</svg>"
    )


def _x(days: float, weeks: int) -> str:
    return f"{_LEFT + days / (7 * weeks) * (_WIDTH - _LEFT - _RIGHT):.1f}"


def _y(level: float) -> str:
    return f"{_TOP + (10 - level) / 10 * (_HEIGHT - _TOP - _BOTTOM):.1f}"


def _grid(first: date, weeks: int) -> Iterator[str]:
    for level in (0, 2, 4, 6, 8, 10):
        y = _y(level)
        yield f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}" class="grid"/>'
        yield f'<text x="{_LEFT - 4}" y="{float(y) + 3:.1f}" text-anchor="end">{level}</text>'
    for week in range(weeks):
        monday, x = first + timedelta(weeks=week), _x(7 * week, weeks)
        yield f'<line x1="{x}" x2="{x}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" class="grid"/>'
        yield f'<text x="{x}" y="{_HEIGHT - 4}">{short(monday)}</text>'


def _series(sheet: Sheet, first: date) -> Iterator[str]:
    weeks = len(sheet.weeks)
    points: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    reports = []
    for account in sheet.recent:
        days = (account.day - first).days + (account.began.hour + account.began.minute / 60) / 24
        for series, level in zip(points, pains(account), strict=True):
            if level is not None:
                series.append((_x(days, weeks), _y(level)))
        reports += [(_x(days, weeks), _y(r.level)) for r in account.reports if r.level is not None]
    before, after = points
    yield from _line(before, _BEFORE, ' stroke-dasharray="3 2"')
    yield from _line(after, _AFTER, "")
    yield from (f'<circle cx="{x}" cy="{y}" r="2.6" fill="#fff" stroke="{_BEFORE}"/>' for x, y in before)
    yield from (f'<circle cx="{x}" cy="{y}" r="2.2" fill="{_AFTER}"/>' for x, y in after)
    for x, y in reports:
        yield f'<path d="M{x} {y}m-3 -3l6 6m0 -6l-6 6" stroke="{_REPORT}" stroke-width="1.6"/>'


def _line(points: list[tuple[str, str]], colour: str, dashes: str) -> Iterator[str]:
    if len(points) > 1:
        joined = " ".join(f"{x},{y}" for x, y in points)
        yield f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="0.8"{dashes}/>'
