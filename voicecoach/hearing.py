"""Wires the two ears."""

import time
from collections.abc import Callable
from functools import cache

import numpy as np

from voicecoach.background import Soon
from voicecoach.language import Language, ListeningState, phrases
from voicecoach.listening import (
    AtOnce,
    Ear,
    Ears,
    RecognitionModel,
    SecondEar,
    SecondProcess,
    Transcriber,
    TranscriberAbsent,
    TwoEars,
    Understanding,
)
from voicecoach.units import EAR_RATE_HZ

SECOND_LANGUAGE = "en"
"""The language of the second ear's model."""
TRIED_S = 3


def second_ear(language: Language, notice: Callable[[str], None], real_time: bool) -> SecondEar | None:
    """The second ear; None, and the reason for `notice`, if there is none for this language or computer."""
    if language.model_language != SECOND_LANGUAGE:
        return None
    if real_time:
        Soon(language.sentences.check)  # compiles the templates, before the first sentence needs them
        return SecondProcess()
    try:
        return AtOnce(_understanding())
    except TranscriberAbsent as error:
        notice(f"{error} Without a second ear I understand single words only.")
        return None


def transcriber(language: Language) -> Transcriber | None:
    """What the second ear understands with, in this process; None if the language has none.

    Raises TranscriberAbsent.
    """
    return _understanding() if language.model_language == SECOND_LANGUAGE else None


@cache
def _understanding() -> Understanding:
    """One for all sessions and recordings of this process."""
    return Understanding.of_english()


def try_second_ear(language: Language) -> float | None:
    """How long a transcript of 3 s takes on this computer, in seconds; None if the language has no second
    ear. Raises TranscriberAbsent."""
    tried = transcriber(language)
    if tried is None:
        return None
    sound = np.random.default_rng(1).normal(0, 0.01, TRIED_S * EAR_RATE_HZ).astype(np.float32)
    began_s = time.perf_counter()
    tried.transcribe(sound, tuple(phrases(language.vocabulary, ListeningState.HOLDING)))
    return time.perf_counter() - began_s


def ears(
    model: RecognitionModel, second: SecondEar | None, language: Language, state: ListeningState
) -> Ears:
    first = Ear(model, language.vocabulary, state)
    return TwoEars(first, second, language, state) if second else first
