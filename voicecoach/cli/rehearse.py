"""voicecoach rehearse: tests in the user's room whether "stop" is heard over the loudspeaker."""

import sys
from dataclasses import asdict

import click

from voicecoach.app import rehearsal
from voicecoach.hearing import try_second_ear
from voicecoach.language import Language
from voicecoach.listening import SLOW_S, TranscriberAbsent
from voicecoach.rehearsal import Measured, judged
from voicecoach.request import Request
from voicecoach.storage import Places, ShelfError, alone, rehearsals


@click.command()
@click.option("--microphone", metavar="DEVICE", help="A device's name or number.")
@click.option("--speaker", metavar="DEVICE", help="A device's name or number.")
def rehearse(microphone: str | None, speaker: str | None) -> None:
    """Try out your microphone, loudspeaker and room: about a minute, hands-free.

    \b
    Examples:  voicecoach rehearse
               voicecoach rehearse --microphone headset --speaker headset

    The coach speaks, then asks for "stop" three times, once over its own voice. The verdict is remembered for
    this pair of devices. Exit code 0 if it passed, 1 if not.
    """
    places = Places.of_user()
    lock = alone(places.data)  # two coaches would talk over each other
    run, devices = rehearsal(Request(microphone=microphone, speaker=speaker), places, click.echo)
    measured = run.run()
    if lock:
        lock.release()
    verdict = judged(measured)
    click.echo(_figures(measured))
    for sentence in (*verdict.sentences, second_ear(run.language)):
        click.echo(sentence)
    try:
        rehearsals.remember(places.rehearsals, devices, verdict.passed, asdict(measured))
    except ShelfError as error:
        click.echo(f"The result could not be saved: {error}", err=True)
    sys.exit(0 if verdict.passed else 1)


def second_ear(language: Language) -> str:
    try:
        serves = (took_s := try_second_ear(language)) is not None and took_s <= SLOW_S
    except TranscriberAbsent as error:
        return f"{error} I understand single words only."
    return "I understand sentences, too." if serves else "I understand single words only."


def _figures(m: Measured) -> str:
    delay = "no echo found" if m.delay_ms is None else f"echo after {m.delay_ms:.0f} ms"
    return (
        f"{_range(m)}room {m.noise_db:.0f} dB, coach in the microphone {m.echo_db:.0f} dB, {delay}, "
        f"{m.echo_loss_db:.0f} dB of it removed; heard {sum(m.quiet)} of {len(m.quiet)} in silence, "
        f"{'and' if m.over else 'not'} over the coach"
    )


def _range(m: Measured) -> str:
    return "" if m.limit_hz is None else f"microphone up to {m.limit_hz / 1000:g} kHz, "
