"""What a finished model recognises in stock Vosk, before voicecoach's decision rule.

heard   the word is in some partial result or in the final one
final   the final result is the word and nothing else ([unk] is ignored)
"""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from recipe.corpus import RATE_HZ, Samples
from recipe.texts import VOCABULARY
from voicecoach.language import ListeningState, grammar

BLOCK = 320
"""20 ms at 16 kHz, the block size of the player."""
_QUIET_S = 0.5
_FLOOR = 1e-4
FILLER = "[unk]"


@dataclass
class Tally:
    n: int = 0
    heard: int = 0
    final: int = 0

    def row(self) -> str:
        return f"{self.n} | {share(self.heard, self.n)} | {share(self.final, self.n)}"


def share(k: int, n: int) -> str:
    """k of n in percent, with its 95 % interval (Wilson)."""
    if n == 0:
        return "-"
    low, high = binomtest(k, n).proportion_ci(method="wilson")
    return f"{100 * k / n:.1f} % ({100 * low:.0f}-{100 * high:.0f})"


def phrases(extra: Iterable[str]) -> list[str]:
    """The grammar of every test: the commands during an exercise, the answers to a question, and `extra`."""
    live = [
        *grammar(VOCABULARY, ListeningState.HOLDING),
        *grammar(VOCABULARY, ListeningState.QUESTION),
        *extra,
    ]
    return list(dict.fromkeys(live))


@cache
def _model(path: str) -> Any:
    import vosk

    vosk.SetLogLevel(-1)
    return vosk.Model(model_path=path)


def listen(model: Path, words: list[str], sound: Samples) -> tuple[set[str], str]:
    """The words of all results, and the text of the final one. `sound` is at 16 kHz, full scale 1."""
    import vosk

    recogniser = vosk.KaldiRecognizer(_model(str(model)), RATE_HZ, json.dumps(words))
    quiet = np.random.default_rng(0).normal(0, _FLOOR, int(_QUIET_S * RATE_HZ))
    pcm = (np.concatenate([quiet, sound, quiet]) * 32767).clip(-32768, 32767).astype(np.int16)
    seen: set[str] = set()
    finals: list[str] = []
    for start in range(0, len(pcm), BLOCK):
        if recogniser.AcceptWaveform(pcm[start : start + BLOCK].tobytes()):
            finals.append(json.loads(recogniser.Result())["text"])
        else:
            seen |= set(json.loads(recogniser.PartialResult())["partial"].split())
    finals.append(json.loads(recogniser.FinalResult())["text"])
    text = " ".join(word for final in finals for word in final.split() if word != FILLER)
    return seen | set(text.split()), text


def _one(job: tuple[Path, list[str], Samples, str]) -> tuple[bool, bool, str]:
    model, words, sound, text = job
    seen, final = listen(model, words, sound)
    return set(text.split()) <= seen, final == text, final


def tallies(
    model: Path, clips: Iterable[tuple[Samples, str]]
) -> tuple[dict[str, Tally], dict[str, Counter[str]]]:
    """For each text, how often it was recognised, and what the wrong final results were."""
    listed = list(clips)
    words = phrases(sorted({text for _, text in listed}))
    found: dict[str, Tally] = defaultdict(Tally)
    instead: dict[str, Counter[str]] = defaultdict(Counter)
    jobs = [(model, words, sound, text) for sound, text in listed]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for (_, text), (heard, right, final) in zip(listed, pool.map(_one, jobs, chunksize=8), strict=True):
            tally = found[text]
            tally.n += 1
            tally.heard += heard
            tally.final += right
            if not right:
                instead[text][final] += 1
    return dict(found), dict(instead)


def table(found: dict[str, Tally]) -> str:
    lines = ["| word | n | heard | final right |", "|---|---|---|---|"]
    lines += [f"| {text} | {tally.row()} |" for text, tally in sorted(found.items())]
    total = Tally(*(sum(getattr(t, part) for t in found.values()) for part in ("n", "heard", "final")))
    return "\n".join([*lines, f"| all | {total.row()} |"])
