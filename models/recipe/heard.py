"""How the second ear's recogniser mishears the examples of intents.py:  python -m recipe.heard

A word is often wrong in a transcript ("For, I suppose."), and the classifier is to know what was meant all
the same. So synthetic voices say every example; what is transcribed in other words is an example, too, in
`intents/heard.tsv`. The held-out voices (voices.py) say nothing here.
"""

import difflib
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache

import numpy as np

from recipe.corpus import Samples
from recipe.intents import EXAMPLES, Example, examples
from recipe.voices import FLITE, espeak, espeak_voices, flite
from voicecoach.language import plain
from voicecoach.listening import Moonshine
from voicecoach.listening.intents import NOTHING
from voicecoach.speaking import SynthesisError

HEARD = EXAMPLES / "heard.tsv"
TIMES = 2
"""How many voices say an example for the coach; one says what is not for it."""
ALIKE = 0.6
"""Share of letters in common below which a transcript is another sentence."""
FEWEST_WORDS = 2
"""A single word is recognised as a phrase, not as a sentence (voicecoach/listening/meaning.py)."""


def misheard(job: tuple[int, Example]) -> list[Example]:
    """What an example becomes in other voices, where it is in other words."""
    number, example = job
    rng, found = np.random.default_rng(number), []
    for _ in range(1 if example.intents == (NOTHING,) else TIMES):
        try:
            text = _moonshine().transcribe(_said(example.text, rng), ()).text
        except SynthesisError:
            continue
        said, heard = plain(example.text), plain(text)
        alike = difflib.SequenceMatcher(None, said, heard, autojunk=False).ratio()
        if text.isascii() and heard != said and alike >= ALIKE and len(heard.split()) >= FEWEST_WORDS:
            found.append(Example(example.state, example.intents, text))
    return found


def _said(text: str, rng: np.random.Generator) -> Samples:
    if rng.random() < 0.5:
        return flite(text, str(rng.choice(FLITE)), rng.uniform(0.85, 1.2), rng.uniform(80, 170))
    return espeak(text, str(rng.choice(espeak_voices())), int(rng.integers(120, 190)))


@cache
def _moonshine() -> Moonshine:
    """One for each process."""
    return Moonshine()


def main() -> None:
    HEARD.unlink(missing_ok=True)  # it is made from the others
    given = examples()
    with ProcessPoolExecutor(int(os.environ.get("JOBS", os.cpu_count() or 1))) as pool:
        found = pool.map(misheard, enumerate(given), chunksize=16)
        HEARD.write_text("".join(example.line() for each in found for example in each), "utf-8")
    print(f"{HEARD}: {len(HEARD.read_text('utf-8').splitlines())} of {len(given)} examples", file=sys.stderr)


if __name__ == "__main__":
    main()
