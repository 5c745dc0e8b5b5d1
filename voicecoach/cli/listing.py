"""voicecoach list: the programs."""

from collections.abc import Iterator
from dataclasses import dataclass

import click

from voicecoach.app import users_library
from voicecoach.cli.output import as_json, put_json
from voicecoach.library import Library
from voicecoach.storage import Places
from voicecoach.tables import InputError


@dataclass(frozen=True, slots=True)
class Listed:
    """A program; what is None is not known, because of the problem."""

    name: str
    description: str | None = None
    minutes: int | None = None
    exercises: tuple[str, ...] | None = None
    """ids"""
    problem: str | None = None


@click.command("list")
@as_json
def command(as_json: bool) -> None:
    """List the programs, yours included, and how long they take.

    \b
    Examples:  voicecoach list
               voicecoach list --json
    """
    places = Places.of_user()
    programs = list(_programs(users_library(places)))
    if as_json:
        put_json(programs)
        return
    for program in programs:
        if program.problem is not None:
            click.echo(f"{program.name:<10} cannot be used: {program.problem}")
            continue
        length = f"{program.minutes:>3} min  {len(program.exercises or ()):>2} exercises"
        click.echo(f"{program.name:<10} {length}  {program.description}")
    click.echo(f"\nYour own programs go to {places.own_programs}")


def _programs(library: Library) -> Iterator[Listed]:
    for name in library.program_ids:
        try:
            program = library.program(name)
        except InputError as error:
            yield Listed(name, problem=str(error))
            continue
        ids = tuple(exercise.id for exercise in program.exercises)
        yield Listed(name, program.description, library.minutes(program), ids)
