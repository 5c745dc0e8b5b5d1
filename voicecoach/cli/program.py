"""voicecoach program: programs of one's own, as a physiotherapist may prescribe them."""

import click

from voicecoach.app import users_library
from voicecoach.cli.own import begin
from voicecoach.storage import Places

_TEMPLATE = """\
# A program of your own. To see what is wrong with it: voicecoach program check {name}
# To see how it will be spoken: voicecoach show {name}. The exercises: voicecoach show anything
name = "{title}"
description = "What it is for, in a few words."
gentle = false           # true: the shorter holds of a first session
# prescribed = true      # a professional has set these doses: holds may be longer than usual
exercises = [
    {{ id = "pelvic_tilt", sets = 5 }},
    {{ id = "knee_rolls", breaths = 6 }},
    {{ id = "bridge", hold_s = 5, sets = 5 }},
]
"""


@click.group()
def program() -> None:
    """Make programs of your own, or for somebody else.

    \b
    Examples:  voicecoach program new evening        writes a file to begin with
               voicecoach program check evening      or the path of a .toml file
    """


@program.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a template of program NAME into your folder.

    \b
    Examples:  voicecoach program new evening
    """
    begin(Places.of_user().own_programs, name, _TEMPLATE)


@program.command()
@click.argument("program", metavar="NAME")
def check(program: str) -> None:
    """Check program NAME, or the file at a path ending in .toml.

    \b
    Examples:  voicecoach program check evening
               voicecoach program check clinic/evening.toml
    """
    library = users_library(Places.of_user())
    found = library.program(program)
    click.echo(f"{found.name}: {len(found.exercises)} exercises, {library.minutes(found)} minutes.")
