"""voicecoach report: one sheet for a health professional."""

from datetime import datetime
from pathlib import Path

import click

from voicecoach.app import library
from voicecoach.cli.output import leave
from voicecoach.report.page import page
from voicecoach.report.sheet import sheet
from voicecoach.storage import Places, load_settings, record_of

DEFAULT = "voicecoach-report.html"


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default=DEFAULT)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The last day.  [default: your last session]",
)
def report(file: Path, until: datetime | None) -> None:
    """Write one sheet for your doctor or physical therapist to FILE, by default voicecoach-report.html.

    \b
    Examples:  voicecoach report
               voicecoach report march.html --until 2026-03-31

    What you told, what was done, what hurt: one page of HTML, to open in a browser and print on A4. It holds
    none of your own words, and goes nowhere by itself. FILE must not exist.
    """
    places = Places.of_user()
    settings = load_settings(places.settings)
    found = library(places, settings)
    record = record_of(places.journal, places.spares, found.protocol)
    day = until.date() if until else None
    leave(file, page(sheet(record, found, settings.program, settings.conditions, day)))
    click.echo(f"Written to {file}. Open it in a browser, read it, and print it.")
