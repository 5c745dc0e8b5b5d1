"""From recordings and synthesis to aligned utterances on disk, one file a part; parts already there are kept.

Nothing here depends on the network's outputs or on words left out, so every training shares the parts.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from recipe import align, corpus, neural, voices
from recipe.corpus import Prepared, Recording

WHOLE_SENTENCES = ("resemblyzer_librispeech", "picovoice_s2i", "ljspeech_coqui")
_SHARDS = 16
"""Files of real speech."""
_UTTERANCES = 150
"""In a file of synthesis. More utterances asked for are more files: those made before stay as they are."""
_LOUD_IN_SILENCE, _LOUD_IN_SYNTHETIC_SILENCE = 0.4, 0.1
"""An utterance with more of it is set aside as misaligned. In a recording it can be noise."""


@dataclass(frozen=True)
class Plan:
    """`speech`: where real speech lies (None: synthesis alone); `synthetic`: utterances by engine, made up to
    whole files."""

    speech: Path | None
    synthetic: dict[str, int]
    seed: int
    said: tuple[str, ...] = field(default=())
    """narrows the synthesised commands (the smoke run); empty: all"""


@dataclass(frozen=True)
class _Shard:
    path: Path
    engine: str
    """"real", or a key of voices.ENGINES"""
    number: int
    said: tuple[str, ...] = ()
    seed: int = 0
    real: tuple[Recording, ...] = ()
    kokoro_voices: Path | None = None


def real_speech(speech: Path) -> list[Recording]:
    """The train part but for what is held out. Raises ValueError if one of its speakers is in dev, too."""
    train, dev = corpus.recordings(speech, "train"), corpus.recordings(speech, "dev")
    shared = corpus.speakers_shared(train, dev)
    if shared:
        raise ValueError(f"{speech / 'index.tsv'}: {len(shared)} speakers are in train and in dev")
    return [recording for recording in train if not corpus.held_out(recording.path)]


def prepare(plan: Plan, folder: Path) -> dict[str, list[Path]]:
    """Writes folder/ENGINE-*.npz and folder/real-*.npz; returns their paths by engine."""
    folder.mkdir(parents=True, exist_ok=True)
    shards = []
    if plan.speech is not None:
        real = real_speech(plan.speech)
        shards = [
            _Shard(folder / f"real-{k}.npz", "real", k, real=tuple(real[k::_SHARDS])) for k in range(_SHARDS)
        ]
    styles = neural.fetch_voices(folder / "kokoro-js") if plan.synthetic.get("kokoro") else None
    for engine, n in plan.synthetic.items():
        shards += [
            _Shard(
                folder / f"{engine}-{k}.npz", engine, k, plan.said, plan.seed,
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
        found = [
            align.aligned(corpus.read(r.path), r.text, r.source, pad=r.source not in WHOLE_SENTENCES)
            for r in shard.real
        ]
    else:
        # a seed of its own for each engine and shard
        chance = np.random.default_rng((shard.seed, list(voices.ENGINES).index(shard.engine), shard.number))
        more = () if shard.kokoro_voices is None else (shard.kokoro_voices,)
        said = voices.ENGINES[shard.engine](_UTTERANCES, chance, shard.said, *more)
        found = [align.aligned(sound, text, voice, pad=True) for sound, text, voice in said]
    most = _LOUD_IN_SILENCE if shard.engine == "real" else _LOUD_IN_SYNTHETIC_SILENCE
    kept = Prepared(u for u in found if u is not None and align.loud_in_silence(u) <= most)
    unfinished = shard.path.with_suffix(".part.npz")  # a killed run leaves no half file under the final name
    kept.save(unfinished)
    unfinished.rename(shard.path)
    return f"{shard.path.name}: {len(kept.utterances)} of {len(found)} kept, {kept.seconds() / 60:.1f} min"


def load(paths: Iterable[Path]) -> Prepared:
    return Prepared(u for path in paths for u in Prepared.load(path))
