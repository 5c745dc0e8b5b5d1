"""voicecoach voices: what the coach can speak with."""

from itertools import groupby

import click

from voicecoach.app import users_library
from voicecoach.cli.output import as_json, put_json
from voicecoach.speaking import briefly, offered
from voicecoach.storage import Places, load_settings


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
    found = [known for known in offered(usual, chosen) if driver in (None, known.driver)]
    if as_json:
        put_json(found)
        return
    for name, group in groupby(found, key=lambda known: known.driver):
        of_driver = list(group)
        shown = of_driver if driver else briefly(of_driver, usual)
        for known in shown:
            note = "  (chosen)" if known.chosen else "  (usual)" if known.usual else ""
            click.echo(
                f"{name}: cannot be used ({known.problem})" if known.problem else f"{known.voice}{note}"
            )
        if len(shown) < len(of_driver):
            click.echo(f"{name}: {len(of_driver) - len(shown)} more: voicecoach voices {name}")
