"""The commands. Each file parses arguments, calls the application and prints; there is no logic here.

This file and what it imports are the first thing that every start waits for, so they are light.
"""

import importlib
import os
import sys
from typing import Any

import click
from click.shell_completion import CompletionItem

from voicecoach import __version__
from voicecoach.cli.completion import completing
from voicecoach.cli.errors import explained

_COMMANDS = {
    "start": "start",
    "open": "open",
    "send": "send",
    "demo": "demo",
    "list": "listing",
    "show": "show",
    "program": "program",
    "exercise": "exercise",
    "hear": "hear",
    "history": "history",
    "report": "report",
    "profile": "profile",
    "safety": "safety",
    "rehearse": "rehearse",
    "devices": "devices",
    "voices": "voices",
    "say": "say",
    "doctor": "doctor",
    "model": "model",
    "shortcut": "shortcut",
    "timeline": "timeline",
}


class _Lazy(click.Group):
    """Imports a command's file only when the command is called, so that `start` speaks within a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = importlib.import_module(f"voicecoach.cli.{_COMMANDS[name]}")
        command: click.Command = getattr(module, "command", None) or getattr(module, name)
        return completing(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:  # click looks for what was meant among commands it has imported
            raise click.NoSuchCommand(error.command_name, possibilities=_COMMANDS, ctx=ctx) from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Without the commands' one-line help, for which all of them would have to be imported."""
        names = [CompletionItem(name) for name in _COMMANDS if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        with explained():
            return super().make_context(*arguments, **named)

    def invoke(self, ctx: click.Context) -> Any:
        with explained():
            return super().invoke(ctx)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """A voice-guided, hands-free player for lower-back exercise sessions.

    \b
    Examples:  voicecoach demo                 a recorded session, without sound hardware
               voicecoach rehearse             does it hear you in your room?
               voicecoach start gentle         a first session

    Say "stop" or press any key at any moment. General guidance, not medical advice.
    """


def main() -> None:
    _occupy_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:  # LANG=C must not turn a sentence into a traceback
            reconfigure(errors="replace")
    cli(prog_name="voicecoach")


def _occupy_closed_streams() -> None:
    """The number of a standard stream that is closed must not be given to a file: what libraries and other
    programs write to standard error would land in it."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
