"""voicecoach voices: what the coach can speak with."""

import importlib

import click

from voicecoach.app import users_library
from voicecoach.speaking import drivers
from voicecoach.storage import Places, load_settings


@click.command()
@click.argument("driver", required=False)
def voices(driver: str | None) -> None:
    """List the voices, those of one DRIVER only if it is named. To hear one: voicecoach say --voice NAME TEXT

    \b
    The setting `voice` chooses: voice = "hibari:heart", or just voice = "espeak".
    """
    places = Places.of_user()
    usual = users_library(places).language.voices
    chosen = load_settings(places.settings).voice
    for name, spec in drivers().items():
        if driver not in (None, name):
            continue
        try:
            module = importlib.import_module(spec.module)
            found = [f"{name}:{voice}" for voice in module.voices()]
        except Exception as error:  # somebody else's code
            click.echo(f"{name}: cannot be used ({error})")
            continue
        shown = found if driver or len(found) <= MOST_SHOWN else [v for v in found if v in (*usual, chosen)]
        for voice in shown:
            note = "  (chosen)" if chosen in (voice, name) else "  (usual)" if voice == usual[0] else ""
            click.echo(f"{voice}{note}")
        if len(shown) < len(found):
            click.echo(f"{name}: {len(found) - len(shown)} more: voicecoach voices {name}")


MOST_SHOWN = 20
