"""voicecoach list: the programs."""

import click

from voicecoach.app import users_library
from voicecoach.storage import Places
from voicecoach.tables import InputError


@click.command("list")
def command() -> None:
    """List the programs, yours included, and how long they take."""
    places = Places.of_user()
    library = users_library(places)
    for name in library.program_ids:
        try:
            program = library.program(name)
        except InputError as error:
            click.echo(f"{name:<10} cannot be used: {error}")
            continue
        length = f"{library.minutes(program):>3} min  {len(program.exercises):>2} exercises"
        click.echo(f"{name:<10} {length}  {program.description}")
    click.echo(f"\nYour own programs go to {places.own_programs}")
