"""Forced alignment, which finds the time of each phone: by PocketSphinx and the model in its wheel (BSD)."""

from functools import cache
from typing import Any

import numpy as np

from recipe.corpus import FRAME, RATE_HZ, Phone, Samples, Spoken, Utterance
from recipe.phones import PHONES, dictionary

_PAD_S = 0.15
_LONGEST_S = 16.0
_LONG_PHONE = 40
_MIN_SPEECH = 8
_PEAK = 0.5
_LOUD_DB = 12.0
_TOLERANCE = 2
"""By how many frames of 10 ms a label may miss the edge of a word."""


@cache
def _decoder() -> Any:
    from pocketsphinx import Decoder

    return Decoder(lm=None, loglevel="FATAL", bestpath=False, beam=1e-80, wbeam=1e-60, pbeam=1e-80)


def _words(pcm: bytes, text: str) -> tuple[Spoken, ...] | None:
    """The words of `text` with their times, or None if the text does not align."""
    decoder = _decoder()
    try:
        decoder.set_align_text(text)
        for second_pass in (False, True):
            if second_pass:
                decoder.set_alignment()
            decoder.start_utt()
            decoder.process_raw(pcm, full_utt=True)
            decoder.end_utt()
        found = [
            Spoken(w.name.split("(")[0], tuple(Phone(p.name, p.start, p.duration) for p in w))
            for w in decoder.get_alignment()
        ]
    except RuntimeError:
        return None
    return tuple(w for w in found if w.word in dictionary() and all(p.name in PHONES for p in w.phones))


def aligned(sound: Samples, text: str, source: str, *, pad: bool) -> Utterance | None:
    """`sound` with its phones, or None if it cannot be used.

    Rejected: longer than 16 s, a word that the dictionary lacks, no alignment of the text, three or more
    phones longer than 0.4 s, less than 80 ms of speech. Such clips are truncated or mislabelled. `pad` adds
    150 ms of noise at the clip's own noise floor to both ends.
    """
    if not text or any(word not in dictionary() for word in text.split()):
        return None
    peak = float(np.abs(sound).max(initial=0.0))
    if not 0.2 <= len(sound) / RATE_HZ <= _LONGEST_S or peak < 1e-3:
        return None
    sound = sound * np.float32(_PEAK / peak)
    if pad:
        frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
        floor = min(1e-3, float(np.sqrt(np.percentile(frames.var(axis=1), 5)) + 1e-5))
        edge = np.random.default_rng(len(sound)).normal(0, floor, (2, int(_PAD_S * RATE_HZ)))
        sound = np.concatenate([edge[0], sound, edge[1]]).astype(np.float32)
    samples = (sound * 32000).clip(-32000, 32000).astype(np.int16)
    words = _words(samples.tobytes(), text)
    if words is None:
        return None
    lengths = [phone.frames for word in words for phone in word.phones]
    if sum(n > _LONG_PHONE for n in lengths) > 2 or sum(lengths) < _MIN_SPEECH:
        return None
    return Utterance(samples, words, source)


def loud_in_silence(utterance: Utterance) -> float:
    """Share of the loud 10 ms frames (at most 12 dB below the 95th percentile) that are labelled silence.

    An alignment can label a whole word as silence and squeeze its phones in elsewhere. The network then
    learns that this voice is silence: it did not hear espeak-ng's "eight" at all.
    """
    sound = utterance.samples[: len(utterance.samples) // FRAME * FRAME].astype(np.float32)
    powers = np.convolve(np.square(sound).reshape(-1, FRAME).mean(axis=1), np.ones(3) / 3, "same")
    loud = powers > np.percentile(powers, 95) * 10 ** (-_LOUD_DB / 10)
    silent = np.ones(len(loud), bool)
    for word in utterance.words:
        silent[max(0, word.start - _TOLERANCE) : word.end + _TOLERANCE] = False
    return float(loud[silent].sum() / max(1, loud.sum()))
