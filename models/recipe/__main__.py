"""The recipe's command line: each step writes files, and a step whose files are there is not done again."""

import sys
import time
from collections.abc import Sequence, Set
from pathlib import Path

import click
import numpy as np
import torch

from recipe import corpus, evaluate, texts, voices
from recipe.augment import Streams, surroundings
from recipe.corpus import Prepared, Utterance
from recipe.export import export
from recipe.graph import Costs, ToolMissing
from recipe.music import music
from recipe.network import Network, Shape
from recipe.phones import Units
from recipe.prepare import WHOLE_SENTENCES, Plan, load, prepare
from recipe.sequence import WordLoop
from recipe.train import Schedule, train
from voicecoach.language import DECOYS, SAFETY, all_words

ROOT = Path(__file__).resolve().parents[2]
SPEECH = ROOT.parent / "shared" / "speech"
STREAM_S = 5.0
GRAPH_WORDS = 5600
"""Frequent words in the graph beside the commands, so that other grammars work too."""
SYNTHETIC = {"kokoro": 900, "piper": 1200, "flite": 1650, "espeak": 6450}
WEIGHTS = {
    "commands": 0.22, "words": 0.05, "sentences": 0.25, "phrases": 0.08,
    "kokoro": 0.24, "piper": 0.06, "flite": 0.12, "espeak": 0.25,
}  # fmt: skip
"""How often an utterance of each kind is drawn. "commands" are the words with phones of their own, each as
often as the other, however many recordings it has; "words" the rest of what was recorded alone; "sentences"
the few minutes in which real people say thousands of different words; "phrases" wake words and the like."""
MUSIC, MUSIC_S = 40, 8.0
"""Pieces of made music, and how long each is."""
STOP_WEIGHT = 2.0
"""The word that must never be missed is drawn twice as often as another."""
CRIES = 0.25
"""While the network settles, this share of each engine's draws comes on top, from what it says with a cry in
it ("pain", "help"), which no recording teaches: of 320 kept aside 18 were lost without it, 7 with."""
LEAST_REAL = 100
"""A word with as many recordings of its own gets phones of its own."""
SMOKE_WORDS = ("stop", "next")
SMOKE_SHAPE = Shape(width=192, bottleneck=48)
"""A fifth of the weights, for a processor without bfloat16."""


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "out" / "recipe", help="Work folder.")
@click.option("--prepared", type=click.Path(path_type=Path), help="Aligned speech, shared between trainings.")
@click.option("--speech", type=click.Path(path_type=Path), default=SPEECH, help="The shared speech folder.")
@click.option("--leave-out", multiple=True, metavar="WORD", help="Withhold the real recordings of WORD.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(sorted(SYNTHETIC)), help="Only these.")
@click.option("--phone-steps", type=int, default=2800, help="Training steps of 16 streams of 5 s.")
@click.option("--word-steps", type=int, default=1700)
@click.option("--settle-steps", type=int, default=1900, help="As many more; speech before them is coloured.")
@click.option("--kokoro", "by_kokoro", type=int, default=SYNTHETIC["kokoro"], help="Utterances by Kokoro.")
@click.option("--seed", type=int, default=1)
@click.option("--smoke", is_flag=True, help="Minutes, synthetic speech alone: does the whole way work?")
def recipe(
    out: Path,
    prepared: Path | None,
    speech: Path,
    leave_out: tuple[str, ...],
    engines: tuple[str, ...],
    phone_steps: int,
    word_steps: int,
    settle_steps: int,
    by_kokoro: int,
    seed: int,
    smoke: bool,
) -> None:
    """Make the command model: prepare speech, train, export to OUT/model, and say what it hears."""
    began = time.monotonic()
    counts = {**SYNTHETIC, "kokoro": by_kokoro}
    wanted = {engine: n for engine, n in counts.items() if not engines or engine in engines}
    if smoke:
        plan, schedule = Plan(None, {"espeak": 700}, seed, SMOKE_WORDS), Schedule(240, 160, seed=seed)
    elif not (speech / "index.tsv").exists():
        raise click.ClickException(f"{speech / 'index.tsv'}: no speech there. Name its folder with --speech.")
    else:
        plan = Plan(speech, wanted, seed)
        schedule = Schedule(phone_steps, word_steps, settle_steps=settle_steps, seed=seed)
    parts = {engine: load(paths) for engine, paths in prepare(plan, prepared or out / "prepared").items()}
    if "real" in parts:
        parts["real"] = parts["real"].without_words(leave_out)
    spelt = Units(corpus.well_taught((u.text for u in parts.get("real", ())), LEAST_REAL) & all_words())
    grammar = sorted(all_words() | set(leave_out))
    chance = np.random.default_rng(seed)
    around = surroundings(
        plan.speech, [music(chance, MUSIC_S) for _ in range(MUSIC)], voices.coach(200, seed)
    )
    drawn, cries = _weighted(parts, spelt.own_words), _cries(parts, spelt.own_words)
    streams = Streams(drawn, spelt, grammar, around, STREAM_S, seed, cries)
    torch.manual_seed(seed)
    network = Network(len(spelt), SMOKE_SHAPE if smoke else None)
    out.mkdir(parents=True, exist_ok=True)
    passable = _passable({*spelt.own_words, *leave_out})

    def loop(guests: Sequence[str], plain: Sequence[str]) -> WordLoop:
        return WordLoop([*grammar, *guests], spelt, Costs(), passable, plain)

    train(streams, network, spelt, loop, schedule, out)
    model = out / "model"
    words = list(dict.fromkeys([*grammar, *spelt.own_words, *texts.common_words(GRAPH_WORDS)]))
    export(network, spelt, words, model, Costs(), passable)
    print(f"{model}: {sum(p.numel() for p in network.parameters()) / 1e6:.2f} million weights", flush=True)
    if smoke:
        _told_apart(model, time.monotonic() - began)
        return
    real = [r for r in corpus.recordings(speech, "dev") if r.text in {*words, *leave_out}]
    found, instead = evaluate.tallies(model, ((corpus.read(r.path), r.text) for r in real))
    report = evaluate.table(found)
    for word, finals in sorted(instead.items()):
        report += f"\n{word}: " + ", ".join(f"{text or '-'} {n}" for text, n in finals.most_common(5))
    (out / "heard.md").write_text(report + "\n")
    print(report)


def _passable(taught: Set[str]) -> set[str]:
    """Decoys that may as well go through the filler.

    Not those of `taught`: what has recordings of its own can be told from talk, and a word left out is taught
    as a command is. And no part of a phrase, or "it hurts" is heard as "hurts".
    """
    return set(DECOYS) - taught - set(" ".join(texts.phrases()).split())


def _weighted(parts: dict[str, Prepared], own_words: Sequence[str]) -> list[tuple[Prepared, float]]:
    groups = [(part, WEIGHTS[engine]) for engine, part in parts.items() if engine != "real"]
    real: dict[str, list[Utterance]] = {"alone": [], "sentences": [], "phrases": []}
    for u in parts.get("real", ()):
        alone, sentence = u.source.startswith("gsc"), u.source in WHOLE_SENTENCES
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


def _cries(parts: dict[str, Prepared], own_words: Sequence[str]) -> list[tuple[Prepared, float]]:
    """What each engine says with a safety word in it that nobody recorded."""
    cries = {phrase.split()[-1] for phrase in SAFETY} - set(own_words)
    crying = {engine: part.with_words(cries) for engine, part in parts.items() if engine != "real"}
    return [(part, CRIES * WEIGHTS[engine]) for engine, part in crying.items() if part.utterances]


def _told_apart(model: Path, took_s: float) -> None:
    """A voice kept aside says both words at three speeds: each must be the final text, and nothing else."""
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
