"""voicecoach voices: what the coach can speak with."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import click

from voicecoach.app import users_library
from voicecoach.cli.output import as_json, put_json
from voicecoach.speaking import drivers
from voicecoach.storage import Places, load_settings

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Known:
    """A voice, or a driver that has none because of its problem."""

    driver: str
    voice: str | None = None
    """its name in settings"""
    chosen: bool = False
    usual: bool = False
    """the language's own"""
    problem: str | None = None


@click.command()
@click.argument("driver", required=False)
@as_json
def voices(driver: str | None, as_json: bool) -> None:
    """List the voices, those of one DRIVER only if it is named.

    \b
    Examples:  voicecoach voices
               voicecoach voices espeak
               voicecoach say --voice espeak "Lift your hips."     to hear one

    The setting `voice` chooses: voice = "hibari:heart", or just voice = "espeak".
    """
    places = Places.of_user()
    usual, chosen = users_library(places).language.voices, load_settings(places.settings).voice
    found = [known for known in _known(usual, chosen) if driver in (None, known.driver)]
    if as_json:
        put_json(found)
        return
    for name, group in groupby(found, key=lambda known: known.driver):
        of_driver = list(group)
        brief = driver is None and len(of_driver) > MOST_SHOWN
        shown = [k for k in of_driver if k.voice in (*usual, chosen)] if brief else of_driver
        for known in shown:
            note = "  (chosen)" if known.chosen else "  (usual)" if known.usual else ""
            click.echo(
                f"{name}: cannot be used ({known.problem})" if known.problem else f"{known.voice}{note}"
            )
        if len(shown) < len(of_driver):
            click.echo(f"{name}: {len(of_driver) - len(shown)} more: voicecoach voices {name}")


def _known(usual: tuple[str, ...], chosen: str | None) -> Iterator[Known]:
    for name, spec in drivers().items():
        try:
            names = [f"{name}:{voice}" for voice in importlib.import_module(spec.module).voices()]
        except Exception as error:  # somebody else's code
            yield Known(name, problem=str(error))
            continue
        yield from (Known(name, voice, chosen in (voice, name), voice == usual[0]) for voice in names)
