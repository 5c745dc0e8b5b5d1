"""Recordings as the shared index lists them, and aligned utterances made from them or by synthesis."""

import csv
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

RATE_HZ = 16000
FRAME = 160
"""Samples in 10 ms: one frame of features."""
Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of one speaker; `text` is in lower case, its words separated by spaces."""

    path: Path
    text: str
    speaker: str
    source: str
    licence: str


def recordings(speech: Path, part: str) -> list[Recording]:
    """The rows of `part` ("train" or "dev") of speech/index.tsv that have a text.

    Texts of one letter are letter names and are left out: the dictionary pronounces "a" as the article.
    """
    with (speech / "index.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return [
        Recording(speech / r["path"], r["text"].lower(), r["speaker"], r["source"], r["licence"])
        for r in rows
        if r["path"].startswith(part + "/") and len(r["text"]) > 1
    ]


def speakers_shared(a: Iterable[Recording], b: Iterable[Recording]) -> set[str]:
    """Speech Commands speakers that are on both sides of a split. There must be none."""

    def of(rows: Iterable[Recording]) -> set[str]:
        return {r.speaker for r in rows if r.speaker.startswith("gsc:")}

    return of(a) & of(b)


def held_out_sound(path: Path) -> bool:
    """Whether this noise or room is held out for evaluation, as a fifth of each are."""
    return zlib.crc32(path.name.encode()) % 5 == 0


def held_out_speech(path: Path) -> bool:
    """Whether this talk is held out for evaluation: a sixth of LibriSpeech, whose speakers have one clip
    each."""
    return "resemblyzer_librispeech" in path.parts and zlib.crc32(path.name.encode()) % 6 == 0


def frequent_words(texts: Iterable[str], at_least: int) -> set[str]:
    """Words that are the whole of at least `at_least` texts."""
    return {word for word, n in Counter(texts).items() if n >= at_least and " " not in word}


def read(path: Path) -> Samples:
    """The file as mono float32 at 16 kHz, full scale 1."""
    data, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    mono = data.mean(axis=1)
    return np.asarray(mono if rate_hz == RATE_HZ else soxr.resample(mono, rate_hz, RATE_HZ), np.float32)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone and its time in frames of 10 ms."""

    name: str
    start: int
    frames: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word and its phones, in the pronunciation that aligned best."""

    word: str
    phones: tuple[Phone, ...]

    @property
    def start(self) -> int:
        return self.phones[0].start

    @property
    def end(self) -> int:
        return self.phones[-1].start + self.phones[-1].frames

    def moved(self, frames: int, speed: float = 1.0) -> "Spoken":
        """The word shifted by `frames`, then played at `speed`. Its phones stay without gaps."""
        edges = [(p.start + frames, p.start + p.frames + frames) for p in self.phones]
        scaled = [(round(start / speed), round(end / speed)) for start, end in edges]
        phones = zip(self.phones, scaled, strict=True)
        return Spoken(self.word, tuple(Phone(p.name, start, end - start) for p, (start, end) in phones))


@dataclass(frozen=True, slots=True)
class Utterance:
    """An aligned utterance: int16 samples at 16 kHz, and its words and phones with their times."""

    samples: npt.NDArray[np.int16]
    words: tuple[Spoken, ...]
    source: str

    @property
    def text(self) -> str:
        return " ".join(spoken.word for spoken in self.words)

    def holds(self, words: Set[str]) -> bool:
        """Whether it contains any of `words`."""
        return any(spoken.word in words for spoken in self.words)


class Prepared:
    """Aligned utterances, kept in one .npz file without pickles, so that a file cannot run code."""

    def __init__(self, utterances: Iterable[Utterance]) -> None:
        self.utterances = list(utterances)

    def __iter__(self) -> Iterator[Utterance]:
        return iter(self.utterances)

    def seconds(self) -> float:
        return sum(len(u.samples) for u in self) / RATE_HZ

    def without_words(self, words: Iterable[str]) -> "Prepared":
        """Without every utterance that contains one of `words`, for leave-one-word-out training."""
        barred = set(words)
        return Prepared(u for u in self if not u.holds(barred))

    def with_words(self, words: Iterable[str]) -> "Prepared":
        """Only the utterances that contain one of `words`."""
        wanted = set(words)
        return Prepared(u for u in self if u.holds(wanted))

    def save(self, path: Path) -> None:
        meta = [
            (
                len(u.samples),
                u.source,
                [(w.word, [(p.name, p.start, p.frames) for p in w.phones]) for w in u.words],
            )
            for u in self
        ]
        np.savez(
            path,
            samples=np.concatenate([np.zeros(0, np.int16), *(u.samples for u in self)]),
            meta=np.frombuffer(json.dumps(meta).encode(), np.uint8),
        )

    @classmethod
    def load(cls, path: Path) -> "Prepared":
        with np.load(path) as file:
            samples, meta = file["samples"], json.loads(file["meta"].tobytes())
        found, at = [], 0
        for length, source, words in meta:
            spoken = tuple(Spoken(word, tuple(Phone(*p) for p in phones)) for word, phones in words)
            found.append(Utterance(samples[at : at + length], spoken, source))
            at += length
        return cls(found)
