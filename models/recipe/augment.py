"""Training streams, augmented to sound as the microphone on the floor would record them.

A stream is several utterances in a row, each at a random speed and with an optional random equaliser; final
stops may lose their burst. The stream then gets, each with some probability: a speaking manner (manners), a
room at 1-3 m with a tail of up to 3 dB above the direct sound, the coach's own voice, noise, a narrow
frequency band, a level, clipping, and a telephone.
Held-out noises and rooms are never used (corpus.held_out_sound).

Extra words: some of the words spoken in a batch join the grammar for that batch only, spelt with the shared
phones. Some grammar words that have phones of their own are also spelt with the shared phones only. So the
network learns that a spelling and its sound belong together, whoever the speaker is. Without this, all it
learns about real voices is that they say the recorded words, and that everything else is "some speech"; then
the filler absorbs the commands that are known from synthesis only.

In some places a noise or a piece of music stands instead of an utterance, as loud as speech. Its label is
silence.

A word that sounds the same as a grammar word ("weight") trains neither: it may be recognised as that word or
as "some speech". Otherwise "wait" would be trained as often to be rejected as to be accepted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import signal

from recipe.corpus import FRAME, RATE_HZ, Phone, Prepared, Samples, Spoken, Utterance, held_out_sound, read
from recipe.features import Floats, mfcc
from recipe.manners import MANNERS, equalised, in_room, level, mixed, off_axis, telephone, unreleased
from recipe.phones import Pronunciation, Units, dictionary

Labels = npt.NDArray[np.int16]
_MIN_SPEECH = 3200
_EXTRA_SHARE = 0.6
"""Probability that a word outside the grammar joins it for a batch in which it is spoken."""
_SHARED_SHARE = 0.6
"""Probability that a word with phones of its own is spelt without them in a batch. At 0.2, 75 % of the
recordings of words known from synthesis only were heard, instead of 78 to 84 %."""
_NON_SPEECH_SHARE = 0.07
"""Probability of a noise or music instead of an utterance."""
_MUSIC_SHARE = 0.2
"""Share of music among the noises."""
_SPEECH_DB = -26.0
"""Approximate level of speech before the microphone's gain."""
_EXTRA_PHONES = 3
"""The fewest phones of an extra word: shorter words are often slurred in talk, or are part of other words."""
_FEW_WORDS, _FEW_WORDS_SHARE = 3, 0.5
_EQ_SHARE = 0.5
"""Share of the utterances that go through a random equaliser. Each synthesiser and each collection of
recordings has one long-term spectrum; people and microphones have many."""
_FADE = 80
"""In samples. Cuts are faded, or the network would recognise words by the click."""
_FADE_IN = np.linspace(0, 1, _FADE, dtype=np.float32)
_FULL_SCALE = np.float32(32768)
_UNRELEASED = ("P", "T", "K")
_CLOSURE, _PAUSE = 2, 6
"""In frames: how long the closure of a stop is heard before its burst; the shortest pause."""


@dataclass(frozen=True)
class Variety:
    """How far streams stray from the speech they are made of."""

    speeds: tuple[float, float] = (0.86, 1.16)
    """lowest and highest; the pitch changes, too"""
    sped_share: float = 0.4
    warps: tuple[float, float] = (0.86, 1.16)
    """of the frequency axis, as of longer and shorter vocal tracts"""
    shouted: float = 0.08
    """shares of the streams"""
    breathless: float = 0.06
    whispered: float = 0.04
    telephone: float = 0.0
    unreleased: float = 0.0
    """share of the final stops before a pause that lose their burst"""

    @property
    def manners(self) -> dict[str, float]:
        return {"shouted": self.shouted, "breathless": self.breathless, "whispered": self.whispered}


TELEPHONE = Variety(telephone=0.15)
"""For Bluetooth headsets in a call: the model en-telephone."""
WIDER = Variety(
    speeds=(0.82, 1.24), sped_share=0.5, warps=(0.84, 1.18), shouted=0.12, telephone=0.15, unreleased=0.3
)
"""For strangers: frightened and angry people speak higher than anyone who reads a word aloud, and many a
"help" ends with closed lips. It gave more false alarms and found no more "help"s (TRIALS.md)."""
VARIETIES = {"standard": Variety(), "telephone": TELEPHONE, "wider": WIDER}


@dataclass(frozen=True)
class Background:
    """What is added to speech, at 16 kHz: noises, rooms (as impulse responses), music, the coach's voice."""

    noises: list[Samples]
    rooms: list[Samples]
    music: list[Samples]
    coach: list[Samples]


def load_background(speech: Path | None, music: list[Samples], coach: list[Samples]) -> Background:
    """With the noises and rooms of the shared speech; without it, `Streams` uses synthetic ones."""
    if speech is None:
        return Background([], [], music, coach)
    noises = [read(p) for p in sorted((speech / "noise").rglob("*.opus")) if not held_out_sound(p)]
    rooms = [read(p) for p in sorted((speech / "rooms").rglob("*.flac")) if not held_out_sound(p)]
    noises, rooms = [n for n in noises if len(n) > 8000], [r for r in rooms if len(r) > 800]
    return Background(noises, rooms, music, coach)


Piece = tuple[Samples, tuple[Spoken, ...]]
OTHER = -1
"""In `Batch.words`: a word outside the grammar. OTHER - k: such a word that sounds the same as word k."""


@dataclass(frozen=True)
class Batch:
    """Features and labels at 100 frames a second."""

    features: Floats
    """[streams, frames, 40]"""
    outputs: Labels
    """[streams, frames]: the network's target output"""
    words: Labels
    """[streams, frames]: the number of the word being spoken, from 1, in the grammar followed by the extra
    words; 0 between words; OTHER, or OTHER - k, in a word outside the grammar"""
    extra_words: tuple[str, ...]
    """words that are in the grammar for this batch only"""
    shared_only: tuple[str, ...]
    """words with phones of their own that are spelt with the shared phones in this batch"""


def _shares(weights: Sequence[float]) -> npt.NDArray[np.float64]:
    return np.array(weights) / sum(weights)


class Streams:
    """Batches of streams of `seconds`, drawn from `parts` by their weights; in fine-tuning also from `extra`.

    A batch depends on the seed and its step only, so an interrupted training continues with the same data.
    """

    def __init__(
        self,
        parts: list[tuple[Prepared, float]],
        units: Units,
        grammar: Sequence[str],
        background: Background,
        seconds: float,
        seed: int,
        extra: Sequence[tuple[Prepared, float]] = (),
        variety: Variety = Variety(),
    ) -> None:
        self._variety = variety
        self._parts = [part.utterances for part, _ in (*parts, *extra)]
        weights = [weight for _, weight in parts]
        self._shares = _shares(weights)  # of `parts`; those of `extra` come after them in self._parts
        self._shares_with_extra = _shares([*weights, *(weight for _, weight in extra)])
        self._units = units
        self._grammar = {word: k for k, word in enumerate(grammar, start=1)}
        self._homophones = {p: k for word, k in self._grammar.items() for p in dictionary().get(word, ())}
        self._number: dict[str, int] = {}
        """the words of this batch's grammar"""
        self._number_by_sound: dict[Pronunciation, int] = {}
        """the word of this batch's grammar with this pronunciation; 0: none, and none may have it"""
        self._drawn: dict[str, bool] = {}
        """for each word spoken in this batch: was it drawn to be extra, or to be spelt with shared phones?"""
        self._background = background
        self._length = int(seconds * RATE_HZ)
        self._seed = seed
        self._rng = np.random.default_rng(seed)

    def batch(self, step: int, streams: int, *, equalise: bool = False) -> Batch:
        """`equalise`: as before fine-tuning, with random equalisers and without `extra`."""
        self._rng = np.random.default_rng((self._seed, step))
        self._number, self._number_by_sound = dict(self._grammar), dict(self._homophones)
        self._drawn = {}
        made = [self._stream(equalise) for _ in range(streams)]
        features = np.stack([mfcc(sound, self._rng.uniform(*self._variety.warps)) for sound, _, _ in made])
        frames = features.shape[1]
        outputs = np.stack([labels[:frames] for _, labels, _ in made])
        words = np.stack([labels[:frames] for _, _, labels in made])
        extra_words = tuple(self._number)[len(self._grammar) :]
        shared_only = tuple(
            word for word, drawn in self._drawn.items() if drawn and word in self._units.own_words
        )
        return Batch(features, outputs, words, extra_words, shared_only)

    def _stream(self, equalise: bool) -> tuple[Samples, Labels, Labels]:
        """Samples in int16 units, and the output and word of each 10 ms."""
        sound, outputs, words = self._speech(equalise)
        sound = self._with_manner(sound)
        sound = self._in_room(sound)
        sound = self._with_background(sound)
        return self._recorded(sound), outputs, words

    def _speech(self, equalise: bool) -> tuple[Samples, Labels, Labels]:
        """Clean utterances in a row, and their labels."""
        rng, length = self._rng, self._length
        sound = np.zeros(length, np.float32)
        outputs, words = np.zeros((2, length // FRAME + 1), np.int16)
        shares = self._shares if equalise else self._shares_with_extra
        at = int(rng.integers(0, 8000)) // FRAME * FRAME
        while at < length - _MIN_SPEECH:
            if rng.random() < _NON_SPEECH_SHARE:
                noise = self._noise(min(length - at, int(rng.uniform(0.5, 3) * RATE_HZ)))
                wanted_db = _SPEECH_DB + rng.uniform(-10, 3)
                sound[at : at + len(noise)] += noise * np.float32(10 ** (wanted_db / 20) / level(noise))
                at += len(noise) // FRAME * FRAME
                continue
            part = self._parts[rng.choice(len(shares), p=shares)]
            said, spoken = self._at_speed(self._cut(part[rng.integers(len(part))], (length - at) // FRAME))
            if self._variety.unreleased:
                spoken = self._unreleased(said, spoken)
            if equalise and rng.random() < _EQ_SHARE:
                said = equalised(said, rng)
            n = min(len(said), length - at)
            sound[at : at + n] += said[:n] * 10 ** (rng.uniform(-8, 0) / 20)
            for word in spoken:
                start = at // FRAME
                words[start + word.start : start + word.end] = self._number_of(word)
                targets = self._units.of(word.word, tuple(p.name for p in word.phones))
                for phone, output in zip(word.phones, targets, strict=True):
                    outputs[start + phone.start : start + phone.start + phone.frames] = output
            at += (len(said) + int(rng.exponential(4000))) // FRAME * FRAME
        return sound, outputs, words

    def _number_of(self, spoken: Spoken) -> int:
        """The word's label in `Batch.words`. When it first occurs in a batch, a word may join the grammar."""
        word, sound = spoken.word, tuple(p.name for p in spoken.phones)
        if word not in self._drawn:
            share = _SHARED_SHARE if word in self._units.own_words else _EXTRA_SHARE
            self._drawn[word] = bool(self._rng.random() < share)
            if word not in self._number:
                self._register(word, self._drawn[word] and len(sound) >= _EXTRA_PHONES)
        return self._number.get(word, OTHER - self._number_by_sound.get(sound, 0))

    def _register(self, word: str, extra: bool) -> None:
        """Adds `word` to this batch's grammar, or keeps it out; the same then holds for its homophones."""
        sounds = dictionary().get(word, ())
        if extra and self._number_by_sound.keys().isdisjoint(sounds):
            self._number[word] = len(self._number) + 1
        self._number_by_sound = dict.fromkeys(sounds, self._number.get(word, 0)) | self._number_by_sound

    def _cut(self, utterance: Utterance, frames: int) -> Piece:
        """The utterance, or as many consecutive words of it as fit into `frames`.

        Half of the longer utterances are cut to one to three words, so that words of all kinds, spoken by
        real people, stand between pauses as commands do.
        """
        said, words = np.asarray(utterance.samples / 32768, np.float32), utterance.words
        longest, most = frames * self._variety.speeds[0], len(words)
        if most > _FEW_WORDS and self._rng.random() < _FEW_WORDS_SHARE:
            most = int(self._rng.integers(1, _FEW_WORDS + 1))
        if most == len(words) and len(said) // FRAME <= longest:
            return said, words
        first = int(self._rng.integers(len(words)))
        last = first
        start = words[first - 1].end if first else 0
        while last < min(len(words), first + most) and words[last].end - start < longest:
            last += 1
        if last == first:
            return np.zeros(_MIN_SPEECH, np.float32), ()
        end = words[last].start if last < len(words) else len(said) // FRAME
        end = min(end, start + int(longest))
        piece = said[start * FRAME : end * FRAME]
        piece[:_FADE] *= _FADE_IN[: len(piece)]
        piece[-_FADE:] *= _FADE_IN[::-1][-len(piece) :]
        return piece, tuple(w.moved(-start) for w in words[first:last])

    def _at_speed(self, piece: Piece) -> Piece:
        """Sometimes faster or slower, with the pitch."""
        said, words = piece
        if self._rng.random() < self._variety.sped_share:
            speed = self._rng.uniform(*self._variety.speeds)
            at = np.arange(0, len(said) - 1, speed)
            said = np.asarray(np.interp(at, np.arange(len(said)), said), np.float32)
            words = tuple(w.moved(0, speed) for w in words)
        return said, words

    def _unreleased(self, said: Samples, words: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
        """Takes the bursts of some final stops out of `said`, in place; their labels end with the closure."""
        found = []
        for word, following in zip(words, (*words[1:], None), strict=False):
            last = word.phones[-1]
            until = following.start if following else len(said) // FRAME
            if (
                last.name in _UNRELEASED
                and last.frames > 2 * _CLOSURE
                and until - word.end >= _PAUSE
                and self._rng.random() < self._variety.unreleased
            ):
                end = min(until, word.end + _CLOSURE)
                unreleased(said, (last.start + _CLOSURE) * FRAME, end * FRAME)
                short = Phone(last.name, last.start, 2 * _CLOSURE)
                word = Spoken(word.word, (*word.phones[:-1], short))
            found.append(word)
        return tuple(found)

    def _with_manner(self, sound: Samples) -> Samples:
        for name, share in self._variety.manners.items():
            if self._rng.random() < share:
                return MANNERS[name](sound, self._rng)
        return sound

    def _in_room(self, sound: Samples) -> Samples:
        rng = self._rng
        if rng.random() > 0.5:
            return sound
        if self._background.rooms and rng.random() < 0.6:
            response = self._background.rooms[rng.integers(len(self._background.rooms))]
        else:
            n = int(rng.uniform(0.1, 0.5) * RATE_HZ)
            decay = rng.normal(0, 1, n) * np.exp(-6.9 * np.arange(n) / n)
            response = np.concatenate([[10.0], decay]).astype(np.float32)
        heard = in_room(sound, response, rng.uniform(-3, 15))
        return off_axis(heard, rng) if rng.random() < 0.3 else heard

    def _with_background(self, sound: Samples) -> Samples:
        rng, coach = self._rng, self._background.coach
        if coach and rng.random() < 0.15:
            piece = coach[rng.integers(len(coach))]
            start = int(rng.integers(0, len(sound) // 2))
            voice = np.zeros_like(sound)
            n = min(len(piece), len(sound) - start)
            voice[start : start + n] = piece[:n]
            sound = mixed(sound, voice, rng.uniform(-10, 20))
        if rng.random() < 0.8:
            sound = mixed(sound, self._noise(len(sound)), rng.uniform(-2, 28))
        return sound

    def _noise(self, samples: int) -> Samples:
        """A recorded noise, music, or noise with a random spectral slope."""
        rng, background = self._rng, self._background
        which = rng.random()
        recorded = background.music if which < _MUSIC_SHARE else background.noises if which < 0.7 else []
        if not recorded:
            spectrum = np.fft.rfft(rng.normal(0, 1, samples))
            slope = (np.arange(len(spectrum)) + 1.0) ** rng.uniform(0, 1.2)
            return np.asarray(np.fft.irfft(spectrum / slope, samples), np.float32)
        noise = recorded[rng.integers(len(recorded))]
        start = int(rng.integers(0, max(1, len(noise) - samples)))
        return np.resize(noise[start : start + samples], samples)

    def _recorded(self, sound: Samples) -> Samples:
        """In some cases band-limited; with hiss, a random gain, and clipping at full scale. A telephone's
        sound gets the noise of one bit that Vosk adds, or there would be nothing at all above its band."""
        rng = self._rng
        if rng.random() < 0.1:
            edges_hz = [rng.uniform(80, 300), rng.uniform(3000, 5500)]
            band = signal.butter(2, edges_hz, "band", fs=RATE_HZ, output="sos")
            sound = np.asarray(signal.sosfilt(band, sound), np.float32)
        hiss = rng.normal(0, 10 ** rng.uniform(-4.6, -3.2), len(sound))
        sound = np.asarray(sound + hiss, np.float32)
        gain = _FULL_SCALE * 10 ** (rng.uniform(-32, 8) / 20)
        recorded = np.asarray(np.clip(sound * gain, -32768, 32767), np.float32)
        if self._variety.telephone and rng.random() < self._variety.telephone:
            recorded = telephone(recorded / _FULL_SCALE, rng) * _FULL_SCALE
            recorded += rng.normal(0, 1, len(recorded)).astype(np.float32)
        return recorded
