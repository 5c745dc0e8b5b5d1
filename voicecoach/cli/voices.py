"""voicecoach voices: what the coach can speak with."""

import click

from voicecoach.app import users_library
from voicecoach.speaking import offered
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
    for each in offered(usual, chosen, driver):
        if each.failure:
            click.echo(f"{each.driver}: cannot be used ({each.failure})")
        for voice in each.voices:
            note = (
                "  (chosen)" if chosen in (voice, each.driver) else "  (usual)" if voice == usual[0] else ""
            )
            click.echo(f"{voice}{note}")
        if each.more:
            click.echo(f"{each.driver}: {each.more} more: voicecoach voices {each.driver}")
