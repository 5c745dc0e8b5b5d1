"""voicecoach say: a text in the coach's voice."""

import time
from pathlib import Path

import click
import numpy as np
import soundfile

from voicecoach.app import users_library
from voicecoach.audio import DeviceDuplex, SilentMicrophone, is_there
from voicecoach.cli.errors import native_messages_kept
from voicecoach.sound import Samples, silence
from voicecoach.speaking import Mixer, PromptCache, candidates
from voicecoach.storage import Places, load_settings
from voicecoach.tables import InputError
from voicecoach.units import RATE_HZ

LONGEST = 2_000
"""Characters: a few minutes of speech."""
PAUSE_S = 0.5


@click.command()
@click.argument("text")
@click.option("--voice", metavar="NAME", help="Another voice; `voicecoach voices` lists them.")
@click.option("--pace", type=click.IntRange(60, 300), metavar="WPM", help="Words a minute.")
@click.option("--speaker", metavar="DEVICE", help="A device's name or number.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.wav",
    help="Write a sound file instead of playing it.",
)
def say(text: str, voice: str | None, pace: int | None, speaker: str | None, out: Path | None) -> None:
    """Say TEXT as the coach would.

    \b
    Examples:  voicecoach say "Lift your hips, and hold."
               voicecoach say --voice espeak --pace 120 "Breathe softly."
    """
    if not text.strip() or len(text) > LONGEST:
        raise InputError(f"The text must have 1 to {LONGEST} characters; this one has {len(text)}.")
    places = Places.of_user()
    settings = load_settings(places.settings)
    prompts = PromptCache(None, candidates(voice or settings.voice, users_library(places).language.voices))
    clip = prompts.clip(text, pace or settings.words_a_minute)
    prompts.close()
    if prompts.failure:
        click.echo(prompts.failure, err=True)
    if out is None:
        with native_messages_kept(places.log / "sound.log"):
            usual = settings.speaker if settings.speaker and is_there(settings.speaker, output=True) else None
            play(clip, speaker or usual)
        return
    try:
        soundfile.write(out, clip, RATE_HZ, subtype="PCM_16")
    except (soundfile.LibsndfileError, OSError, TypeError, ValueError) as error:
        raise InputError(f"{out} cannot be written ({error}). Give a name that ends in .wav.") from error


def play(clip: Samples, speaker: str | None) -> None:
    """Play `clip` on a device, and wait until it has been played."""
    mixer = Mixer()
    mixer.play(np.concatenate([clip, silence(round(PAUSE_S * RATE_HZ))]), prompt_id=1)
    duplex = DeviceDuplex(SilentMicrophone(), speaker)
    until_s = time.monotonic() + len(clip) / RATE_HZ + 5.0
    for _ in duplex.frames(mixer):
        if mixer.finished or time.monotonic() > until_s:
            break
    time.sleep(0.3)  # let the device play the rest of its buffer
    duplex.close()
