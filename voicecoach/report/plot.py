"""How it went, as a picture: pain before and after each session, and minutes a week."""

import io
from collections.abc import Iterator, Sequence

from voicecoach.report.table import many
from voicecoach.report.weeks import Week, weeks
from voicecoach.storage import AFTERWARDS, Account

MOST_SESSIONS, MOST_WEEKS = 60, 12
"""in the terminal, if not asked for more: one column a session, one line a week"""
_BAR = 40
"""columns of the longest bar"""
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_MARKS = {"before": "○", "after": "●", "both": "◉", "bar": "█"}
_PLAIN = {"before": "o", "after": "x", "both": "*", "bar": "#"}
"""for a terminal that shows ASCII alone"""
MARKS_USED = _EIGHTHS + "".join(_MARKS.values())
"""what a terminal has to be able to show"""
NOTHING = "No session yet, so there is nothing to plot."


def pains(account: Account) -> tuple[int | None, int | None]:
    """Pain before and after a session."""
    return account.row.pain_before, account.number(AFTERWARDS)


def as_text(accounts: Sequence[Account], most: int = MOST_SESSIONS, unicode: bool = True) -> Iterator[str]:
    """The lines of a picture for a terminal. `accounts`: the oldest first; `most`: columns."""
    if not accounts:
        yield NOTHING
        return
    marks = _MARKS if unicode else _PLAIN
    told = [a for a in accounts if pains(a) != (None, None)][-most:]
    if told:
        before, after, both = (marks[name] for name in ("before", "after", "both"))
        yield f"Pain, 0 to 10: {before} before, {after} after, {both} both the same"
        yield from _pain(told, marks)
        yield ""
    yield "Minutes a week"
    yield from _bars(weeks(accounts, accounts[-1].day, MOST_WEEKS), unicode)


def _pain(accounts: Sequence[Account], marks: dict[str, str]) -> Iterator[str]:
    levels = [pains(a) for a in accounts]
    for level in range(10, -1, -1):
        cells = (_mark(before == level, after == level, marks) for before, after in levels)
        yield f"{level:>3} |{''.join(cells)}".rstrip()
    first, last = accounts[0].day.isoformat(), accounts[-1].day.isoformat()
    yield f"    +{'-' * len(accounts)}"
    yield f"     {first}" if len(accounts) == 1 else f"     {first} to {last}, one column a session"


def _mark(before: bool, after: bool, marks: dict[str, str]) -> str:
    name = "both" if before and after else "before" if before else "after" if after else ""
    return marks.get(name, " ")


def _bars(shown: Sequence[Week], unicode: bool) -> Iterator[str]:
    longest = max((week.minutes for week in shown), default=0) or 1
    for week in shown:
        eighths = round(week.minutes / longest * _BAR * 8)
        if unicode:
            bar = _EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
        else:
            bar = _PLAIN["bar"] * round(eighths / 8)
        yield f"{week.monday.isoformat()}  {bar.ljust(_BAR)} {counted(week)}"


def counted(week: Week) -> str:
    return f"{week.minutes:>3} min, {many(week.sessions, 'session')}"


def as_png(accounts: Sequence[Account]) -> bytes:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), dpi=100, layout="constrained")
    pain, minutes = figure.subplots(2, 1)
    days = [a.began for a in accounts]
    for i, (name, style) in enumerate((("before", "o--"), ("after", "o-"))):
        told = [(day, p) for day, a in zip(days, accounts, strict=True) if (p := pains(a)[i]) is not None]
        if told:
            pain.plot(
                [day for day, _ in told],
                [p for _, p in told],
                style,
                label=name,
                color="#777777" if i == 0 else "#1f5f8b",
                fillstyle="none" if i == 0 else "full",
            )
    pain.set(ylim=(-0.4, 10.4), ylabel="pain, 0 to 10", title="Pain before and after each session")
    if pain.lines:
        pain.legend(frameon=False)
    shown = weeks(accounts, accounts[-1].day, 10_000) if accounts else ()
    minutes.bar([w.monday for w in shown], [w.minutes for w in shown], width=6, align="edge", color="#2b7a3d")
    minutes.set(ylabel="minutes", title="Minutes a week")
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()
