"""The network's outputs: silence, "some speech", 39 shared phones, and word-specific phones for some words.

A word that many people recorded gets phones of its own ("S@stop"): with shared phones alone, 44 % of real
"stop"s were missed. A word that is known from synthesis only gets none, as they would learn how a synthesiser
sounds. It is spelt with the shared phones, which are trained on real speech of other words.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recipe.corpus import FRAME, Utterance

SILENCE, SPEECH = 0, 1
"""Outputs 0 and 1. SPEECH is the filler "some speech": any phone, and [unk] in the graph."""
PHONES = tuple(
    """AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z
    ZH""".split()
)
FIRST_PHONE = 2
Pronunciation = tuple[str, ...]


@cache
def dictionary() -> dict[str, tuple[Pronunciation, ...]]:
    """Words and their pronunciations, from the CMU dictionary in PocketSphinx's wheel (BSD)."""
    import pocketsphinx

    path = Path(pocketsphinx.__file__).parent / "model" / "en-us" / "cmudict-en-us.dict"
    words: dict[str, list[Pronunciation]] = {}
    for line in path.read_text("utf-8").splitlines():
        word, *phones = line.split()
        words.setdefault(word.split("(")[0], []).append(tuple(phones))
    return {word: tuple(found) for word, found in words.items()}


class Units:
    """Which output belongs to which phone of which word. `own_words` have phones of their own."""

    def __init__(self, own_words: Iterable[str]) -> None:
        self.own_words = tuple(sorted(own_words))
        self.names = ["SIL", "SPN", *PHONES]
        self._own: dict[tuple[str, str, int], int] = {}
        for word in self.own_words:
            for pronunciation in dictionary()[word]:
                for key in occurrences(word, pronunciation):
                    if key not in self._own:
                        self._own[key] = len(self.names)
                        self.names.append(f"{key[1]}@{word}{key[2] or ''}")
        own = (name.partition("@")[0] for name in self.names[FIRST_PHONE + len(PHONES) :])
        self.shared_output = [SILENCE, SPEECH, *self.shared(PHONES), *self.shared(own)]
        """For each output, the shared output of the same phone; of a shared output, itself."""

    def __len__(self) -> int:
        return len(self.names)

    def shared(self, pronunciation: Iterable[str]) -> list[int]:
        return [FIRST_PHONE + PHONES.index(phone) for phone in pronunciation]

    def of(self, word: str, pronunciation: Pronunciation) -> list[int]:
        """The outputs of `pronunciation`: the word's own phones if it has them, else the shared ones."""
        if word not in self.own_words:
            return self.shared(pronunciation)
        own = [self._own.get(key) for key in occurrences(word, pronunciation)]
        return [s if o is None else o for o, s in zip(own, self.shared(pronunciation), strict=True)]

    def labels(self, utterance: Utterance) -> npt.NDArray[np.int16]:
        """The target output for each 10 ms of `utterance`."""
        target = np.full(len(utterance.samples) // FRAME + 1, SILENCE, np.int16)
        for spoken in utterance.words:
            outputs = self.of(spoken.word, tuple(phone.name for phone in spoken.phones))
            for phone, output in zip(spoken.phones, outputs, strict=True):
                target[phone.start : phone.start + phone.frames] = output
        return target


def occurrences(word: str, pronunciation: Pronunciation) -> list[tuple[str, str, int]]:
    """(word, phone, how often the phone came before): the two B's of "bob" are different."""
    seen: dict[str, int] = {}
    keys = []
    for phone in pronunciation:
        keys.append((word, phone, seen.get(phone, 0)))
        seen[phone] = seen.get(phone, 0) + 1
    return keys
