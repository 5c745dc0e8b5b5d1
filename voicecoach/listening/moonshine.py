"""Moonshine tiny, an English recogniser of 27 million weights (Jeffries and others, 2024, arXiv:2410.15608).

Its encoder takes as much sound as there is, not 30 s as Whisper's does, so a short utterance costs some
100 ms. The weights lie in the package moonshine-voice (MIT); onnxruntime runs them.

A single shouted word is what it is worst at: it has learnt sentences. So besides its best guess it is asked
how probable each expected phrase is as the whole utterance. Of 110 "help"s by strangers the guess has 37, and
84 are most probably that phrase; of 3,927 other utterances 17 are (docs/listening.md).
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from pathlib import Path
from typing import Protocol

import numpy as np

from voicecoach.listening.onnx import Floats, package_folder, session, verify
from voicecoach.listening.transcriber import Guess, Transcript
from voicecoach.sound import Samples
from voicecoach.units import EAR_RATE_HZ

PACKAGE = "moonshine_voice"
FILES = {
    "encoder_model.ort": "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    "decoder_model_merged.ort": "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
    "tokenizer.bin": "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
}
"""SHA-256 of the files in version 0.0.73: nothing else is run."""
HARDLY = -7.0
"""A phrase less probable than this, natural logarithm, is not looked at."""
TOKENS_A_SECOND = 6.5
"""Nobody speaks faster; a model that goes on repeats itself."""
SILENCE_S = 0.5
"""Silence after the utterance: with it the model tells a word alone from the beginning of a sentence. Of 110
cries for help by strangers, 84 were understood with it and 70 without (docs/listening.md)."""
BEAMS = 4
"""How many texts are followed at once ..."""
UNLIKELY = 4.0
"""... while they are at most so much less probable than the best one, natural logarithm."""
_BEGIN, END = 1, 2
_LAYERS, _HEADS, _HEAD_SIZE = 6, 8, 36
_PUNCTUATION = (".", "!", "")
_SPACE = "\u2581"


def model_folder() -> Path:
    """Raises TranscriberAbsent."""
    return package_folder(PACKAGE) / "assets" / "tiny-en"


class Moonshine:
    """Raises TranscriberAbsent if the model is not there, not as published, or does not load."""

    def __init__(self, folder: Path | None = None, threads: int = 1) -> None:
        folder = folder or model_folder()
        encoder, decoder, tokens = (folder / name for name in FILES)
        for path in (encoder, decoder, tokens):
            verify(path, FILES[path.name])
        self._encoder, self._decoder = session(encoder, threads), session(decoder, threads)
        self._tokens = _token_list(tokens.read_bytes())
        self._presents = [output.name for output in self._decoder.get_outputs()[1:]]

    def transcribe(self, utterance: Samples, phrases: tuple[str, ...]) -> Transcript:
        """The best guesses by beam search, and the phrase that the utterance may be instead."""
        sound = np.zeros((1, len(utterance) + round(SILENCE_S * EAR_RATE_HZ)), np.float32)
        sound[0, : len(utterance)] = utterance
        heard = _Heard(self, sound)
        beams = guessed(heard, round(sound.size / EAR_RATE_HZ * TOKENS_A_SECOND) + 2)
        best = beams[0]
        return Transcript(
            self._text(best.tokens),
            best.log_probability / (len(best.tokens) + 1),
            self._scored(heard, phrases),
            tuple(Guess(self._text(beam.tokens), beam.log_probability) for beam in beams),
        )

    def _scored(self, heard: "_Heard", phrases: tuple[str, ...]) -> dict[str, float]:
        """The log-probability of each phrase as the whole utterance, however it is punctuated."""
        spelt = {phrase: self._spelt(phrase.capitalize()) for phrase in phrases}
        likely = [  # a phrase is no more probable than its first token
            (phrase, [*tokens, *self._spelt(mark, space=""), END])
            for phrase, tokens in spelt.items()
            if heard.first[tokens[0]] > HARDLY
            for mark in _PUNCTUATION
        ]
        scores: dict[str, float] = {}
        if likely:
            for (phrase, _), score in zip(likely, heard.scores([t for _, t in likely]), strict=True):
                scores[phrase] = float(np.logaddexp(scores.get(phrase, -np.inf), score))
        return {phrase: score for phrase, score in scores.items() if score > HARDLY}

    @cached_property
    def _numbers(self) -> dict[bytes, int]:
        """Of each token. What stands twice, first as a byte and then as a letter, is used as a letter."""
        return {token: number for number, token in enumerate(self._tokens)}

    def _spelt(self, text: str, space: str = _SPACE) -> list[int]:
        """`text` in the tokens that the model learnt it in: byte-pair encoding joins, again and again, the
        two neighbours whose joint token has the lowest number (Sennrich and others, 2016, arXiv:1508.07909).
        In other tokens that spell the same word, "pain" and "nine" are hardly ever probable."""
        tokens = [letter.encode() for letter in space + text.replace(" ", _SPACE)]
        while joins := [
            (self._numbers[left + right], at)
            for at, (left, right) in enumerate(pairwise(tokens))
            if left + right in self._numbers
        ]:
            at = min(joins)[1]
            tokens[at : at + 2] = [tokens[at] + tokens[at + 1]]
        return [self._numbers[token] for token in tokens]

    def _text(self, tokens: list[int]) -> str:
        data = b"".join(self._tokens[token] for token in tokens)
        return data.decode("utf-8", "replace").replace(_SPACE, " ").strip()


@dataclass(frozen=True, slots=True)
class _Beam:
    tokens: list[int]
    log_probability: float


class Steps(Protocol):
    """A decoder that goes from token to token."""

    def begin(self) -> Floats:
        """The log-probabilities of the first token: [1, tokens]."""

    def follow(self, parents: list[int], tokens: list[int]) -> Floats:
        """The log-probabilities of the token after `tokens`, each of which follows a beam of the last step:
        [beams, tokens]."""


def guessed(heard: Steps, most: int) -> list[_Beam]:
    """The most probable texts of at most `most` tokens, by beam search, the best first."""
    log_p, beams, ended = heard.begin(), [_Beam([], 0.0)], list[_Beam]()
    while True:
        following = np.argpartition(-log_p, BEAMS, axis=1)[:, :BEAMS]
        found = [
            (beam.log_probability + float(log_p[i, token]), i, int(token))
            for i, beam in enumerate(beams)
            for token in following[i]
        ]
        ended += [_Beam(beams[i].tokens, p) for p, i, token in found if token == END]
        open_ = sorted((f for f in found if f[2] != END), reverse=True)[:BEAMS]
        best = max([p for p, _, _ in open_] + [beam.log_probability for beam in ended])
        open_ = [f for f in open_ if f[0] > best - UNLIKELY]
        if not open_ or len(beams[0].tokens) + 1 >= most:
            cut = [_Beam([*beams[i].tokens, token], p) for p, i, token in open_]
            texts = [beam for beam in ended if beam.log_probability > best - UNLIKELY] or cut
            return sorted(texts, key=lambda beam: -beam.log_probability)
        beams = [_Beam([*beams[i].tokens, token], p) for p, i, token in open_]
        log_p = heard.follow([i for _, i, _ in open_], [token for _, _, token in open_])


class _Heard:
    """An utterance after the encoder, to be decoded."""

    def __init__(self, model: Moonshine, sound: Floats) -> None:
        self._decoder = model._decoder
        self._presents = model._presents
        self._mask = np.ones(sound.shape, np.int64)
        inputs = {"input_values": sound, "attention_mask": self._mask}
        self._encoded = model._encoder.run(None, inputs)[0]
        self.first: Floats = np.zeros(0, np.float32)
        """log-probabilities of the first token"""
        self._past = _empty_past()

    def begin(self) -> Floats:
        log_p = self._step([_BEGIN], cached=False)
        self.first = log_p[0]
        return log_p

    def follow(self, parents: list[int], tokens: list[int]) -> Floats:
        if parents != list(range(len(next(iter(self._past.values()))))):
            self._past = {name: value[parents] for name, value in self._past.items()}
        return self._step(tokens, cached=True)

    def _step(self, tokens: list[int], cached: bool) -> Floats:
        logits, *presents = self._decode([[token] for token in tokens], self._past, cached)
        for name, value in zip(self._presents, presents, strict=True):
            if not cached or ".decoder." in name:  # what belongs to the encoder does not change
                self._past[name.replace("present", "past_key_values")] = value
        return _log_softmax(logits[:, -1])

    def scores(self, texts: list[list[int]]) -> list[float]:
        """The log-probability of each text, all in one batch."""
        longest = max(map(len, texts))
        inputs = [[_BEGIN, *text[:-1], *[END] * (longest - len(text))] for text in texts]
        log_p = _log_softmax(self._decode(inputs, _empty_past(), cached=False)[0])
        return [
            sum(float(log_p[i, at, token]) for at, token in enumerate(text)) for i, text in enumerate(texts)
        ]

    def _decode(self, tokens: list[list[int]], past: dict[str, Floats], cached: bool) -> list[Floats]:
        count = len(tokens)
        results: list[Floats] = self._decoder.run(
            None,
            {
                "encoder_attention_mask": np.repeat(self._mask, count, 0),
                "input_ids": np.array(tokens, np.int64),
                "encoder_hidden_states": np.repeat(self._encoded, count, 0),
                "use_cache_branch": np.array([cached]),
                **past,
            },
        )
        return results


def _empty_past() -> dict[str, Floats]:
    return {
        f"past_key_values.{layer}.{side}.{what}": np.zeros((0, _HEADS, 1, _HEAD_SIZE), np.float32)
        for layer, side, what in product(range(_LAYERS), ("decoder", "encoder"), ("key", "value"))
    }


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(-1, keepdims=True)
    log_p: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return log_p


def _token_list(data: bytes) -> list[bytes]:
    """The tokens in their order, each after its length: one byte, or two from 128 on."""
    tokens, at = [], 0
    while at < len(data):
        length, at = data[at], at + 1
        if length >= 128:
            length, at = data[at] * 128 + length - 128, at + 1
        tokens.append(data[at : at + length])
        at += length
    return tokens
