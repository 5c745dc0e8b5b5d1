"""The recipe's command line. Prepared speech and training continue from the files of an earlier run."""

import sys
import time
from collections.abc import Sequence, Set
from pathlib import Path

import click
import numpy as np
import torch

from recipe import corpus, evaluate, rhymes, texts, voices
from recipe.augment import VARIETIES, Streams, load_background
from recipe.corpus import Prepared, Utterance
from recipe.export import export
from recipe.graph import Costs, ToolMissing
from recipe.music import music
from recipe.network import Network, Shape
from recipe.phones import Units
from recipe.prepare import WHOLE_SENTENCES, Plan, load, prepare
from recipe.sequence import WordLoop
from recipe.train import Schedule, train
from voicecoach.language import all_words

ROOT = Path(__file__).resolve().parents[2]
SPEECH = ROOT.parent / "shared" / "speech"
STREAM_S = 5.0
GRAPH_WORDS = 5600
"""Frequent words in the graph besides the commands, so that other grammars work too."""
SYNTHETIC = {"kokoro": 900, "piper": 1200, "flite": 1650, "espeak": 6450}
WEIGHTS = {
    "commands": 0.22, "words": 0.05, "sentences": 0.25, "phrases": 0.08,
    "kokoro": 0.24, "piper": 0.06, "flite": 0.12, "espeak": 0.25,
}  # fmt: skip
"""Sampling weight of each kind of utterance. "commands": recordings of the words with phones of their own,
each word equally often whatever its number of recordings; "words": the other words that were recorded alone;
"sentences": the few minutes in which real people say thousands of different words; "phrases": wake words and
the like."""
MUSIC, MUSIC_S = 40, 8.0
"""Number and length of the generated pieces of music."""
STOP_WEIGHT = 2.0
"""The command that must not be missed is drawn twice as often as the others."""
SAFETY_WEIGHT = 0.25
"""In fine-tuning, each engine's weight rises by this share for its utterances with an unrecorded safety word
("pain", "help"). Of 320 safety phrases of held-out voices 18 were not acted on without this, 7 with it."""
MIN_RECORDINGS = 100
"""A word with at least this many recordings gets phones of its own."""
SMOKE_WORDS = ("stop", "next")
SMOKE_SHAPE = Shape(width=192, bottleneck=48)
"""A fifth of the weights, for CPUs without bfloat16."""


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "out" / "recipe", help="Work folder.")
@click.option("--prepared", type=click.Path(path_type=Path), help="Folder of aligned speech.")
@click.option("--speech", type=click.Path(path_type=Path), default=SPEECH, help="Folder of recordings.")
@click.option("--leave-out", multiple=True, metavar="WORD", help="Withhold the real recordings of WORD.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(sorted(SYNTHETIC)), help="Only these.")
@click.option("--phone-steps", type=int, default=2800, help="Steps of 16 streams of 5 s on phones.")
@click.option("--word-steps", type=int, default=1700, help="Steps on words.")
@click.option("--fine-tuning-steps", type=int, default=1900, help="Steps of fine-tuning, after the others.")
@click.option("--kokoro", "by_kokoro", type=int, default=SYNTHETIC["kokoro"], help="Utterances by Kokoro.")
@click.option(
    "--variety",
    type=click.Choice(list(VARIETIES)),
    default="standard",
    help="standard: en-scratch; telephone: en-telephone; wider: a trial (TRIALS.md).",
)
@click.option("--seed", type=int, default=1)
@click.option("--smoke", is_flag=True, help="Test the whole recipe in minutes, on synthetic speech alone.")
def recipe(
    out: Path,
    prepared: Path | None,
    speech: Path,
    leave_out: tuple[str, ...],
    engines: tuple[str, ...],
    phone_steps: int,
    word_steps: int,
    fine_tuning_steps: int,
    by_kokoro: int,
    variety: str,
    seed: int,
    smoke: bool,
) -> None:
    """Make the command model: prepare speech, train, export to OUT/model, and report what it recognises."""
    began = time.monotonic()
    counts = {**SYNTHETIC, "kokoro": by_kokoro}
    wanted = {engine: n for engine, n in counts.items() if not engines or engine in engines}
    if smoke:
        plan, schedule = Plan(None, {"espeak": 700}, seed, SMOKE_WORDS), Schedule(240, 160, seed=seed)
    elif not (speech / "index.tsv").exists():
        raise click.ClickException(f"{speech / 'index.tsv'}: no recordings. Name their folder with --speech.")
    else:
        plan = Plan(speech, wanted, seed, rhymes=variety == "wider")
        schedule = Schedule(phone_steps, word_steps, fine_tuning_steps=fine_tuning_steps, seed=seed)
    parts = {engine: load(paths) for engine, paths in prepare(plan, prepared or out / "prepared").items()}
    if "real" in parts:
        parts["real"] = parts["real"].without_words(leave_out)
    recorded = corpus.frequent_words((u.text for u in parts.get("real", ())), MIN_RECORDINGS)
    units = Units(recorded & all_words(texts.VOCABULARY))
    grammar = sorted(all_words(texts.VOCABULARY) | set(leave_out))
    rng = np.random.default_rng(seed)
    pieces = [music(rng, MUSIC_S) for _ in range(MUSIC)]
    background = load_background(plan.speech, pieces, voices.coach(200, seed))
    weighted, safety = _weighted(parts, units.own_words), _safety_parts(parts, units.own_words)
    streams = Streams(weighted, units, grammar, background, STREAM_S, seed, safety, VARIETIES[variety])
    torch.manual_seed(seed)
    network = Network(len(units), SMOKE_SHAPE if smoke else None)
    out.mkdir(parents=True, exist_ok=True)
    absorbable = _absorbable({*units.own_words, *leave_out})

    def loop(extra_words: Sequence[str], shared_only: Sequence[str]) -> WordLoop:
        return WordLoop([*grammar, *extra_words], units, Costs(), absorbable, shared_only)

    train(streams, network, units, loop, schedule, out)
    model = out / "model"
    words = list(dict.fromkeys([*grammar, *units.own_words, *texts.common_words(GRAPH_WORDS)]))
    export(network, units, words, model, Costs(), absorbable)
    print(f"{model}: {sum(p.numel() for p in network.parameters()) / 1e6:.2f} million weights", flush=True)
    if smoke:
        _check_smoke(model, time.monotonic() - began)
        return
    real = [r for r in corpus.recordings(speech, "dev") if r.text in {*words, *leave_out}]
    found, instead = evaluate.tallies(model, ((corpus.read(r.path), r.text) for r in real))
    report = evaluate.table(found)
    for word, finals in sorted(instead.items()):
        report += f"\n{word}: " + ", ".join(f"{text or '-'} {n}" for text, n in finals.most_common(5))
    (out / "heard.md").write_text(report + "\n")
    print(report)


def _absorbable(commands: Set[str]) -> set[str]:
    """The decoys that the filler may absorb.

    Not those in `commands`, which are the words with phones of their own, as they can be told from talk, and
    the withheld words, as those are trained like commands. And not the words of a phrase, or "it hurts" would
    become "hurts".
    """
    return set(texts.VOCABULARY.decoys) - commands - set(" ".join(texts.phrases()).split())


def _weighted(parts: dict[str, Prepared], own_words: Sequence[str]) -> list[tuple[Prepared, float]]:
    """The utterances by kind, with their sampling weights."""
    groups = [(part, WEIGHTS[engine]) for engine, part in parts.items() if engine != "real"]
    real: dict[str, list[Utterance]] = {"alone": [], "sentences": [], "phrases": []}
    for u in parts.get("real", ()):
        alone = u.source.startswith("gsc") or u.source == rhymes.SOURCE
        sentence = u.source in WHOLE_SENTENCES
        real["alone" if alone else "sentences" if sentence else "phrases"].append(u)
    groups += [(Prepared(real[kind]), WEIGHTS[kind]) for kind in ("sentences", "phrases")]
    groups.append((Prepared(u for u in real["alone"] if u.text not in own_words), WEIGHTS["words"]))
    weights = {word: STOP_WEIGHT if word == "stop" else 1.0 for word in own_words}
    total = sum(weights.values())
    for word, weight in weights.items():
        groups.append(
            (Prepared(u for u in real["alone"] if u.text == word), weight / total * WEIGHTS["commands"])
        )
    return [(part, share) for part, share in groups if part.utterances]


def _safety_parts(parts: dict[str, Prepared], own_words: Sequence[str]) -> list[tuple[Prepared, float]]:
    """Each engine's utterances with an unrecorded safety word, and the weights added in fine-tuning."""
    words = {phrase.text.split()[-1] for phrase in texts.VOCABULARY.safety} - set(own_words)
    found = {engine: part.with_words(words) for engine, part in parts.items() if engine != "real"}
    return [(part, SAFETY_WEIGHT * WEIGHTS[engine]) for engine, part in found.items() if part.utterances]


def _check_smoke(model: Path, took_s: float) -> None:
    """Exits with 1 if more than one clip is wrong. Two held-out voices say both words at three rates; a clip
    is right if the word alone is the final result."""
    clips = []
    for name in ("gmw/en-GB-x-rp+f3", "gmw/en-US+m3"):
        for word in SMOKE_WORDS:
            for rate in (120, 150, 180):
                clips.append((voices.espeak(word, name, rate), word))
    wrong = 0
    for sound, word in clips:
        _, final = evaluate.listen(model, [*SMOKE_WORDS, evaluate.FILLER], sound)
        wrong += final != word
        print(f"{word}: {final or '-'}")
    print(f"{len(clips) - wrong} of {len(clips)} right, {took_s:.0f} s")
    if wrong > 1:
        sys.exit(1)


def main() -> None:
    try:
        recipe()
    except ToolMissing as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
