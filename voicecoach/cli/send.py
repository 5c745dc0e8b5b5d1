"""voicecoach send: a command for the session that is being played, from a hot key or a foot switch."""

from contextlib import closing

import click

from voicecoach.control import NO_ANSWER, NobodyThere, connected
from voicecoach.language import Command
from voicecoach.storage import Places


@click.command()
@click.argument("command", type=click.Choice([command.value for command in Command], case_sensitive=False))
def send(command: str) -> None:
    """Give COMMAND to the session that is being played, as if you had said it.

    \b
    Examples:  voicecoach send stop
               voicecoach send pause

    For hot keys and foot switches. Exit code 9 if no session is being played.
    """
    try:
        with closing(connected(Places.of_user().session)) as session:
            session.give(Command(command), "send")
            if not session.given():
                raise NobodyThere(NO_ANSWER)
    except OSError:
        raise NobodyThere(NO_ANSWER) from None
