"""What the synthetic voices say: commands, words near them, and common talk."""

from collections.abc import Sequence

import numpy as np

from recipe.phones import dictionary
from voicecoach.language import DECOYS, PHRASES

LEFT_OUT = ("yes", "left", "down", "go")
"""Words that real people recorded, withheld to measure how well synthesis alone teaches a word."""
NEAR_WORDS = tuple(
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
    """Every phrase a user may say, once each."""
    return sorted({phrase for live in PHRASES.values() for phrase in live})


def common_words(n: int) -> list[str]:
    """The `n` most frequent English words that the dictionary has (package wordfreq, CC BY-SA word lists)."""
    from wordfreq import top_n_list

    return [w for w in top_n_list("en", n) if w.isalpha() and w in dictionary() and (len(w) > 1 or w in "ai")]


class Speaker:
    """Draws what is said next. `said` narrows the commands (the smoke run)."""

    def __init__(self, chance: np.random.Generator, said: Sequence[str] = ()) -> None:
        self._chance = chance
        self._said = list(said) or sorted({*phrases(), *LEFT_OUT})
        self._common = common_words(4000)
        self._near = sorted({*NEAR_WORDS, *DECOYS})

    def piece(self) -> str:
        """A command (45 %), a word near one (20 %), or up to four common words."""
        kind = self._chance.random()
        if kind < 0.45:
            return str(self._chance.choice(self._said))
        if kind < 0.65:
            return str(self._chance.choice(self._near))
        return " ".join(self._chance.choice(self._common, self._chance.integers(1, 5)))

    def pieces(self, most: int) -> list[str]:
        """One to `most` pieces, to be said with pauses between them."""
        return [self.piece() for _ in range(self._chance.integers(1, most + 1))]

    def chain(self) -> str:
        """Two to six words in one breath, a command among them or not."""
        words = list(self._chance.choice(self._common, self._chance.integers(1, 6)))
        words.insert(int(self._chance.integers(len(words) + 1)), self.piece())
        return " ".join(words)
