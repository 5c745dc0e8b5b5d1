"""How sessions went: a table, two plots, the sheet for a professional, and copies for other programs."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from voicecoach.page.chart import Bars, Pains, bars, pains
from voicecoach.page.known import Known, known, user_of
from voicecoach.page.rendering import page
from voicecoach.page.watching import Watching
from voicecoach.report import table
from voicecoach.report.days import spelled
from voicecoach.report.page import page as sheet_page
from voicecoach.report.sheet import sheet
from voicecoach.storage import Account, Places, everything

ROWS = 20
SHEET_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
"""The sheet is one file, to be kept and printed, with its style inside."""


@dataclass(frozen=True, slots=True)
class Row:
    when: str
    entry: table.Entry
    program: str
    """its name"""
    hurt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    rows: tuple[Row, ...]
    """the newest first"""
    more: int
    pains: Pains | None
    bars: Bars | None
    mistakes: tuple[str, ...]


def shown(places: Places, everything_asked: bool) -> Shown:
    """Raises JournalError."""
    here = known(places)
    accounts = user_of(places, here).record.accounts
    newest = accounts[::-1] if everything_asked else accounts[::-1][:ROWS]
    return Shown(
        rows=tuple(_row(here, account) for account in newest),
        more=len(accounts) - len(newest),
        pains=pains(accounts),
        bars=bars(accounts),
        mistakes=here.told,
    )


def _row(here: Known, account: Account) -> Row:
    entry = table.entry(account)
    names = {e.id: e.name for e in here.library.exercises.values()}
    hurt = tuple(
        f"{names.get(r.exercise, r.exercise) or 'before an exercise'}"
        f"{'' if r.level is None else f' {r.level}'}{' into the leg' if r.spread == 'yes' else ''}"
        for r in entry.pain
    )
    when = f"{spelled(account.day)}, {account.began:%H:%M}"
    return Row(when, entry, here.program_name(entry.program), hurt)


def _sheet(places: Places) -> str:
    here = known(places)
    record = user_of(places, here).record
    return sheet_page(sheet(record, here.library, here.settings.program, here.settings.conditions))


def _copy(places: Places, form: str) -> str:
    if form == "export":
        return json.dumps(everything(places.journal, places.spares), indent=1) + "\n"
    newest = user_of(places, known(places)).record.accounts[::-1]
    return table.as_csv(newest) if form == "csv" else table.as_json(newest)


_COPIES = {
    "json": ("voicecoach-history.json", "application/json"),
    "csv": ("voicecoach-history.csv", "text/csv"),
    "export": ("voicecoach-journal.json", "application/json"),
}


def routes(places: Places, _: Watching) -> list[BaseRoute]:
    async def show(request: Request) -> Response:
        found = await run_in_threadpool(shown, places, "all" in request.query_params)
        return page(request, "history.html", shown=found, mistakes=found.mistakes)

    async def report(_: Request) -> Response:
        text = await run_in_threadpool(_sheet, places)
        return HTMLResponse(text, headers={"Content-Security-Policy": SHEET_POLICY})

    def copies(form: str) -> Callable[[Request], object]:
        name, media_type = _COPIES[form]

        async def copy(_: Request) -> Response:
            text = await run_in_threadpool(_copy, places, form)
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return Response(text, media_type=media_type, headers=headers)

        return copy

    return [
        Route("/history", show),
        Route("/report", report),
        *(Route(f"/history/{form}", copies(form)) for form in _COPIES),
    ]
