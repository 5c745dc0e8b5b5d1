"""Trains what classifies a sentence (voicecoach/listening/intents.py):  python -m recipe.intents

Examples: `intents/*.tsv` here, and the lists of tests/language that were made to tune on. A line is a state,
the commands that it may mean (or "-": it is not for the coach), and the sentence. Multinomial logistic
regression on MiniLM's embeddings; it takes a minute, and the same examples give the same weights.
"""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from voicecoach.language import plain
from voicecoach.listening.intents import WEIGHTS, Head
from voicecoach.listening.minilm import SIZE, MiniLM
from voicecoach.listening.onnx import Floats

EXAMPLES = Path(__file__).parent / "intents"
LISTS = Path(__file__).parents[2] / "tests" / "language"
TUNING_LISTS = ("sentences_tune", "sentences_more")
HELD_OUT_LISTS = ("sentences_test", "sentences_held_out")
STRENGTH = 30.0
"""How far the weights may follow the examples: the inverse of the L2 penalty, of some 3,700 examples."""
BATCH = 64


@dataclass(frozen=True)
class Example:
    state: str
    intents: tuple[str, ...]
    """commands, or NOTHING"""
    text: str

    def line(self) -> str:
        return f"{self.state}\t{'|'.join(self.intents)}\t{self.text}\n"


def examples() -> list[Example]:
    """All of them, each once, without the sentences that are kept to measure with."""
    paths = [*sorted(EXAMPLES.glob("*.tsv")), *(LISTS / f"{name}.tsv" for name in TUNING_LISTS)]
    held_out = {plain(e.text) for name in HELD_OUT_LISTS for e in read(LISTS / f"{name}.tsv")}
    found = {(e.intents, e.text): e for path in paths for e in read(path) if plain(e.text) not in held_out}
    return list(found.values())


def read(path: Path) -> Iterator[Example]:
    for line in path.read_text("utf-8").splitlines():
        state, meant, text = line.split("\t")
        yield Example(state, tuple(meant.split("|")), text)


def digest(given: Sequence[Example]) -> str:
    return hashlib.sha256("".join(example.line() for example in given).encode()).hexdigest()


def fit(given: Sequence[Example], embedded: Floats, strength: float = STRENGTH) -> Head:
    """`embedded`: shape (examples, SIZE). An example of two intents counts half for each."""
    intents = tuple(sorted({intent for example in given for intent in example.intents}))
    wanted = np.zeros((len(given), len(intents)))
    for row, example in zip(wanted, given, strict=True):
        for intent in example.intents:
            row[intents.index(intent)] = 1 / len(example.intents)
    x = embedded.astype(np.float64)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(len(intents), SIZE + 1)
        scores = x @ weights[:, :-1].T + weights[:, -1]
        scores -= scores.max(1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        wrong = np.exp(logs) - wanted
        slope = np.concatenate([wrong.T @ x + weights[:, :-1] / strength, wrong.sum(0)[:, None]], 1)
        penalty = (weights[:, :-1] ** 2).sum() / (2 * strength)
        return float(penalty - (wanted * logs).sum()), slope.ravel()

    start = np.zeros(len(intents) * (SIZE + 1))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000})
    weights = found.x.reshape(len(intents), SIZE + 1).astype(np.float32)
    return Head(intents, weights[:, :-1], weights[:, -1], digest(given))


def embedded(texts: Sequence[str]) -> Floats:
    """Shape (texts, SIZE)."""
    model = MiniLM()
    return np.concatenate([model.embed(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)])


def main() -> None:
    given = examples()
    head = fit(given, embedded([example.text for example in given]))
    head.save()
    print(f"{WEIGHTS}: {len(head.intents)} intents from {len(given)} examples", file=sys.stderr)


if __name__ == "__main__":
    main()
