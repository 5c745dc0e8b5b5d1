"""voicecoach history: how earlier sessions went; a copy of all that is kept; deleting it."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from voicecoach.app import users_library
from voicecoach.cli.output import leave
from voicecoach.report import plot, table
from voicecoach.storage import Account, Forgotten, Journal, Places, everything, forget, record_of

_TABLE_ROWS = 20


@click.group(invoke_without_command=True)
@click.option(
    "--count",
    type=click.IntRange(min=1),
    help=f"How many sessions, from the newest on.  [default: {_TABLE_ROWS} in the table, else all]",
)
@click.option("--json", "form", flag_value="json", help="For programs: a list of objects.")
@click.option("--csv", "form", flag_value="csv", help="For spreadsheets: RFC 4180, with a header row.")
@click.option("--plot", "form", flag_value="plot", help="Pain before and after, and minutes a week.")
@click.option("--picture", type=click.Path(path_type=Path), metavar="FILE.png", help="The plot in a file.")
@click.pass_context
def history(ctx: click.Context, count: int | None, form: str | None, picture: Path | None) -> None:
    """Show how earlier sessions went, newest first; export or delete what is kept of them.

    \b
    Examples:  voicecoach history
               voicecoach history --plot
               voicecoach history --csv > sessions.csv
    """
    if ctx.invoked_subcommand is not None:
        return
    accounts = _accounts()
    if picture is not None:
        leave(picture, plot.as_png(accounts))
        click.echo(f"Written to {picture}")
    newest = list(reversed(accounts))
    if form == "json":
        _put(table.as_json(newest[:count]))
    elif form == "csv":
        _put(table.as_csv(newest[:count]))
    elif form == "plot":
        click.echo("\n".join(plot.as_text(accounts, count or plot.MOST_SESSIONS, _shows_unicode())))
    elif picture is None:
        lines = table.as_text(newest[: count or _TABLE_ROWS]) if newest else ["No session yet."]
        click.echo("\n".join(lines))


def _accounts() -> Sequence[Account]:
    """The oldest first. A journal that cannot be used is set aside, and the user told where."""
    places = Places.of_user()
    if places.journal.exists():
        Journal(places.journal, lambda text: click.echo(text, err=True)).close()
    return record_of(places.journal, places.spares, users_library(places).protocol).accounts


def _put(text: str) -> None:
    """As bytes: what programs read has the same line ends and the same encoding everywhere."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _shows_unicode() -> bool:
    try:
        plot.MARKS_USED.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


@history.command()
@click.argument("file", type=click.Path(path_type=Path))
def export(file: Path) -> None:
    """Write everything the journal holds to FILE, as JSON: sessions, every event, your answers.

    \b
    Examples:  voicecoach history export everything.json

    FILE must not exist. The journal stays as it is.
    """
    places = Places.of_user()
    kept = everything(places.journal, places.spares)
    leave(file, json.dumps(kept, indent=1) + "\n")
    click.echo(
        f"{table.many(len(kept['sessions']), 'session')} and {len(kept['answers'])} answers written to {file}"
    )


@history.command()
@click.option(
    "--before", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="What began before this day."
)
@click.option("--all", "whole", is_flag=True, help="Everything, with your answers about yourself.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(before: datetime | None, whole: bool, yes: bool) -> None:
    """Delete sessions from the journal for good.

    \b
    Examples:  voicecoach history delete --before 2026-01-31
               voicecoach history delete --all

    A session that keeps the coach locked stays until the lock is released.
    """
    if whole == (before is not None):
        raise click.UsageError("Say either --before YYYY-MM-DD or --all.")
    what = f"every session before {before:%Y-%m-%d}" if before else "every session, and your answers,"
    if not yes:
        click.echo("The coach then no longer knows what hurt in these sessions, nor which doses suited you.")
        click.confirm(f"Delete {what} for good?", abort=True)
    places = Places.of_user()
    _tell(forget(places.journal, places.spares, before.date() if before else None), whole)


def _tell(done: Forgotten, whole: bool) -> None:
    answers = f" and {done.answers} answers" if whole and not done.locked else ""
    click.echo(f"{table.many(done.sessions, 'session')}{answers} deleted.")
    if done.locked:
        kept = "it stays, and so do your answers about yourself" if whole else "it stays"
        click.echo(
            f"The session of {done.locked[:16].replace('T', ' ')} ended for your safety and keeps the coach "
            f"locked: {kept}. Delete again after a session for which a health professional has cleared you."
        )
    for name in done.set_aside:
        click.echo(f"An older journal that could not be used lies beside it, untouched: {name}")
