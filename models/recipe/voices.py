"""Synthesised speech as (sound, text, voice), engine by engine: the same seed, the same speech.

Kept aside for the test: festival (another engine), flite's kal and slt (the same recordings as festival's),
espeak-ng's m3 and f3, and the coach's own voice, which must never teach a command.
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
from voicecoach.speaking import Synthesiser, SynthesisError

Said = tuple[Samples, str, str]
COACH_VOICE = "gmw/en-US"
_ACCENTS = ("gmw/en", "gmw/en-US", "gmw/en-GB-x-rp", "gmw/en-GB-scotland", "gmw/en-US-nyc", "gmw/en-029")
_ASIDE = {"m3", "f3"}
_UNLIKE_PEOPLE = ("robo", "Robot", "Demonic", "whisper", "croak", "Tweaky", "fast", "Mr serious")
_FLITE = ("awb", "rms")
_BREAKS = (", ", ". ", "! ", "? ", "; ", "... ")


def espeak_voices() -> list[str]:
    """Names like "gmw/en-US+Annie": accent by variant, without those kept aside."""
    folder = Path(espeakng_loader.get_data_path()) / "voices" / "!v"
    variants = sorted(
        p.name
        for p in folder.iterdir()
        if p.name not in _ASIDE and not any(part in p.name for part in _UNLIKE_PEOPLE)
    )
    return [f"{accent}+{variant}" for variant in variants for accent in _ACCENTS]


def espeak(words: str, voice: str, wpm: int) -> Samples:
    clip, rate_hz = Synthesiser(voice).render(words, wpm)
    return np.asarray(soxr.resample(clip, rate_hz, RATE_HZ), np.float32)


def by_espeak(n: int, chance: np.random.Generator, said: Sequence[str]) -> Iterator[Said]:
    speaker, voices = Speaker(chance, said), espeak_voices()
    for _ in range(n):
        pieces = speaker.pieces(3) if chance.random() < 0.7 else [speaker.chain()]
        voice = str(chance.choice(voices))
        try:
            yield espeak(", ".join(pieces), voice, int(chance.integers(110, 211))), " ".join(pieces), voice
        except SynthesisError:
            continue


def by_flite(n: int, chance: np.random.Generator, said: Sequence[str]) -> Iterator[Said]:
    if shutil.which("flite") is None:
        raise RuntimeError("flite is not installed. On Debian: apt-get install flite")
    speaker = Speaker(chance, said)
    for _ in range(n):
        pieces = speaker.pieces(3) if chance.random() < 0.7 else [speaker.chain()]
        voice = str(chance.choice(_FLITE))
        sound = _flite(", ".join(pieces), voice, chance.uniform(0.73, 1.4), chance.uniform(80, 170))
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


def by_kokoro(n: int, chance: np.random.Generator, said: Sequence[str], voices: Path) -> Iterator[Said]:
    """A new speaker an utterance; the breaks between its pieces vary the melody."""
    speaker, kokoro = Speaker(chance, said), neural.Kokoro(voices)
    for _ in range(n):
        pieces = speaker.pieces(7) if chance.random() < 0.85 else [speaker.chain()]
        accent = "a" if chance.random() < 0.65 else "b"
        spelt = "".join(
            neural.kokoro_phonemes(piece, british=accent == "b") + str(chance.choice(_BREAKS))
            for piece in pieces
        )
        sound = kokoro.say(spelt.strip(), kokoro.style(chance, accent), chance.uniform(0.75, 1.3))
        yield sound, " ".join(pieces), f"kokoro:{accent}"


def by_piper(n: int, chance: np.random.Generator, said: Sequence[str]) -> Iterator[Said]:
    speaker, piper = Speaker(chance, said), neural.Piper()
    for _ in range(n):
        pieces = speaker.pieces(4) if chance.random() < 0.85 else [speaker.chain()]
        spelt = "".join(neural.ipa(piece, "en-us") + str(chance.choice(_BREAKS)) for piece in pieces)
        sound = piper.say(spelt.strip(), chance.uniform(0.8, 1.3), chance.uniform(0.3, 1.3))
        yield sound, " ".join(pieces), "piper:joe"


ENGINES: dict[str, Callable[..., Iterator[Said]]] = {
    "espeak": by_espeak,
    "flite": by_flite,
    "kokoro": by_kokoro,
    "piper": by_piper,
}


def coach(n: int, seed: int) -> list[Samples]:
    """`n` pieces of the coach's own speech, which the microphone hears beside the user."""
    chance = np.random.default_rng(seed)
    commands = {word for phrase in phrases() for word in phrase.split()}
    common = [w for w in common_words(1500) if w not in commands]
    return [espeak(" ".join(chance.choice(common, 12)), COACH_VOICE, 150) for _ in range(n)]
