"""Streams as a microphone on the floor would give them, made from clean utterances.

Several utterances follow each other in a stream, if asked for coloured as by other mouths and microphones;
then, each by chance: speed, a manner (see manners), a room at 1-3 m whose tail is up to 3 dB above the
direct sound, the coach's own voice, noise, a narrow band, level, clipping. Noises and rooms that measure the
model are not among them (corpus.kept_aside).

Guests: some of the words said in a batch join the grammar for that batch alone, spelt with the phones that
all words share; words of the grammar with phones of their own do without them in some batches. So the model
learns that what is spelt so and said so is that word, whoever says it. Else all it learns of real voices is
that they say the words it has recordings of, and otherwise "some speech", in which the commands that only
synthesis teaches go under.

Now and then a noise or a piece of music stands where words would, as loud as they: it is silence.

A word that sounds like one of the grammar ("weight", "know") teaches neither: it may pass as that word or as
"some speech". Else "wait" was taught as often to be no command as to be one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import signal

from recipe.corpus import FRAME, RATE_HZ, Phone, Prepared, Samples, Spoken, Utterance, kept_aside, read
from recipe.features import Floats, mfcc
from recipe.manners import MANNERS, coloured, in_room, level, mixed, off_axis
from recipe.phones import Pronunciation, Units, dictionary

Labels = npt.NDArray[np.int16]
_SHORTEST = 3200
_SLOWEST = 0.86
_GUEST_SHARE = 0.6
_PLAIN_SHARE = 0.6
"""In how many batches a word does without the phones of its own. At 0.2 words that only synthesis teaches
were heard less, 75 % of them instead of 78 to 84."""
_NO_WORDS_SHARE = 0.07
"""How often a noise or music stands where an utterance would."""
_MUSIC_SHARE = 0.2
"""Of the noises."""
_SPEECH_DB = -26.0
"""Level of speech before it goes through the microphone, about."""
_GUEST_PHONES = 3
"""With fewer a word in talk is half swallowed, or a part of many others."""
_FEW_WORDS, _FEW_WORDS_SHARE = 3, 0.5
_COLOURED_SHARE = 0.5
"""Of the utterances: synthesis, and each collection of recordings, has one spectrum, people have many."""
_FADE = 80
"""Samples: a cut must not click, or words would be known by it."""
_RISING = np.linspace(0, 1, _FADE, dtype=np.float32)
_MANNER_SHARES = {"shouted": 0.08, "breathless": 0.06, "whispered": 0.04}


@dataclass(frozen=True)
class Surroundings:
    """What sounds beside the user: noises, music and coach speech at 16 kHz, rooms as impulse responses."""

    noises: list[Samples]
    rooms: list[Samples]
    music: list[Samples]
    coach: list[Samples]


def surroundings(speech: Path | None, music: list[Samples], coach: list[Samples]) -> Surroundings:
    """Noises and rooms of the shared speech; without it, synthetic ones stand in."""
    if speech is None:
        return Surroundings([], [], music, coach)
    noises = [read(p) for p in sorted((speech / "noise").rglob("*.opus")) if not kept_aside(p)]
    rooms = [read(p) for p in sorted((speech / "rooms").rglob("*.flac")) if not kept_aside(p)]
    noises, rooms = [n for n in noises if len(n) > 8000], [r for r in rooms if len(r) > 800]
    return Surroundings(noises, rooms, music, coach)


def _moved(spoken: Spoken, frames: int, speed: float) -> Spoken:
    """`spoken` shifted by `frames`, then said at `speed`; its phones stay without gaps."""
    edges = [(p.start + frames, p.start + p.frames + frames) for p in spoken.phones]
    scaled = [(round(start / speed), round(end / speed)) for start, end in edges]
    phones = zip(spoken.phones, scaled, strict=True)
    return Spoken(spoken.word, tuple(Phone(p.name, start, end - start) for p, (start, end) in phones))


Piece = tuple[Samples, tuple[Spoken, ...]]
OTHER = -1
"""In `Batch.words`: a word that is in no grammar. OTHER - k: it is not word k, but sounds the same."""


@dataclass(frozen=True)
class Batch:
    """`features` [streams, frames, 40] at 100 frames a second; `outputs` and `words` [streams, frames]: the
    network's right output, and the number of the grammar's word that is being said (from 1; guests follow the
    grammar), 0 between words, OTHER within a word of no grammar, OTHER - k if that sounds like word k."""

    features: Floats
    outputs: Labels
    words: Labels
    guests: tuple[str, ...]
    plain: tuple[str, ...]
    """words of the grammar that do without their own phones this time"""


def _shares(weights: Sequence[float]) -> npt.NDArray[np.float64]:
    return np.array(weights) / sum(weights)


class Streams:
    """Batches of streams of `seconds`, drawn from `parts` with their weights; while the network settles from
    `settling`, too.

    Batch `step` is the same in every run with one seed, so an interrupted training goes on where it stopped.
    """

    def __init__(
        self,
        parts: list[tuple[Prepared, float]],
        units: Units,
        grammar: Sequence[str],
        around: Surroundings,
        seconds: float,
        seed: int,
        settling: Sequence[tuple[Prepared, float]] = (),
    ) -> None:
        self._parts = [part.utterances for part, _ in (*parts, *settling)]
        weights = [weight for _, weight in parts]
        self._shares = _shares(weights)  # of the first parts, those of `settling` are never drawn by it
        self._settling_shares = _shares([*weights, *(weight for _, weight in settling)])
        self._units = units
        self._grammar = {word: k for k, word in enumerate(grammar, start=1)}
        self._sounds = {p: k for word, k in self._grammar.items() for p in dictionary().get(word, ())}
        self._number: dict[str, int] = {}
        self._sounding: dict[Pronunciation, int] = {}
        """the word with that sound, 0 if it is in no grammar"""
        self._met: dict[str, bool] = {}
        self._around = around
        self._length = int(seconds * RATE_HZ)
        self._seed = seed
        self._chance = np.random.default_rng(seed)

    def batch(self, step: int, streams: int, *, in_colour: bool = False) -> Batch:
        """`in_colour`: not settling yet, and many utterances as by other mouths and microphones."""
        self._chance = np.random.default_rng((self._seed, step))
        self._number, self._sounding, self._met = dict(self._grammar), dict(self._sounds), {}
        heard = [self._stream(in_colour) for _ in range(streams)]
        features = np.stack([mfcc(sound, self._chance.uniform(0.86, 1.16)) for sound, _, _ in heard])
        frames = features.shape[1]
        outputs = np.stack([labels[:frames] for _, labels, _ in heard])
        words = np.stack([labels[:frames] for _, _, labels in heard])
        guests = tuple(self._number)[len(self._grammar) :]
        plain = tuple(
            word for word, invited in self._met.items() if invited and word in self._units.own_words
        )
        return Batch(features, outputs, words, guests, plain)

    def _stream(self, in_colour: bool) -> tuple[Samples, Labels, Labels]:
        """Samples in int16 units, and the labels of each 10 ms."""
        sound, outputs, words = self._said(in_colour)
        sound = self._manner(sound)
        sound = self._room(sound)
        sound = self._beside(sound)
        return self._microphone(sound), outputs, words

    def _said(self, in_colour: bool) -> tuple[Samples, Labels, Labels]:
        chance, length = self._chance, self._length
        sound = np.zeros(length, np.float32)
        outputs, words = np.zeros((2, length // FRAME + 1), np.int16)
        shares = self._shares if in_colour else self._settling_shares
        at = int(chance.integers(0, 8000)) // FRAME * FRAME
        while at < length - _SHORTEST:
            if chance.random() < _NO_WORDS_SHARE:
                noise = self._noise(min(length - at, int(chance.uniform(0.5, 3) * RATE_HZ)))
                wanted_db = _SPEECH_DB + chance.uniform(-10, 3)
                sound[at : at + len(noise)] += noise * np.float32(10 ** (wanted_db / 20) / level(noise))
                at += len(noise) // FRAME * FRAME
                continue
            part = self._parts[chance.choice(len(shares), p=shares)]
            said, spoken = self._paced(self._cut(part[chance.integers(len(part))], (length - at) // FRAME))
            if in_colour and chance.random() < _COLOURED_SHARE:
                said = coloured(said, chance)
            n = min(len(said), length - at)
            sound[at : at + n] += said[:n] * 10 ** (chance.uniform(-8, 0) / 20)
            for word in spoken:
                start = at // FRAME
                words[start + word.start : start + word.end] = self._number_of(word)
                right = self._units.of(word.word, tuple(p.name for p in word.phones))
                for phone, output in zip(word.phones, right, strict=True):
                    outputs[start + phone.start : start + phone.start + phone.frames] = output
            at += (len(said) + int(chance.exponential(4000))) // FRAME * FRAME
        return sound, outputs, words

    def _number_of(self, spoken: Spoken) -> int:
        """What stands for the word in `Batch.words`. A word met for the first time may be invited."""
        word, sound = spoken.word, tuple(p.name for p in spoken.phones)
        if word not in self._met:
            share = _PLAIN_SHARE if word in self._units.own_words else _GUEST_SHARE
            self._met[word] = bool(self._chance.random() < share)
            if word not in self._number:
                self._admit(word, self._met[word] and len(sound) >= _GUEST_PHONES)
        return self._number.get(word, OTHER - self._sounding.get(sound, 0))

    def _admit(self, word: str, invited: bool) -> None:
        """A guest, or no word of this batch's grammar; whatever sounds the same follows it."""
        sounds = dictionary().get(word, ())
        if invited and self._sounding.keys().isdisjoint(sounds):
            self._number[word] = len(self._number) + 1
        self._sounding = dict.fromkeys(sounds, self._number.get(word, 0)) | self._sounding

    def _cut(self, utterance: Utterance, frames: int) -> Piece:
        """The utterance, or as many of its words in a row, from any on, as fit into `frames`.

        Often a few words of talk alone: so words of every kind, by real people, stand between pauses as
        commands do.
        """
        said, words = np.asarray(utterance.samples / 32768, np.float32), utterance.words
        longest, most = frames * _SLOWEST, len(words)
        if most > _FEW_WORDS and self._chance.random() < _FEW_WORDS_SHARE:
            most = int(self._chance.integers(1, _FEW_WORDS + 1))
        if most == len(words) and len(said) // FRAME <= longest:
            return said, words
        first = int(self._chance.integers(len(words)))
        last = first
        start = words[first - 1].end if first else 0
        while last < min(len(words), first + most) and words[last].end - start < longest:
            last += 1
        if last == first:
            return np.zeros(_SHORTEST, np.float32), ()
        end = words[last].start if last < len(words) else len(said) // FRAME
        end = min(end, start + int(longest))
        piece = said[start * FRAME : end * FRAME]
        piece[:_FADE] *= _RISING[: len(piece)]
        piece[-_FADE:] *= _RISING[::-1][-len(piece) :]
        return piece, tuple(_moved(w, -start, 1.0) for w in words[first:last])

    def _paced(self, piece: Piece) -> Piece:
        """Faster or slower by up to 14 %, pitch with it."""
        said, words = piece
        if self._chance.random() < 0.4:
            speed = self._chance.uniform(_SLOWEST, 1.16)
            at = np.arange(0, len(said) - 1, speed)
            said = np.asarray(np.interp(at, np.arange(len(said)), said), np.float32)
            words = tuple(_moved(w, 0, speed) for w in words)
        return said, words

    def _manner(self, sound: Samples) -> Samples:
        for name, share in _MANNER_SHARES.items():
            if self._chance.random() < share:
                return MANNERS[name](sound, self._chance)
        return sound

    def _room(self, sound: Samples) -> Samples:
        chance = self._chance
        if chance.random() > 0.5:
            return sound
        if self._around.rooms and chance.random() < 0.6:
            answer = self._around.rooms[chance.integers(len(self._around.rooms))]
        else:
            n = int(chance.uniform(0.1, 0.5) * RATE_HZ)
            decay = chance.normal(0, 1, n) * np.exp(-6.9 * np.arange(n) / n)
            answer = np.concatenate([[10.0], decay]).astype(np.float32)
        heard = in_room(sound, answer, chance.uniform(-3, 15))
        return off_axis(heard, chance) if chance.random() < 0.3 else heard

    def _beside(self, sound: Samples) -> Samples:
        chance, around = self._chance, self._around
        if around.coach and chance.random() < 0.15:
            piece = around.coach[chance.integers(len(around.coach))]
            start = int(chance.integers(0, len(sound) // 2))
            voice = np.zeros_like(sound)
            n = min(len(piece), len(sound) - start)
            voice[start : start + n] = piece[:n]
            sound = mixed(sound, voice, chance.uniform(-10, 20))
        if chance.random() < 0.8:
            sound = mixed(sound, self._noise(len(sound)), chance.uniform(-2, 28))
        return sound

    def _noise(self, samples: int) -> Samples:
        """Recorded, music, or coloured hiss."""
        chance, around = self._chance, self._around
        which = chance.random()
        recorded = around.music if which < _MUSIC_SHARE else around.noises if which < 0.7 else []
        if not recorded:
            spectrum = np.fft.rfft(chance.normal(0, 1, samples))
            slope = (np.arange(len(spectrum)) + 1.0) ** chance.uniform(0, 1.2)
            return np.asarray(np.fft.irfft(spectrum / slope, samples), np.float32)
        noise = recorded[chance.integers(len(recorded))]
        start = int(chance.integers(0, max(1, len(noise) - samples)))
        return np.resize(noise[start : start + samples], samples)

    def _microphone(self, sound: Samples) -> Samples:
        chance = self._chance
        if chance.random() < 0.1:
            edges_hz = [chance.uniform(80, 300), chance.uniform(3000, 5500)]
            band = signal.butter(2, edges_hz, "band", fs=RATE_HZ, output="sos")
            sound = np.asarray(signal.sosfilt(band, sound), np.float32)
        hiss = chance.normal(0, 10 ** chance.uniform(-4.6, -3.2), len(sound))
        sound = np.asarray(sound + hiss, np.float32)
        gain = 32768 * 10 ** (chance.uniform(-32, 8) / 20)
        return np.asarray(np.clip(sound * gain, -32768, 32767), np.float32)
