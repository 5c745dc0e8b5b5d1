"""How well a narrow microphone is noticed, and what it loses:  scripts/bench bandwidth [--wide FOLDER]

Recordings as they are, and sent through a microphone of a lower rate and back. The shared speech is of
16 kHz. The model is the one in use (`voicecoach model use NAME`). `--wide` names a folder of recordings of
44.1 kHz or more, of which each subfolder counts as one person.
"""

import argparse
import csv
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from recipe.manners import mu_law

from scripts.benches.conditions import MOMENTS, heard_in
from scripts.benches.ear import HELD_OUT_VOICES, SPEECH, WORDS, Clip, dev_clips, expected_state
from scripts.benches.figures import share, table
from scripts.benches.listeners import VoskListener
from scripts.benches.talk import heard
from voicecoach.app import shelf
from voicecoach.audio import read_sound
from voicecoach.language import Command, ListeningState
from voicecoach.listening import Bandwidth, is_narrow
from voicecoach.sound import Samples
from voicecoach.testing import PHRASES, SAFETY
from voicecoach.units import BLOCK, RATE_HZ

MOST_S = 30
"""This much of what a person says is listened to."""
Band = Callable[[Samples], Samples]


def sixteen_bits(sound: npt.NDArray[np.floating]) -> Samples:
    return np.asarray(np.round(np.clip(sound, -1, 1) * 32767) / 32768, np.float32)


def rate(rate_hz: int, quality: str = "HQ") -> Band:
    def through(sound: Samples) -> Samples:
        sampled = sixteen_bits(soxr.resample(sound, RATE_HZ, rate_hz, quality=quality))
        return sixteen_bits(soxr.resample(sampled, rate_hz, RATE_HZ, quality=quality))

    return through


def g711(sound: Samples) -> Samples:
    """G.711 at 8 kHz."""
    return sixteen_bits(soxr.resample(mu_law(soxr.resample(sound, RATE_HZ, 8_000)), 8_000, RATE_HZ))


def cvsd(sound: Samples) -> Samples:
    """Bluetooth's hands-free codec: one bit, 64,000 times a second, for up or down, with steps that grow."""
    fast = 32768 * soxr.resample(soxr.resample(sound, RATE_HZ, 8_000), 8_000, 64_000)
    step, estimate, last = 10.0, 0.0, 0
    decoded = np.empty_like(fast)
    for i, value in enumerate(fast):
        up = value >= estimate
        last = (last << 1 | up) & 15
        step = min(step + 10, 1280.0) if last in (0, 15) else max(step * (1 - 1 / 1024), 10.0)
        estimate = min(max(estimate * (1 - 1 / 32) + (step if up else -step), -32768.0), 32767.0)
        decoded[i] = estimate
    slow = soxr.resample(decoded / 32768, 64_000, 8_000)
    return sixteen_bits(soxr.resample(slow, 8_000, RATE_HZ))


def quick_speex(sound: Samples) -> Samples:
    """8 kHz, brought up by a filter of 16 taps and Kaiser's window, as Speex does at quality 1."""
    sampled = soxr.resample(sound, RATE_HZ, 8_000)
    raised = np.zeros(6 * len(sampled))
    raised[::6] = sampled
    t = np.arange(-48, 49) / 6
    return sixteen_bits(np.convolve(raised, 0.88 * np.sinc(0.88 * t) * np.kaiser(97, 6), "same"))


def linear(sound: Samples) -> Samples:
    """8 kHz, brought up by straight lines between the samples."""
    sampled = soxr.resample(sound, RATE_HZ, 8_000)
    return sixteen_bits(np.interp(np.arange(6 * len(sampled)) / 6, np.arange(len(sampled)), sampled))


BANDS: dict[str, Band] = {
    "as recorded": sixteen_bits,
    "16 kHz": rate(16_000),
    "11 kHz": rate(11_025),
    "8 kHz": rate(8_000),
    "8 kHz, G.711": g711,
    "8 kHz, CVSD": cvsd,
    "8 kHz, raised by soxr LQ": rate(8_000, "LQ"),
    "8 kHz, raised as by Speex 1": quick_speex,
    "8 kHz, raised linearly": linear,
}


# -- is it noticed?


def limit(job: tuple[tuple[str, ...], str]) -> tuple[float | None, bool]:
    """How high the microphone hears, after all of these recordings; whether it ever counted as narrow."""
    paths, band = job
    sound = np.concatenate([read_sound(Path(path)) for path in paths])[: MOST_S * RATE_HZ]
    sound = BANDS[band](sound)
    bandwidth, ever = Bandwidth(), False
    for start in range(0, len(sound) - BLOCK + 1, BLOCK):
        bandwidth.hear(sound[start : start + BLOCK])
        ever |= is_narrow(bandwidth.limit_hz)
    return bandwidth.limit_hz, ever


def people(root: Path, folder: str, most: int = 10_000) -> list[tuple[str, ...]]:
    """The recordings in `folder`, by speaker, as many as are listened to."""
    found: dict[str, list[str]] = defaultdict(list)
    length_s: dict[str, float] = defaultdict(float)
    with (root / "index.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            who = row["speaker"] or row["path"]
            if row["path"].startswith(folder) and length_s[who] < MOST_S and (root / row["path"]).exists():
                found[who].append(str(root / row["path"]))
                length_s[who] += float(row["seconds"])
    chosen = sorted(found)
    np.random.default_rng(0).shuffle(chosen)
    return [tuple(found[who]) for who in chosen[:most]]


def in_folders(folder: Path, rates_hz: range) -> list[tuple[str, ...]]:
    """The recordings of these rates, by the folder they lie in."""
    found: dict[Path, list[str]] = defaultdict(list)
    for path in sorted([*folder.rglob("*.ogg"), *folder.rglob("*.wav"), *folder.rglob("*.flac")]):
        if soundfile.info(path).samplerate in rates_hz and path.stem != "Noise":
            found[path.parent].append(str(path))
    return [tuple(paths) for paths in found.values() if len(paths) >= 5]


def noticed(pool: ProcessPoolExecutor, folder: Path | None) -> Iterable[str]:
    strangers = SPEECH / "strangers"
    groups: dict[str, list[tuple[str, ...]]] = {
        "noise": [(str(path),) for path in sorted((SPEECH / "noise").rglob("*.opus"))],
        "people, 16 kHz": people(SPEECH, "dev/") + people(SPEECH, "train/", 500),
        "strangers, 16 kHz": people(strangers, "cries/"),
        "telephone calls": people(strangers, "telephone"),
    }
    if folder:
        groups["people, 44.1 kHz or more"] = in_folders(folder, range(44_100, 200_000))
        groups["recorded at 8 kHz"] = in_folders(folder, range(8_000, 8_001))
    head = (
        "recordings",
        "microphone",
        "n",
        "too little heard",
        "narrow",
        "at any time",
        "below 7 kHz",
        "limit, kHz",
    )
    rows = []
    for what, recordings in groups.items():
        for band in BANDS if what.startswith("people") else ("as recorded", "8 kHz"):
            some = recordings[:40] if band.endswith("CVSD") else recordings  # slow
            found = list(pool.map(limit, [(paths, band) for paths in some], chunksize=4))
            heard = [(hz, ever) for hz, ever in found if hz is not None]
            kinds = sorted(hz / 1000 for hz, _ in heard)
            span = f"{kinds[0]:g} / {kinds[len(kinds) // 2]:g} / {kinds[-1]:g}" if kinds else "-"
            narrow = sum(is_narrow(hz) for hz, _ in heard)
            ever = sum(ever for _, ever in heard)
            without = len(found) - len(heard)
            low = sum(hz < 7_000 for hz, _ in heard)
            rows.append((what, band, len(heard), without, share(narrow, len(heard)), ever, low, span))
            print(rows[-1], file=sys.stderr, flush=True)
    return table(head, rows)


# -- what does it lose?


@dataclass(frozen=True)
class Word:
    path: str
    command: Command
    state: ListeningState
    condition: str = ""


def decided(job: tuple[VoskListener | None, Word, str]) -> bool:
    """By this first ear alone; None: by both ears, with the model in use."""
    listener, word, band = job
    sound = BANDS[band](heard_in(Path(word.path), word.condition, SPEECH)[0])
    if listener is None:
        return heard(sound, Clip(word.path, "", word.state)).first_of(word.command) is not None
    return any(d.command is word.command for d in listener.listen(sound, word.state).decisions)


def words() -> dict[str, list[Word]]:
    """Safety words: of held-out people, of strangers, of held-out synthetic voices."""
    held_out, _ = dev_clips(4)
    stop = [Word(c.path, Command.STOP, c.state) for c in held_out if c.text == "stop"]
    groups = {'"stop", held-out people': stop}
    for text in ("stop", "help"):
        folder = SPEECH / "strangers" / "cries" / text
        clips = [Word(str(path), SAFETY[text], expected_state(text)) for path in sorted(folder.iterdir())]
        groups[f'"{text}", strangers'] = clips
    for command in dict.fromkeys(SAFETY.values()):
        groups[f'words for "{command}", synthetic'] = [
            Word(str(path), command, expected_state(text), moment)
            for text in SAFETY
            if SAFETY[text] is command and text in PHRASES[expected_state(text)]
            for voice in HELD_OUT_VOICES
            if (path := WORDS / f"{text.replace(' ', '_')}_{voice}.flac").exists()
            for moment in MOMENTS
        ]
    return groups


def lost(pool: ProcessPoolExecutor, listener: VoskListener | None) -> Iterable[str]:
    bands: tuple[str, ...] = ("as recorded", "8 kHz, G.711")
    if listener:
        bands = ("as recorded", "11 kHz", "8 kHz", "8 kHz, G.711", "8 kHz, CVSD")
    rows = []
    for what, clips in words().items():
        cells = []
        for band in bands:
            hits = sum(pool.map(decided, [(listener, clip, band) for clip in clips], chunksize=8))
            cells.append(share(len(clips) - hits, len(clips)))
        rows.append((what, len(clips), *cells))
        print(rows[-1], file=sys.stderr, flush=True)
    return table(("missed", "n", *bands), rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wide", type=Path, metavar="FOLDER", help="recordings of 44.1 kHz or more")
    parser.add_argument("--only", choices=("noticed", "lost"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    if not (SPEECH / "index.tsv").exists():
        sys.exit(f"SKIPPED: no speech at {SPEECH}. Set VOICECOACH_SPEECH to the folder that holds index.tsv.")
    name = shelf().in_use()
    with ProcessPoolExecutor(options.jobs) as pool:
        if options.only != "lost":
            print(*noticed(pool, options.wide), sep="\n", flush=True)
        if options.only != "noticed":
            print(
                f"First ear alone, {name}:",
                "",
                *lost(pool, VoskListener(name, shelf().verified(name))),
                sep="\n",
            )
            print("", f"Both ears, {name}:", "", *lost(pool, None), sep="\n")


if __name__ == "__main__":
    main()
