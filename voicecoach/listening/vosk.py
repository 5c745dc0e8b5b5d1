"""The recogniser that Vosk makes, and its model, checked before anybody relies on it."""

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from voicecoach.listening.recogniser import Hypothesis, ModelError, Recogniser, Word
from voicecoach.sound import Samples
from voicecoach.units import EAR_RATE_HZ


class VoskModel:
    """A loaded Vosk model that knows every word the coach needs (docs/promises.md, R7).

    Raises ModelError if it does not load or a word is missing. Vosk itself only prints a line on
    stderr for a missing word, and then never recognises it.
    """

    def __init__(self, path: Path, words: set[str]) -> None:
        vosk = importlib.import_module("vosk")
        vosk.SetLogLevel(-1)
        try:
            self._model = vosk.Model(model_path=str(path))  # never lang=: that downloads, and may exit
        except Exception as error:
            raise ModelError(
                f"{path}: Vosk cannot load this model ({error}). Reinstall voicecoach."
            ) from error
        missing = sorted(word for word in words if self._model.vosk_model_find_word(word) < 0)
        if missing:
            raise ModelError(
                f"{path}: the model does not know the word{'s' if len(missing) > 1 else ''} "
                f"{', '.join(missing)}. The coach could never hear that, so it does not start; "
                "use the model that came with voicecoach."
            )
        self._recogniser_class = vosk.KaldiRecognizer

    def recogniser(self, phrases: list[str]) -> Recogniser:
        return VoskRecogniser(self._recogniser_class(self._model, EAR_RATE_HZ, json.dumps(phrases)))


class VoskRecogniser:
    """Vosk with one grammar."""

    def __init__(self, vosk_recogniser: Any) -> None:
        self._vosk = vosk_recogniser
        self._vosk.SetWords(True)
        self._text = ""

    def accept(self, block: Samples) -> Hypothesis:
        """The hypothesis after `block` (mono float32 of full scale at EAR_RATE_HZ, any length)."""
        pcm = (np.clip(block, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
        if self._vosk.AcceptWaveform(pcm):
            return _final(self._vosk.Result())
        return Hypothesis(json.loads(self._vosk.PartialResult())["partial"], final=False)

    def finish(self) -> Hypothesis:
        """The last final result, at the end of a recording."""
        return _final(self._vosk.FinalResult())


def _final(result: str) -> Hypothesis:
    data = json.loads(result)
    return Hypothesis(data.get("text", ""), final=True, words=_words(data.get("result", ())))


def _words(items: Any) -> tuple[Word, ...]:
    return tuple(Word(w["word"], w["start"], w["end"]) for w in items)
