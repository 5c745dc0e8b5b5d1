"""What the synthetic voices say: commands, confusable words, and common words."""

from collections.abc import Sequence

import numpy as np

from recipe.phones import dictionary
from voicecoach.library import Library

VOCABULARY = Library().language.vocabulary
"""What the coach understands, in English."""

LEFT_OUT = ("yes", "left", "down", "go")
"""Words whose recordings the leave-one-word-out test withholds, to measure how well the model recognises
words that it knows from synthesis only."""
CONFUSABLE = tuple(
    """top shop up step start stock stuff spot stay store stone hop pop cop drop stopped pan pen paint rain
    pin pains plane plain came name game pay pine text neck nest left net necks mixed max net pose
    paws cause clause because wade way weight rest dust numb thumb none some come bump whisky busy
    easy is tickling jingling single held hell hop hope whelp yell yet guess less knows not know now
    snow finish fish dunn ton sun won want five nine fine hive wait ate rate right light sight
    repeat receipt defeat petite resume rhythm refuse presume continue convenience skip ship skin
    slip bag beck pack black again begin against faster master plaster slower lower flower louder
    loader powder quieter quiet choir""".split()
)


def phrases() -> list[str]:
    """Every phrase a user can say, in any state."""
    return sorted({phrase.text for phrase in VOCABULARY.phrases})


def common_words(n: int) -> list[str]:
    """Of the `n` most frequent English words, those in the dictionary (package wordfreq, CC BY-SA lists)."""
    from wordfreq import top_n_list

    return [w for w in top_n_list("en", n) if w.isalpha() and w in dictionary() and (len(w) > 1 or w in "ai")]


class Speaker:
    """Draws what a voice says. `commands`: only these (the smoke run uses two); empty: all."""

    def __init__(self, rng: np.random.Generator, commands: Sequence[str] = ()) -> None:
        self._rng = rng
        self._commands = list(commands) or sorted({*phrases(), *LEFT_OUT})
        self._common = common_words(4000)
        self._confusable = sorted({*CONFUSABLE, *VOCABULARY.decoys})

    def piece(self) -> str:
        """A command (45 %), a word that sounds like one (20 %), or one to four common words (35 %)."""
        kind = self._rng.random()
        if kind < 0.45:
            return str(self._rng.choice(self._commands))
        if kind < 0.65:
            return str(self._rng.choice(self._confusable))
        return " ".join(self._rng.choice(self._common, self._rng.integers(1, 5)))

    def pieces(self, most: int) -> list[str]:
        """One to `most` pieces, to be spoken with pauses between them."""
        return [self.piece() for _ in range(self._rng.integers(1, most + 1))]

    def chain(self) -> str:
        """One to five common words and a piece among them, to be spoken without a pause."""
        words = list(self._rng.choice(self._common, self._rng.integers(1, 6)))
        words.insert(int(self._rng.integers(len(words) + 1)), self.piece())
        return " ".join(words)
