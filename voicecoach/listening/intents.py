"""What a sentence probably asks for, however it is worded: a classifier over sentence embeddings.

Nobody can write down all the ways to say "my back has gone". The classifier has learnt from 3,700
examples (models/recipe/intents.py), and knows from MiniLM which other sentences are near them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from voicecoach.listening.minilm import DATA, MiniLM
from voicecoach.listening.moonshine import Moonshine
from voicecoach.listening.onnx import Floats
from voicecoach.listening.transcriber import Transcriber, TranscriberAbsent, Transcript
from voicecoach.sound import Samples

WEIGHTS = DATA / "intents.npz"
NOTHING = "-"
"""The intent of a sentence that is not for the coach."""
HARDLY = 0.01
"""An intent less probable than this is left out."""


@dataclass(frozen=True)
class Head:
    """Multinomial logistic regression: the probabilities of `intents` from an embedding."""

    intents: tuple[str, ...]
    """commands, and NOTHING"""
    weights: Floats
    """shape (intents, minilm.SIZE)"""
    biases: Floats
    """shape (intents,)"""
    learnt_from: str = ""
    """SHA-256 of the examples"""

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> "Head":
        """Raises TranscriberAbsent."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return cls(
                    tuple(arrays["intents"].tolist()),
                    arrays["weights"],
                    arrays["biases"],
                    str(arrays["learnt_from"]),
                )
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise TranscriberAbsent(f"{path} cannot be read ({error}). Reinstall voicecoach.") from error

    def save(self, path: Path = WEIGHTS) -> None:
        np.savez_compressed(
            path,
            intents=np.array(self.intents),
            weights=self.weights.astype(np.float32),
            biases=self.biases.astype(np.float32),
            learnt_from=np.array(self.learnt_from),
        )

    def probabilities(self, embedded: Floats) -> Floats:
        """`embedded`: shape (texts, minilm.SIZE); returns shape (texts, intents), each row of sum 1."""
        scores = embedded @ self.weights.T + self.biases
        exponentials = np.exp(scores - scores.max(1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(1, keepdims=True), np.float32)


class Intents:
    """Raises TranscriberAbsent."""

    def __init__(self) -> None:
        self._model, self._head = MiniLM(), Head.load()

    def of(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        """For each text, how probable each intent is; those below HARDLY are left out."""
        found = self._head.probabilities(self._model.embed(texts))
        return [
            {intent: float(p) for intent, p in zip(self._head.intents, row, strict=True) if p >= HARDLY}
            for row in found
        ]


class Understanding:
    """A transcriber each of whose guesses comes with its intents."""

    def __init__(self, transcriber: Transcriber, intents: Intents) -> None:
        self._transcriber, self._intents = transcriber, intents

    @classmethod
    def of_english(cls) -> "Understanding":
        """Moonshine and MiniLM. Raises TranscriberAbsent."""
        return cls(Moonshine(), Intents())

    def transcribe(self, utterance: Samples, phrases: tuple[str, ...]) -> Transcript:
        """As the transcriber does; a single word has no intents, it is a phrase or nothing."""
        transcript = self._transcriber.transcribe(utterance, phrases)
        texts = [guess.text for guess in transcript.guesses if guess.is_sentence]
        found = dict(zip(texts, self._intents.of(texts), strict=True))
        guesses = (replace(g, intents=found.get(g.text, {})) for g in transcript.guesses)
        return replace(transcript, guesses=tuple(guesses))
