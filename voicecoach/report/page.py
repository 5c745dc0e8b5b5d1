"""The sheet as one page of HTML: nothing is fetched, nothing runs, and everything that was told is escaped.

It says what the user told and what was played. It holds no finding, and none of the user's own words.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from statistics import median

from voicecoach.report.days import short, spelled
from voicecoach.report.planned import Planned
from voicecoach.report.sheet import WEEKS, Asked, Flag, PainLine, Profile, Sheet
from voicecoach.report.style import STYLE
from voicecoach.report.svg import drawing
from voicecoach.report.table import many

LONGEST = 70
"""letters of a name: a longer one is cut, so that the page stays one page"""
MOST_LINES = 20
"""With more of them the letters are smaller."""
NOTICE = (
    "No clinician has reviewed this program. This sheet repeats what the user told a computer program, "
    "voicecoach, and what it played. It is not a finding, and nothing on it was examined or measured."
)


def page(sheet: Sheet) -> str:
    """The whole document. The same sheet gives the same text."""
    body = _full(sheet) if sheet.recent else _empty(sheet)
    dense = ' class="dense"' if _lines(sheet) > MOST_LINES else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>Back exercises at home</title>\n<style>\n{STYLE}</style>\n</head>\n<body{dense}>\n<main>\n"
        f"{''.join(f'{part}{chr(10)}' for part in body)}</main>\n</body>\n</html>\n"
    )


def _lines(sheet: Sheet) -> int:
    changes = len(sheet.plan.changed) + len(sheet.plan.left_out) if sheet.plan else 0
    told = len(sheet.profile.conditions) + len(sheet.profile.others)
    return 2 * len(sheet.flags) + len(sheet.reports) + changes + told // 2


def _t(text: object) -> str:
    """Text of the journal, of a pack or of the settings."""
    words = str(text)
    return escape(words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…")


def _head(period: str) -> Iterator[str]:
    yield f"<header><h1>Back exercises at home</h1><p>{period}</p></header>"
    yield '<p class="name">Name <span></span> Date of birth <span></span></p>'
    yield f'<p class="notice">{NOTICE}</p>'


def _empty(sheet: Sheet) -> Iterator[str]:
    yield from _head("no session yet" if sheet.last is None else f"no session until {spelled(sheet.last)}")
    yield _section("What the user told", _profile(sheet.profile))


def _full(sheet: Sheet) -> Iterator[str]:
    assert sheet.first is not None
    assert sheet.last is not None
    yield from _head(f"{spelled(sheet.first)} to {spelled(sheet.last)}")
    yield f'<section class="glance">{"".join(_glance(sheet))}</section>'
    yield _section("Red-flag questions answered yes, since the first session", _flags(sheet))
    yield _section("What hurt, and when", _reports(sheet))
    yield '<div class="columns"><div>'
    yield _section("What the user told", _profile(sheet.profile))
    yield _section("The exercises", _plan(sheet.plan))
    yield "</div><div>"
    yield _section("Pain, 0 to 10", (drawing(sheet), _LEGEND))
    yield _section("What was done", (_weeks(sheet),))
    yield "</div></div>"
    if sheet.older is not None:
        yield f'<p class="older">{_older(sheet)}</p>'


def _section(title: str, parts: Iterable[str]) -> str:
    return f"<section><h2>{title}</h2>{''.join(parts)}</section>"


# -- at a glance


def _glance(sheet: Sheet) -> Iterator[str]:
    yes = [(day, outcome) for f in sheet.flags for day, outcome, is_yes in f.days if is_yes]
    if sheet.locked is not None:
        since, outcome = sheet.locked
        yield _fact("locked", f"since {spelled(since)}: {outcome}", alarm=True)
    if yes:
        yield _fact("red flag: yes", f"last on {spelled(max(yes)[0])}", alarm=True)
    else:
        unanswered = "; no answer to some" if sheet.flags else ""
        yield _fact("red flags: no yes", f"in {many(sheet.sessions, 'session')}{unanswered}")
    done = sum(week.sessions for week in sheet.weeks)
    minutes = sum(week.minutes for week in sheet.weeks)
    begun = f"; {others} more did not begin" if (others := len(sheet.recent) - done) else ""
    yield _fact(many(done, "session"), f"{minutes} min in {many(len(sheet.weeks), 'week')}{begun}")
    yield _fact(
        f"{len(sheet.painful)} with pain", f"at most {max(sheet.levels)} of 10" if sheet.levels else ""
    )
    if len(told := sheet.baselines) >= 6:
        yield _fact(f"pain {_mid(told[:3])} → {_mid(told[-3:])}", "before a session: at first, lately")
    elif told:
        yield _fact(f"pain {_mid(told)}", "before a session, usually")
    if sheet.efforts:
        yield _fact(f"effort {_mid(sheet.efforts)}", "of 10, usually")


def _fact(what: str, more: str, alarm: bool = False) -> str:
    return f"<p{' class=alarm' if alarm else ''}><b>{_t(what)}</b>{_t(more)}</p>"


def _mid(numbers: Sequence[int]) -> str:
    return f"{median(numbers):g}"


# -- what was told


def _profile(profile: Profile) -> Iterator[str]:
    yield "<ul>"
    for asked in profile.professional:
        yield f"<li>{_t(asked.question)} <b>{_t(asked.answer)}</b> ({spelled(asked.told)})</li>"
    days = dict.fromkeys(day for _, day in profile.conditions)
    has = []
    for day in days:
        names = (f"<b>{_t(name)}</b>" for name, told in profile.conditions if told == day)
        has.append(f"{', '.join(names)} ({spelled(day)})")
    if profile.settings:
        has.append(f"<b>{', '.join(map(_t, profile.settings))}</b> (in the settings)")
    yield f"<li>Conditions: {', '.join(has) or 'none told'}</li></ul>"
    for answer in ("yes", "no"):
        rest = [asked for asked in profile.others if asked.answer == answer]
        if rest:
            yield f'<p class="small">{answer.capitalize()} to: {" · ".join(map(_asked, rest))}</p>'
    if profile.more:
        yield f'<p class="small">and {many(profile.more, "more answer")}</p>'


def _asked(asked: Asked) -> str:
    return _t(asked.question.rstrip("?."))


# -- the plan


def _plan(plan: Planned | None) -> Iterator[str]:
    if plan is None:
        yield "<p>The program is not there any more.</p>"
        return
    if plan.exercises:
        yield f"<p>Program <b>{_t(plan.name)}</b>, about {plan.minutes} minutes. Next time:</p>"
        doses = (f"{_t(each.name)} <i>{_t(each.dose)}</i>" for each in plan.exercises)
        yield f'<p class="small">{" · ".join(doses)}</p>'
    else:
        yield f"<p>Nothing is left of the program <b>{_t(plan.name)}</b>.</p>"
    lines = [*_changes(plan)]
    for out in plan.left_out:
        instead = f"; instead: {_t(out.instead)}" if out.instead else ""
        why = f" ({_t(out.why)})" if out.why else ""
        lines.append(f"Left out: <b>{_t(out.name)}</b>{why}{instead}")
    if plan.more:
        lines.append(f"and {plan.more} more")
    items = "".join(f"<li>{line}</li>" for line in lines)
    yield f"<ul>{items}</ul>" if lines else "<p>No dose was changed, and nothing is left out.</p>"


def _changes(plan: Planned) -> Iterator[str]:
    for name, raised in (("Raised in small steps", True), ("Lowered after pain", False)):
        doses = [c for c in plan.changed if c.raised is raised]
        if doses:
            yield f"{name}: " + " · ".join(
                f"<b>{_t(c.name)}</b> {_t(c.written)} → {_t(c.now)}" for c in doses
            )


# -- what was done


_LEGEND = (
    '<p class="legend"><span class="before">○</span> before a session &ensp; <span class="after">●</span> '
    'after it &ensp; <span class="alarm">×</span> reported in it</p>'
)


def _weeks(sheet: Sheet) -> str:
    longest = max((week.minutes for week in sheet.weeks), default=0) or 1
    rows = "".join(
        f"<tr><td>{short(week.monday)}</td><td>{week.sessions}</td><td>{week.minutes}</td>"
        f'<td class="bar"><span style="width:{100 * week.minutes / longest:.0f}%"></span></td></tr>'
        for week in sheet.weeks
    )
    ended = ", ".join(f"{_t(outcome)} {n}" for outcome, n in sheet.outcomes)
    return (
        "<table><tr><th>week of</th><th>sessions</th><th>minutes</th><th></th></tr>"
        f'{rows}</table><p class="small">How they ended: {ended}.</p>'
    )


# -- what hurt


def _reports(sheet: Sheet) -> Iterator[str]:
    if not sheet.reports:
        yield f"<p>No pain was reported during these {many(len(sheet.recent), 'session')}.</p>"
        return
    yield (
        "<table><tr><th>day</th><th>exercise</th><th>level</th><th>into the leg</th>"
        "<th>sent further down it</th><th>how the session ended</th></tr>"
    )
    yield from map(_report, sheet.reports)
    yield "</table>"
    if sheet.more_reports:
        yield f'<p class="small">and {many(sheet.more_reports, "earlier report")} in these weeks</p>'


def _report(line: PainLine) -> str:
    level = "not told" if line.level is None else f"<b>{line.level}</b>"
    cells = (line.exercise or "before the first", line.spread, line.outward, line.outcome)
    exercise, spread, outward, outcome = map(_t, cells)
    return (
        f"<tr><td>{spelled(line.day)}</td><td>{exercise}</td><td>{level}</td><td>{_strong(spread)}</td>"
        f"<td>{_strong(outward)}</td><td>{outcome}</td></tr>"
    )


def _strong(text: str) -> str:
    return f"<b>{text}</b>" if text == "yes" else text


def _flags(sheet: Sheet) -> Iterator[str]:
    if not sheet.flags:
        yield f"<p>None, in all {many(sheet.sessions, 'session')}.</p>"
        return
    lines = [f"<li>{_t(flag.question)} {_days(flag)}</li>" for flag in sheet.flags]
    if sheet.more_flags:
        lines.append(f"<li>and {many(sheet.more_flags, 'more question')}</li>")
    yield f'<ul class="flags">{"".join(lines)}</ul>'


def _days(flag: Flag) -> str:
    said = (
        f"<b>{spelled(day)}</b> ({'' if is_yes else 'no answer; '}{_t(outcome)})"
        for day, outcome, is_yes in flag.days
    )
    more = ""
    if flag.more and flag.first is not None:
        more = f", and {flag.more} more since {spelled(flag.first)}"
    return f"{', '.join(said)}{more}"


def _older(sheet: Sheet) -> str:
    old = sheet.older
    assert old is not None
    highest = "" if old.highest is None else f", at most {old.highest} of 10"
    return (
        f"The sheet shows the newest {WEEKS} weeks. Until {spelled(old.before)}: "
        f"{many(old.sessions, 'session')} in {many(old.weeks, 'week')}, {old.minutes} minutes; "
        f"pain reported in {old.painful}{highest}."
    )
