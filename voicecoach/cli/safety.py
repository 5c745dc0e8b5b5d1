"""voicecoach safety: the rules of care, from the data that a session follows."""

import click

from voicecoach.app import users_library
from voicecoach.report.rules import tables
from voicecoach.storage import Places


@click.group()
def safety() -> None:
    """What the coach asks, what an answer leads to, and what it remembers. No clinician has reviewed it.

    \b
    Examples:  voicecoach safety table
    """


@safety.command()
def table() -> None:
    """Print every rule as Markdown tables.

    \b
    Examples:  voicecoach safety table
               voicecoach safety table > rules.md
    """
    for line in tables(users_library(Places.of_user())):
        click.echo(line)
