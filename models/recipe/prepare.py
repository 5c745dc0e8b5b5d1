"""Writes aligned utterances of recordings and synthesis to disk, in shards. Existing shards are kept.

Nothing here depends on the network's outputs or on withheld words, so all training runs can share the shards.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from recipe import align, corpus, neural, rhymes, voices
from recipe.corpus import Prepared, Recording, Utterance

WHOLE_SENTENCES = ("resemblyzer_librispeech", "picovoice_s2i", "ljspeech_coqui")
_SHARDS = 16
"""Shards of real speech."""
_UTTERANCES = 150
"""In a shard of synthesis. A larger count adds shards and leaves the existing ones as they are."""
_LOUD_IN_SILENCE, _LOUD_IN_SYNTHETIC_SILENCE = 0.4, 0.1
"""An utterance with a larger share of loud frames labelled as silence is rejected as misaligned. The limit is
higher for recordings, where such frames can be noise."""


@dataclass(frozen=True)
class Plan:
    """`speech`: the folder of real speech (None: synthesis alone). `synthetic`: the number of utterances of
    each engine, rounded up to whole shards."""

    speech: Path | None
    synthetic: dict[str, int]
    seed: int
    commands: tuple[str, ...] = field(default=())
    """the commands to synthesise (the smoke run uses two); empty: all"""
    rhymes: bool = False
    """whether to add the rhyme test"""


@dataclass(frozen=True)
class _Shard:
    path: Path
    engine: str
    """"real", or a key of voices.ENGINES"""
    number: int
    commands: tuple[str, ...] = ()
    seed: int = 0
    real: tuple[Recording, ...] = ()
    kokoro_voices: Path | None = None


def real_speech(speech: Path) -> list[Recording]:
    """The train part without held-out speech. Raises ValueError if one of its speakers is also in dev."""
    train, dev = corpus.recordings(speech, "train"), corpus.recordings(speech, "dev")
    shared = corpus.speakers_shared(train, dev)
    if shared:
        raise ValueError(f"{speech / 'index.tsv'}: {len(shared)} speakers are in both train and dev")
    return [recording for recording in train if not corpus.held_out_speech(recording.path)]


def prepare(plan: Plan, folder: Path) -> dict[str, list[Path]]:
    """Writes folder/ENGINE-*.npz and folder/real-*.npz, and returns their paths by engine."""
    folder.mkdir(parents=True, exist_ok=True)
    shards = []
    if plan.speech is not None:
        real = real_speech(plan.speech)
        shards = [
            _Shard(folder / f"real-{k}.npz", "real", k, real=tuple(real[k::_SHARDS])) for k in range(_SHARDS)
        ]
    if plan.rhymes:
        clips = rhymes.recordings(rhymes.fetch(folder / "rhymes"), rhymes.TRAINED)
        shards.append(_Shard(folder / "real-rhymes.npz", "real", _SHARDS, real=tuple(clips)))
    styles = neural.fetch_voices(folder / "kokoro-js") if plan.synthetic.get("kokoro") else None
    for engine, n in plan.synthetic.items():
        shards += [
            _Shard(
                folder / f"{engine}-{k}.npz", engine, k, plan.commands, plan.seed,
                kokoro_voices=styles if engine == "kokoro" else None,
            )
            for k in range(-(-n // _UTTERANCES))
        ]  # fmt: skip
    wanted = [shard for shard in shards if not shard.path.exists()]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for report in pool.map(_prepared, wanted):
            print(report, flush=True)
    parts: dict[str, list[Path]] = {}
    for shard in shards:
        parts.setdefault(shard.engine, []).append(shard.path)
    return parts


def _prepared(shard: _Shard) -> str:
    if shard.engine == "real":
        found = [_recorded(recording) for recording in shard.real]
    else:
        # a separate seed for each engine and shard
        rng = np.random.default_rng((shard.seed, list(voices.ENGINES).index(shard.engine), shard.number))
        more = () if shard.kokoro_voices is None else (shard.kokoro_voices,)
        said = voices.ENGINES[shard.engine](_UTTERANCES, rng, shard.commands, *more)
        found = [align.aligned(sound, text, voice, pad=True) for sound, text, voice in said]
    most = _LOUD_IN_SILENCE if shard.engine == "real" else _LOUD_IN_SYNTHETIC_SILENCE
    kept = Prepared(u for u in found if u is not None and align.loud_in_silence(u) <= most)
    unfinished = shard.path.with_suffix(".part.npz")  # so that an interrupted run leaves no truncated shard
    kept.save(unfinished)
    unfinished.rename(shard.path)
    return f"{shard.path.name}: {len(kept.utterances)} of {len(found)} kept, {kept.seconds() / 60:.1f} min"


def _recorded(recording: Recording) -> Utterance | None:
    sentence = recording.source in WHOLE_SENTENCES
    found = align.aligned(corpus.read(recording.path), recording.text, recording.source, pad=not sentence)
    return rhymes.word_alone(found) if found and recording.source == rhymes.SOURCE else found


def load(paths: Iterable[Path]) -> Prepared:
    """All utterances of these shards."""
    return Prepared(u for path in paths for u in Prepared.load(path))
