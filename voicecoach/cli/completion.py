"""What the shell offers when Tab is pressed: program names, exercises, voices, devices.

Whatever is wrong with the user's files or devices, completion offers less and says nothing: the command
itself explains it.
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from voicecoach.library import Library

Offer = Iterable[tuple[str, str | None]]
"""what can be typed, each with what it means, which zsh and fish show beside it"""


class Named(click.types.StringParamType):
    """A text that names one of several things; any other text is for the command to refuse."""

    name = "text"

    def __init__(self, known: Callable[[], Offer], or_file: bool = False) -> None:
        self._known, self._or_file = known, or_file

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        found: list[CompletionItem] = []
        with contextlib.suppress(Exception):  # a traceback amid a line that is being typed helps nobody
            found = [
                CompletionItem(name, help=about)
                for name, about in self._known()
                if name.startswith(incomplete)
            ]
        return found if found or not self._or_file else [CompletionItem(incomplete, type="file")]


def completing(command: click.Command) -> click.Command:
    """`command`, its parameters completed by what they are called: so that one table serves all commands."""
    for parameter in command.params:
        kind = _KINDS.get(parameter.name or "")
        if kind is not None and parameter.type is click.STRING:
            parameter.type = kind
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            completing(inner)
    return command


def _library() -> "Library":
    from voicecoach.app import users_library
    from voicecoach.library import Library, Own
    from voicecoach.storage import Places
    from voicecoach.tables import InputError

    places = Places.of_user()
    try:
        return users_library(places)
    except InputError:  # a broken setting, exercise or pack
        return Library(Own(places.own_programs, places.own_packs))


def _programs() -> Offer:
    return ((name, None) for name in _library().program_ids)


def _exercises() -> Offer:
    return ((e.id, e.name) for e in _library().exercises.values())


def _programs_and_exercises() -> Iterator[tuple[str, str | None]]:
    library = _library()
    yield from ((name, None) for name in library.program_ids)
    yield from ((e.id, e.name) for e in library.exercises.values())


def _voices() -> Iterator[tuple[str, str | None]]:
    from voicecoach.speaking import drivers

    yield from ((name, None) for name in drivers())
    yield from ((voice, None) for voice in _library().language.voices)


def _drivers() -> Offer:
    from voicecoach.speaking import drivers

    return ((name, None) for name in drivers())


def _devices(output: bool) -> Callable[[], Offer]:
    """By their numbers: a shell would take a name with spaces in it for several words."""

    def known() -> Offer:
        from voicecoach.audio import list_devices
        from voicecoach.cli.errors import native_messages_kept

        with native_messages_kept(Path(os.devnull)):  # ALSA talks about every device that is missing
            found = list_devices()
        return [(str(d.index), d.name) for d in found if (d.outputs if output else d.inputs)]

    return known


def _shortcuts() -> Offer:
    from voicecoach import desktop

    return ((shortcut.name, shortcut.program) for shortcut in desktop.installed())


def _questions() -> Offer:
    protocol = _library().protocol
    return ((key, None) for key in protocol.questions if protocol.keeps(key, "yes"))


_KINDS = {
    "program": Named(_programs),
    "exercise": Named(_exercises),
    "part": Named(_programs_and_exercises),
    "voice": Named(_voices),
    "driver": Named(_drivers),
    "microphone": Named(_devices(output=False), or_file=True),
    "speaker": Named(_devices(output=True), or_file=True),
    "shortcut": Named(_shortcuts),
    "question": Named(_questions),
}
