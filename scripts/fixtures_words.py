"""Make the synthetic words, talk and noises of audio_fixtures/words, and test the shipped model on them.

    python scripts/fixtures_words.py            write audio_fixtures/words/*.flac
    python scripts/fixtures_words.py --check    recognise them, write heard.tsv and print a table

Needs the programs flite, festival (with kal_diphone and cmu_us_slt_arctic_hts) and espeak-ng. All noise is
seeded: with the same engine versions, a second run writes the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from voicecoach.audio import read_sound
from voicecoach.cli.hear import listen
from voicecoach.language import ListeningState
from voicecoach.testing import PHRASES

Samples = npt.NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "audio_fixtures" / "words"
RATE = 16000
LEAD_S, TAIL_S = 0.3, 0.5
PEAK_DB, QUIET_DB = -6.0, -70.0
PROGRAMS = ("flite", "festival", "espeak-ng")

# ---------------------------------------------------------------- words, by listening state

STATES = {state: tuple(phrases) for state, phrases in PHRASES.items() if state is not ListeningState.PAUSED}
WORDS = tuple(dict.fromkeys(phrase for live in STATES.values() for phrase in live))

# ---------------------------------------------------------------- voices


@dataclass(frozen=True)
class Voice:
    """A synthetic speaker: an engine, its voice, and settings that make single words clear."""

    name: str
    engine: str
    voice: str
    settings: tuple[str, ...] = ()


# Rate and pitch are the engine's defaults unless --check gave a reason to change them. A setting is for a
# whole voice, never for one word. espeak-ng's variants keep their default rate: at 130 and 150 words a minute
# more words were missed ("dizzy", "ready").
VOICES = (
    Voice("flite-slt", "flite", "slt"),
    Voice("flite-rms", "flite", "rms"),
    # At awb's default pitch, "ease off" is recognised as "pain ease off".
    Voice("flite-awb", "flite", "awb", ("--setf", "int_f0_target_mean=120")),
    # At kal's default rate, "go on" is cut short; 15 % slower, "ease off" is recognised as "you ease off".
    Voice("festival-kal", "festival", "kal_diphone", ("(Parameter.set 'Duration_Stretch 1.05)",)),
    # The HTS voice ignores Duration_Stretch.
    Voice("festival-slt", "festival", "cmu_us_slt_arctic_hts"),
    Voice("espeak-scot-f3", "espeak", "en-gb-scotland+f3"),
    Voice("espeak-gb-m3", "espeak", "en-gb+m3"),
)

# No command word may be in these, which is checked before synthesis. Words that sound like commands (stock,
# paint, text, top, spot) are there on purpose. Talk 2 stays although its "paint" is recognised as "pain":
# this happens with every voice that was tried.
TALKS: dict[str, tuple[str, str]] = {
    "oov_talk_1": (
        "flite-slt",
        "My sister walked to the shop on the corner this morning. They had fresh bread in stock, and some "
        "very good apples. She carried everything home before the rain began.",
    ),
    "oov_talk_2": (
        "flite-rms",
        "We are going to paint the kitchen walls on Saturday. The colour is a light green. My neighbour lent "
        "us a large brush and an old blue sheet for the floor.",
    ),
    "oov_talk_3": (
        "festival-kal",
        "The roses look wonderful this summer. The text on the label was very small. There is a robin in "
        "the hedge, and it sings on the top of the fence.",
    ),
    "oov_talk_4": (
        "flite-awb",
        "The train was late, so we drank coffee near the platform. We bought a heavy wooden table for the "
        "kitchen. He found a quiet spot by the river.",
    ),
}
TV_TALK = (
    "festival-slt",
    "Good evening. Heavy clouds will move in from the west tonight, and many roads near the coast are wet. "
    "The prices of food and petrol fell a little in March.",
)

# ---------------------------------------------------------------- synthesis

Job = tuple[str, Path]  # the text, and the WAV file to write


def run(command: Sequence[str]) -> None:
    """Run an engine. If it fails, the script ends with the engine's error message."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed: {done.stderr.strip()}")


def speak_flite(voice: Voice, jobs: Sequence[Job]) -> None:
    """Speak each job with flite."""
    for text, path in jobs:
        run(["flite", "-voice", voice.voice, *voice.settings, "-t", text, "-o", str(path)])


def speak_espeak(voice: Voice, jobs: Sequence[Job]) -> None:
    """Speak each job with the espeak-ng program."""
    for text, path in jobs:
        run(["espeak-ng", "-v", voice.voice, *voice.settings, "-w", str(path), text])


def speak_festival(voice: Voice, jobs: Sequence[Job]) -> None:
    """Speak all jobs in one festival process, because each start takes about half a second."""
    orders = [f'(utt.save.wave (utt.synth (Utterance Text "{text}")) "{path}" \'riff)' for text, path in jobs]
    lines = [f"(voice_{voice.voice})", *voice.settings, *orders]
    script = jobs[0][1].with_suffix(".scm")
    script.write_text("\n".join(lines), encoding="utf-8")
    run(["festival", "-b", str(script)])


ENGINES: dict[str, Callable[[Voice, Sequence[Job]], None]] = {
    "flite": speak_flite,
    "espeak": speak_espeak,
    "festival": speak_festival,
}


def spoken(voice: Voice, texts: Sequence[str]) -> list[Samples]:
    """Return the speech for each text: 16 kHz mono, without the silence at its ends."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = [(text.replace(" i ", " I "), Path(folder) / f"{i}.wav") for i, text in enumerate(texts)]
        ENGINES[voice.engine](voice, jobs)
        return [trimmed(read(path)) for _, path in jobs]


def read(path: Path) -> Samples:
    """Read a sound file as 16 kHz mono."""
    samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    mono: Samples = np.array(samples.mean(axis=1), dtype=np.float64)
    return mono if rate == RATE else np.array(soxr.resample(mono, rate, RATE), dtype=np.float64)


def trimmed(samples: Samples) -> Samples:
    """Cut the silence at both ends. The limit of -55 dB keeps weak initial sounds such as f and h."""
    step = RATE // 100
    frames = samples[: len(samples) // step * step].reshape(-1, step)
    level = np.sqrt((frames**2).mean(axis=1))
    loud = np.flatnonzero(level > level.max() * 10 ** (-55 / 20))
    return samples[max(0, loud[0] - 1) * step : (loud[-1] + 2) * step]


# ---------------------------------------------------------------- shaping and writing


def gain(decibel: float) -> float:
    """Convert decibels to an amplitude factor."""
    return float(10 ** (decibel / 20))


def seeded(name: str) -> np.random.Generator:
    """Return a generator seeded with the file's name."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def shaped_noise(rng: np.random.Generator, count: int, weight: Callable[[Samples], Samples]) -> Samples:
    """Return noise of RMS 1 whose spectrum follows weight(frequency in Hz)."""
    hertz: Samples = np.asarray(np.fft.rfftfreq(count, 1 / RATE), dtype=np.float64)
    spectrum = np.fft.rfft(rng.standard_normal(count)) * weight(hertz)
    noise: Samples = np.fft.irfft(spectrum, count)
    return noise / float(np.sqrt((noise**2).mean()))


def pink(hertz: Samples) -> Samples:
    """Return the weights of pink noise: 1/sqrt(f), constant below 50 Hz."""
    return np.asarray(np.maximum(hertz, 50.0) ** -0.5)


def to_peak(samples: Samples, decibel: float) -> Samples:
    """Scale to a peak level."""
    return samples * (gain(decibel) / float(np.abs(samples).max()))


def framed(name: str, samples: Samples) -> Samples:
    """Add quiet before and after, and faint noise throughout, because no room is digitally silent."""
    padded = np.concatenate([np.zeros(int(LEAD_S * RATE)), samples, np.zeros(int(TAIL_S * RATE))])
    return padded + gain(QUIET_DB) * shaped_noise(seeded(name), len(padded), pink)


def write(folder: Path, name: str, samples: Samples) -> None:
    """Write a clip as 16-bit FLAC. It is rounded here so that no library adds dither."""
    whole = np.clip(np.round(samples * 32767), -32768, 32767).astype(np.int16)
    soundfile.write(folder / f"{name}.flac", whole, RATE, subtype="PCM_16")


# ---------------------------------------------------------------- sounds without a command


def clock(seconds: float) -> Samples:
    """Return the time of each sample in seconds."""
    return np.arange(int(seconds * RATE)) / RATE


def steady_noise() -> Samples:
    """Pink noise, like a fan or a shower."""
    return gain(-30) * shaped_noise(seeded("noise"), 8 * RATE, pink)


def hum() -> Samples:
    """Mains hum with harmonics, slowly modulated like a refrigerator's."""
    t = clock(8)
    tones = sum(np.sin(2 * np.pi * 50 * k * t) / k for k in (1, 2, 3, 4, 6, 8))
    return to_peak(np.asarray(tones) * (1 + 0.3 * np.sin(2 * np.pi * 0.4 * t)), -18)


def breathing() -> Samples:
    """Heavy breathing: inhaling is brighter and shorter, exhaling darker and longer, then a second's
    pause."""

    def band(centre: float) -> Callable[[Samples], Samples]:
        return lambda hertz: np.exp(-((np.log(np.maximum(hertz, 20.0) / centre) / 0.7) ** 2))

    t, rng = clock(9), seeded("breathing")
    phase = t % 4.0
    inward = np.clip(np.sin(np.pi * phase / 1.2), 0, None) * (phase < 1.2)
    outward = np.clip(np.sin(np.pi * (phase - 1.3) / 1.7), 0, None) * (phase >= 1.3) * (phase < 3.0)
    bright, dark = shaped_noise(rng, len(t), band(1800)), shaped_noise(rng, len(t), band(700))
    return to_peak(0.6 * inward * bright + outward * dark, -14)


def knocks() -> Samples:
    """Knocks on wood: decaying bursts at random times."""
    t, rng = clock(8), seeded("knocks")
    total = np.zeros_like(t)
    for start in np.cumsum(rng.uniform(0.15, 0.9, 12)):
        since = np.clip(t - start, 0, None)
        pitch, decay = rng.uniform(120, 320), rng.uniform(18, 45)
        burst = np.sin(2 * np.pi * pitch * since) + 0.4 * rng.standard_normal(len(t)) * (since < 0.004)
        total += rng.uniform(0.4, 1.0) * (t >= start) * np.exp(-decay * since) * burst
    return to_peak(total, -8)


def music(seconds: float = 9.0) -> Samples:
    """Four plucked chords, repeated."""
    t = clock(seconds)
    chords = ((0, 4, 7, 12), (-3, 0, 4, 9), (-7, 0, 5, 9), (-5, 2, 7, 11))
    total = np.zeros_like(t)
    for beat in range(int(seconds)):
        since = t - beat
        on = (since >= 0) * np.exp(-1.8 * np.clip(since, 0, None)) * np.clip(since / 0.01, 0, 1)
        for semitone in chords[beat % 4]:
            base = 261.63 * 2 ** (semitone / 12)
            total += on * sum(np.sin(2 * np.pi * base * k * since) / k**1.5 for k in range(1, 7))
    return to_peak(total, -10)


NOISES: dict[str, Callable[[], Samples]] = {
    "oov_noise_pink": steady_noise,
    "oov_hum": hum,
    "oov_breathing": breathing,
    "oov_knocks": knocks,
    "oov_music": music,
}


def commands_inside(text: str) -> list[str]:
    """List the command phrases in a text."""
    plain = " ".join("".join(c if c.isalpha() else " " for c in text.lower()).split())
    return [phrase for phrase in WORDS if f" {phrase} " in f" {plain} "]


def voice_named(name: str) -> Voice:
    """Find a voice by its name."""
    return next(voice for voice in VOICES if voice.name == name)


def talk(name: str, speaker: str, text: str) -> Samples:
    """Speak a text, which must not contain a command."""
    if inside := commands_inside(text):
        raise SystemExit(f"{name} contains command words: {', '.join(inside)}")
    return to_peak(spoken(voice_named(speaker), [text])[0], PEAK_DB)


def television() -> Samples:
    """Talk, with music 12 dB below it."""
    speech = talk("oov_tv", *TV_TALK)
    return to_peak(speech + 0.4 * music(len(speech) / RATE + 1)[: len(speech)], PEAK_DB)


# ---------------------------------------------------------------- writing all clips


def clip_name(phrase: str, voice: Voice) -> str:
    """Return the file name of a phrase, without its extension."""
    return f"{phrase.replace(' ', '_')}_{voice.name}"


def make_all(folder: Path) -> int:
    """Write every clip and return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    for voice in VOICES:
        for phrase, samples in zip(WORDS, spoken(voice, WORDS), strict=True):
            name = clip_name(phrase, voice)
            write(folder, name, framed(name, to_peak(samples, PEAK_DB)))
    for name, (speaker, text) in TALKS.items():
        write(folder, name, framed(name, talk(name, speaker, text)))
    write(folder, "oov_tv", framed("oov_tv", television()))
    for name, sound in NOISES.items():
        write(folder, name, framed(name, sound()))
    return len(WORDS) * len(VOICES) + len(TALKS) + 1 + len(NOISES)


# ---------------------------------------------------------------- recognising them


@dataclass(frozen=True)
class Row:
    """A line of heard.tsv, and the group it is counted in: the voice, or "oov" for sounds without a
    command."""

    group: str
    file: str
    state: str
    heard: tuple[str, ...]
    """the texts of the decisions"""
    ok: bool

    def line(self) -> str:
        """Return the line; decisions are separated by ' | '."""
        return "\t".join((self.file, self.state, " | ".join(self.heard), "yes" if self.ok else "no"))


def heard_in(path: Path, state: ListeningState) -> tuple[str, ...]:
    """Recognise a clip as in a session."""
    return tuple(noticed.decision.text for noticed in listen(read_sound(path), state, first_only=True))


def check_rows(folder: Path) -> Iterator[Row]:
    """Recognise every phrase in each state that accepts it, and every other sound in all states."""
    for voice in VOICES:
        for state, live in STATES.items():
            for phrase in live:
                name = f"{clip_name(phrase, voice)}.flac"
                heard = heard_in(folder / name, state)
                yield Row(voice.name, name, state.value, heard, heard == (phrase,))
    for other in (*TALKS, "oov_tv", *NOISES):
        for state in STATES:
            heard = heard_in(folder / f"{other}.flac", state)
            yield Row("oov", f"{other}.flac", state.value, heard, not heard)


def print_table(rows: Sequence[Row]) -> None:
    """Print how many clips of each voice and state are right, then list the wrong ones."""
    right = Counter((row.group, row.state) for row in rows if row.ok)
    total = Counter((row.group, row.state) for row in rows)
    print(f"{'voice':16}" + "".join(f"{state:>12}" for state in STATES))
    for group in dict.fromkeys(row.group for row in rows):
        cells = (f"{right[group, state.value]}/{total[group, state.value]}" for state in STATES)
        print(f"{group:16}" + "".join(f"{cell:>12}" for cell in cells))
    for row in rows:
        if not row.ok:
            print(f"  {row.file} in {row.state}: {row.heard}")


def check_all(folder: Path) -> None:
    """Write heard.tsv and print the table."""
    rows = list(check_rows(folder))
    lines = ["file\tstate\theard\tok", *(row.line() for row in rows)]
    (folder / "heard.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print_table(rows)


def main() -> int:
    """Make the clips, or test the existing ones with --check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="recognise the clips and write heard.tsv")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the clips")
    options = parser.parse_args()
    if options.check:
        check_all(options.out)
        return 0
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        advice = f"Debian: apt install {' '.join(PROGRAMS)} festvox-us-slt-hts"
        print(f"missing on PATH: {', '.join(missing)} ({advice})", file=sys.stderr)
        return 3
    print(f"{make_all(options.out)} clips in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
