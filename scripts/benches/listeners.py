"""The recognisers that a bench compares: Vosk with our judge, and PocketSphinx's keyphrase spotting.

Each takes a sound at 48 kHz and the state of a session. It returns its decisions and the hypotheses behind
them, partial and final.
"""

import os
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from voicecoach.language import ListeningState
from voicecoach.listening import Decision, Hypothesis, Judge, VoskModel
from voicecoach.listening.echo import EchoCanceller
from voicecoach.sound import Samples, silence
from voicecoach.testing import PHRASES, VOCABULARY, grammar
from voicecoach.units import BLOCK, RATE_HZ

CLOSING_SILENCE_S = 1.2
FILLER = "[unk]"
"""What Vosk recognises where no phrase of the grammar fits."""
Belief = tuple[float, Hypothesis]
"""A hypothesis and its time in seconds. Only finals and changed partials are kept."""


@dataclass
class Listened:
    decisions: list[Decision] = field(default_factory=list)
    beliefs: list[Belief] = field(default_factory=list)

    def seen(self) -> set[str]:
        """The words of all results, partials included."""
        return {word for _, belief in self.beliefs for word in belief.text.split()}

    def final(self) -> str:
        """The text of all finals, without the filler."""
        words = [w for _, b in self.beliefs if b.final for w in b.text.split()]
        return " ".join(word for word in words if word != FILLER)


def padded(sound: Samples) -> Samples:
    """With the silence after it that ends an utterance, in whole blocks."""
    longer = silence(len(sound) + round(CLOSING_SILENCE_S * RATE_HZ) + BLOCK)
    longer = longer[: len(longer) // BLOCK * BLOCK]
    longer[: len(sound)] = sound
    return longer


@dataclass(frozen=True)
class VoskListener:
    """A model by its folder. It can be pickled: each worker process loads the model itself."""

    name: str
    folder: Path
    extra: tuple[str, ...] = ()
    """phrases in addition to the grammar of the state"""

    def listen(self, sound: Samples, state: ListeningState) -> Listened:
        beliefs = believed(_model(self.folder), sound, state, self.extra)
        return Listened(decided(Judge(VOCABULARY, state), beliefs), beliefs)


@cache
def _model(folder: Path) -> VoskModel:
    return VoskModel(folder, set())


def believed(
    model: VoskModel, sound: Samples, state: ListeningState, extra: tuple[str, ...] = ()
) -> list[Belief]:
    """What Vosk believes behind the ear's own front end, while the coach is silent."""
    canceller = EchoCanceller()
    recogniser = model.recogniser(list(dict.fromkeys([*grammar(state), *extra])))
    beliefs: list[Belief] = []
    last = ""
    stream = padded(sound)
    coach = silence(BLOCK)
    for start in range(0, len(stream), BLOCK):
        block = canceller.clean(stream[start : start + BLOCK], coach).block
        belief = recogniser.accept(block)
        if belief.final or belief.text != last:
            beliefs.append(((start + BLOCK) / RATE_HZ, belief))
            last = "" if belief.final else belief.text
    return [*beliefs, (len(stream) / RATE_HZ, recogniser.finish())]


def decided(judge: Judge, beliefs: list[Belief]) -> list[Decision]:
    """The decisions of `judge` on `beliefs`. It is asked at every block, as in the ear."""
    judge = replace(judge)
    found: list[Decision] = []
    text, block = "", 0
    for when_s, belief in beliefs:
        ends = round(when_s * RATE_HZ / BLOCK)
        for between in range(block + 1, ends):
            found += judge.consider(text, False, between * BLOCK / RATE_HZ)
        block = ends
        longest_s = max((w.end_s - w.start_s for w in belief.words), default=0.0)
        found += judge.consider(belief.text, belief.final, when_s, longest_s)
        text = "" if belief.final else belief.text
    return found


@dataclass(frozen=True)
class SphinxListener:
    """PocketSphinx's keyphrase spotting with its own English model, set up as its documentation shows."""

    name: str = "PocketSphinx"
    threshold: float = 1e-20

    def listen(self, sound: Samples, state: ListeningState) -> Listened:
        decoder = _spotter(state, self.threshold)
        stream = soxr.resample(padded(sound), RATE_HZ, 16000)
        pcm = (np.clip(stream, -1, 1) * 32767).astype(np.int16)
        decoder.start_utt()
        listened = Listened()
        for start in range(0, len(pcm), BLOCK // 3):
            decoder.process_raw(pcm[start : start + BLOCK // 3].tobytes())
            hypothesis = decoder.hyp()
            if hypothesis is None:
                continue
            at_s = (start + BLOCK // 3) / 16000
            text = hypothesis.hypstr.strip()
            listened.beliefs.append((at_s, Hypothesis(text, final=True)))
            command = PHRASES[state].get(text)
            if command is not None:
                listened.decisions.append(Decision(command, text, at_s, "final"))
            decoder.end_utt()
            decoder.start_utt()
        decoder.end_utt()
        return listened


def sphinx(state: ListeningState, threshold: float) -> Any:
    """A PocketSphinx decoder that spots the phrases of `state`, all at one detection threshold."""
    import tempfile

    from pocketsphinx import Decoder

    with tempfile.NamedTemporaryFile("w", suffix=".kws", delete=False) as file:
        file.writelines(f"{phrase} /{threshold:g}/\n" for phrase in PHRASES[state])
    decoder = Decoder(lm=None, kws=file.name, loglevel="FATAL")
    os.unlink(file.name)
    return decoder


_spotter = cache(sphinx)

Listener = VoskListener | SphinxListener
