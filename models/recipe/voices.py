"""Synthesised speech as (sound, text, voice).

The same seed gives the same texts and voices. The samples are the same too, but for espeak-ng: they depend a
little on what the process rendered before, and the noise of its breathy voices is never the same.

Held-out voices, for evaluation only: festival (another engine), flite's kal and slt (made from the same
recordings as festival's), espeak-ng's m3 and f3. The coach's own voice is excluded too: the model must not
learn to obey it.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import espeakng_loader
import numpy as np
import soxr

from recipe import neural
from recipe.corpus import RATE_HZ, Samples, read
from recipe.texts import Speaker, common_words, phrases
from voicecoach.speaking import Pyttsx3Voice, SynthesisError

Clip = tuple[Samples, str, str]
COACH_VOICE = "gmw/en-US"
_ACCENTS = ("gmw/en", "gmw/en-US", "gmw/en-GB-x-rp", "gmw/en-GB-scotland", "gmw/en-US-nyc", "gmw/en-029")
_HELD_OUT = {"m3", "f3"}
_UNLIKE_PEOPLE = ("robo", "Robot", "Demonic", "whisper", "croak", "Tweaky", "fast", "Mr serious")
_FLITE = ("awb", "rms")
_BREAKS = (", ", ". ", "! ", "? ", "; ", "... ")


def espeak_voices() -> list[str]:
    """Each accent with each variant ("gmw/en-US+Annie"), without the held-out ones."""
    folder = Path(espeakng_loader.get_data_path()) / "voices" / "!v"
    variants = sorted(
        p.name
        for p in folder.iterdir()
        if p.name not in _HELD_OUT and not any(part in p.name for part in _UNLIKE_PEOPLE)
    )
    return [f"{accent}+{variant}" for variant in variants for accent in _ACCENTS]


def espeak(words: str, voice: str, wpm: int) -> Samples:
    """`words` at 16 kHz, at `wpm` words a minute."""
    clip, rate_hz = Pyttsx3Voice(f"espeak:{voice}").render(words, wpm)
    return np.asarray(soxr.resample(clip, rate_hz, RATE_HZ), np.float32)


def by_espeak(n: int, rng: np.random.Generator, commands: Sequence[str]) -> Iterator[Clip]:
    speaker, voices = Speaker(rng, commands), espeak_voices()
    for _ in range(n):
        pieces = speaker.pieces(3) if rng.random() < 0.7 else [speaker.chain()]
        voice = str(rng.choice(voices))
        try:
            yield espeak(", ".join(pieces), voice, int(rng.integers(110, 211))), " ".join(pieces), voice
        except SynthesisError:
            continue


def by_flite(n: int, rng: np.random.Generator, commands: Sequence[str]) -> Iterator[Clip]:
    if shutil.which("flite") is None:
        raise RuntimeError("flite is not installed. On Debian: apt-get install flite")
    speaker = Speaker(rng, commands)
    for _ in range(n):
        pieces = speaker.pieces(3) if rng.random() < 0.7 else [speaker.chain()]
        voice = str(rng.choice(_FLITE))
        sound = _flite(", ".join(pieces), voice, rng.uniform(0.73, 1.4), rng.uniform(80, 170))
        yield sound, " ".join(pieces), f"flite:{voice}"


def _flite(words: str, voice: str, speed: float, pitch_hz: float) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        settings = [f"duration_stretch={1 / speed:.2f}", f"int_f0_target_mean={pitch_hz:.0f}"]
        options = [part for setting in settings for part in ("--setf", setting)]
        subprocess.run(
            ["flite", "-voice", voice, *options, "-t", words, "-o", str(path)],
            check=True,
            capture_output=True,
        )
        return read(path)


def by_kokoro(n: int, rng: np.random.Generator, commands: Sequence[str], voices: Path) -> Iterator[Clip]:
    """Each utterance has a new speaker, and random punctuation between its pieces to vary the intonation."""
    speaker, kokoro = Speaker(rng, commands), neural.Kokoro(voices)
    for _ in range(n):
        pieces = speaker.pieces(7) if rng.random() < 0.85 else [speaker.chain()]
        accent = "a" if rng.random() < 0.65 else "b"
        spelt = "".join(
            neural.kokoro_phonemes(piece, british=accent == "b") + str(rng.choice(_BREAKS))
            for piece in pieces
        )
        sound = kokoro.say(spelt.strip(), kokoro.style(rng, accent), rng.uniform(0.75, 1.3))
        yield sound, " ".join(pieces), f"kokoro:{accent}"


def by_piper(n: int, rng: np.random.Generator, commands: Sequence[str]) -> Iterator[Clip]:
    speaker, piper = Speaker(rng, commands), neural.Piper()
    for _ in range(n):
        pieces = speaker.pieces(4) if rng.random() < 0.85 else [speaker.chain()]
        spelt = "".join(neural.ipa(piece, "en-us") + str(rng.choice(_BREAKS)) for piece in pieces)
        sound = piper.say(spelt.strip(), rng.uniform(0.8, 1.3), rng.uniform(0.3, 1.3))
        yield sound, " ".join(pieces), "piper:joe"


ENGINES: dict[str, Callable[..., Iterator[Clip]]] = {
    "espeak": by_espeak,
    "flite": by_flite,
    "kokoro": by_kokoro,
    "piper": by_piper,
}


def coach(n: int, seed: int) -> list[Samples]:
    """`n` clips of the coach's own voice, for the echo that the microphone picks up beside the user."""
    rng = np.random.default_rng(seed)
    commands = {word for phrase in phrases() for word in phrase.split()}
    common = [w for w in common_words(1500) if w not in commands]
    return [espeak(" ".join(rng.choice(common, 12)), COACH_VOICE, 150) for _ in range(n)]
