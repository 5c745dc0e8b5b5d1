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
    Moonshine,
    RecognitionModel,
    SecondEar,
    SecondProcess,
    TranscriberAbsent,
    TwoEars,
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
        return SecondProcess()
    try:
        return AtOnce(_moonshine())
    except TranscriberAbsent as error:
        notice(f"{error} Without a second ear I understand single words only.")
        return None


@cache
def _moonshine() -> Moonshine:
    """One model for all sessions on the virtual clock."""
    return Moonshine()


def try_second_ear(language: Language) -> float | None:
    """How long a transcript of 3 s takes on this computer, in seconds; None if the language has no second
    ear. Raises TranscriberAbsent."""
    if language.model_language != SECOND_LANGUAGE:
        return None
    transcriber = _moonshine()
    sound = np.random.default_rng(1).normal(0, 0.01, TRIED_S * EAR_RATE_HZ).astype(np.float32)
    began_s = time.perf_counter()
    transcriber.transcribe(sound, tuple(phrases(language.vocabulary, ListeningState.HOLDING)))
    return time.perf_counter() - began_s


def ears(
    model: RecognitionModel, second: SecondEar | None, language: Language, state: ListeningState
) -> Ears:
    first = Ear(model, language.vocabulary, state)
    Soon(language.sentences.check)  # compiles the templates, before the first sentence needs them
    return TwoEars(first, second, language, state) if second else first
