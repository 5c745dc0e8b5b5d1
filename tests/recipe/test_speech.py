"""Speech, its alignment, augmentation and features."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from recipe import align, corpus, neural, prepare, rhymes, texts, voices
from recipe.augment import OTHER, WIDER, Background, Streams, Variety
from recipe.corpus import FRAME, Phone, Prepared, Recording, Spoken, Utterance
from recipe.features import mfcc
from recipe.manners import MANNERS, equalised, in_room, telephone
from recipe.music import music
from recipe.phones import FIRST_PHONE, SILENCE, Units, dictionary

from voicecoach.language import ListeningState, all_words
from voicecoach.speaking import Pyttsx3Voice
from voicecoach.speaking.espeak import espeak
from voicecoach.testing import PHRASES, VOCABULARY, grammar

WORDS = Path(__file__).resolve().parents[2] / "audio_fixtures" / "words"
UNITS = Units(["stop"])
NO_BACKGROUND = Background([], [], [], [])


@pytest.fixture(scope="module")
def stop() -> Utterance:
    utterance = align.aligned(corpus.read(WORDS / "stop_festival-kal.flac"), "stop", "test", pad=False)
    assert utterance is not None
    return utterance


def said(*words: Spoken, frames: int) -> Utterance:
    samples = np.full(frames * FRAME, 1000, np.int16)
    return Utterance(samples, words, "test")


def test_alignment_finds_the_phones_in_order_and_in_time(stop: Utterance) -> None:
    (word,) = stop.words
    assert [p.name for p in word.phones] == ["S", "T", "AA", "P"]
    assert all(a.start + a.frames == b.start for a, b in zip(word.phones, word.phones[1:], strict=False))
    loud = np.abs(stop.samples[: len(stop.samples) // FRAME * FRAME].reshape(-1, FRAME)).max(axis=1) > 600
    edges = np.flatnonzero(loud)
    assert abs(word.start - edges[0]) < 8
    assert abs(word.end - edges[-1]) < 12


def test_labels_are_the_words_own_phones_with_silence_around_them(stop: Utterance) -> None:
    labels = UNITS.labels(stop)
    assert labels[0] == SILENCE == labels[-1]
    assert set(labels[stop.words[0].start : stop.words[0].end]) == set(
        UNITS.of("stop", ("S", "T", "AA", "P"))
    )


@pytest.mark.parametrize(
    ("sound", "text"),
    [
        (np.zeros(16000, np.float32), "stop"),
        (np.ones(100, np.float32), "stop"),
        (np.ones(16000, np.float32), ""),
        (np.ones(16000, np.float32), "xyzzyx"),
        (np.zeros(17 * 16000, np.float32) + 0.1, "stop"),
    ],
    ids=["silence", "too short", "no text", "no such word", "too long"],
)
def test_a_clip_that_cannot_be_aligned_is_rejected(sound: corpus.Samples, text: str) -> None:
    assert align.aligned(sound, text, "test", pad=False) is None


def test_a_word_labelled_as_silence_is_noticed(stop: Utterance) -> None:
    twice = np.concatenate([stop.samples, stop.samples])
    (word,) = stop.words
    assert align.loud_in_silence(stop) < 0.1
    assert align.loud_in_silence(Utterance(twice, (word,), "test")) == pytest.approx(0.5, abs=0.1)
    assert align.loud_in_silence(Utterance(stop.samples, (), "test")) == 1.0


def test_misaligned_speech_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = corpus.read(WORDS / "stop_festival-kal.flac")
    sounds = (once, np.concatenate([once, once]))
    monkeypatch.setitem(voices.ENGINES, "flite", lambda n, *_: [(s, "stop", "test") for s in sounds[:n]])
    parts = prepare.prepare(prepare.Plan(None, {"flite": 2}, 1), tmp_path)
    (path,) = parts["flite"]
    (kept,) = Prepared.load(path)
    assert len(kept.samples) < 1.5 * len(once)


def test_prepared_speech_is_the_same_after_saving_and_loading(tmp_path: Path, stop: Utterance) -> None:
    Prepared([stop, said(frames=30)]).save(tmp_path / "part.npz")
    first, second = Prepared.load(tmp_path / "part.npz")
    assert first.words == stop.words
    assert np.array_equal(first.samples, stop.samples)
    assert second.words == ()


def test_a_withheld_word_is_in_no_utterance(stop: Utterance) -> None:
    assert list(Prepared([stop]).without_words(["go"])) == [stop]
    assert list(Prepared([stop]).without_words(["stop"])) == []


def test_a_speaker_on_both_sides_of_a_split_is_found() -> None:
    def spoken_by(speaker: str) -> Recording:
        return Recording(Path("x"), "stop", speaker, "gsc", "CC-BY-4.0")

    assert corpus.speakers_shared([spoken_by("gsc:a")], [spoken_by("gsc:b")]) == set()
    assert corpus.speakers_shared([spoken_by("gsc:a")], [spoken_by("gsc:a"), spoken_by("gsc:b")]) == {"gsc:a"}


def test_a_fixed_share_of_noises_and_talk_is_held_out() -> None:
    noises = [Path(f"noise/{k}.opus") for k in range(1000)]
    assert 150 < sum(map(corpus.held_out_sound, noises)) < 250
    read = [Path(f"train/resemblyzer_librispeech/{k}.opus") for k in range(1200)]
    assert 150 < sum(map(corpus.held_out_speech, read)) < 250
    assert not any(corpus.held_out_speech(Path(f"train/gsc/{k}.opus")) for k in range(1200))


def test_speech_is_equalised_only_if_asked_for(stop: Utterance, monkeypatch: pytest.MonkeyPatch) -> None:
    equalised_lengths: list[int] = []

    def counting(sound: corpus.Samples, rng: np.random.Generator) -> corpus.Samples:
        equalised_lengths.append(len(sound))
        return sound

    monkeypatch.setattr("recipe.augment.equalised", counting)
    streams = Streams([(Prepared([stop]), 1.0)], UNITS, ["stop"], NO_BACKGROUND, 4.0, 1)
    streams.batch(1, 8)
    assert not equalised_lengths
    streams.batch(1, 8, equalise=True)
    assert equalised_lengths


def test_a_telephone_passes_nothing_above_its_band_and_keeps_the_time(stop: Utterance) -> None:
    sound = np.asarray(stop.samples / 32768, np.float32)
    for seed in range(4):
        heard = telephone(sound, np.random.default_rng(seed))
        assert len(heard) == len(sound)
        power = np.abs(np.fft.rfft(heard)) ** 2
        above = np.fft.rfftfreq(len(heard), 1 / corpus.RATE_HZ) > 4200
        assert power[above].sum() < 1e-4 * power.sum()
        shift = np.argmax(np.correlate(heard, sound, "full")) - (len(sound) - 1)
        assert abs(shift) <= 2


def test_a_final_stop_may_lose_its_burst_and_its_label(stop: Utterance) -> None:
    (word,) = stop.words
    last = word.phones[-1]
    for share, frames in ((0.0, last.frames), (1.0, 4)):
        parts, variety = [(Prepared([stop]), 1.0)], Variety(unreleased=share)
        streams = Streams(parts, UNITS, ["stop"], NO_BACKGROUND, 4.0, 1, variety=variety)
        sound = np.asarray(stop.samples / 32768, np.float32)
        before = sound.copy()
        (found,) = streams._unreleased(sound, (word,))
        assert found.phones[:-1] == word.phones[:-1]
        assert found.phones[-1].frames == frames
        burst = slice((last.start + 4) * FRAME, word.end * FRAME)
        louder = np.linalg.norm(sound[burst]) / np.linalg.norm(before[burst])
        assert louder == 1.0 if share == 0 else louder < 0.1
        assert np.array_equal(sound[: last.start * FRAME], before[: last.start * FRAME])


def test_the_rhyme_test_has_fifty_sets_of_six_and_spells_pain_as_the_grammar_does() -> None:
    sets = rhymes.words()
    assert [len(words) for words in sets] == [6] * 50
    found = {r.path.name: r.text for r in rhymes.recordings(Path("clips"), rhymes.HELD_OUT)}
    assert len(found) == 600
    assert found["M4_b20_w4_orig.wav"] == "please select the word pain"
    assert set(rhymes.TRAINED).isdisjoint(rhymes.HELD_OUT)


def test_of_a_recording_of_the_rhyme_test_the_word_alone_is_left() -> None:
    the = Spoken("the", (Phone("DH", 2, 10), Phone("AH", 12, 20)))
    rain = Spoken("rain", (Phone("R", 40, 10), Phone("EY", 50, 20), Phone("N", 70, 6)))
    alone = rhymes.word_alone(said(the, rain, frames=90))
    assert alone.words == (Spoken("rain", (Phone("R", 8, 10), Phone("EY", 18, 20), Phone("N", 38, 6))),)
    assert len(alone.samples) == 58 * FRAME


def test_a_wider_variety_agrees_with_its_labels_as_well(stop: Utterance) -> None:
    streams = Streams([(Prepared([stop]), 1.0)], UNITS, ["stop"], NO_BACKGROUND, 4.0, 7, variety=WIDER)
    narrow = Streams([(Prepared([stop]), 1.0)], UNITS, ["stop"], NO_BACKGROUND, 4.0, 7)
    for step in range(6):
        batch = streams.batch(step, 4)
        assert np.isfinite(batch.features).all()
        assert ((batch.outputs >= FIRST_PHONE) == (batch.words != 0)).mean() > 0.99
        assert not np.array_equal(batch.features, narrow.batch(step, 4).features)


def test_in_fine_tuning_the_extra_utterances_are_drawn_too(stop: Utterance) -> None:
    hello = said(Spoken("hello", (Phone("HH", 2, 10), Phone("OW", 12, 20))), frames=40)
    streams = Streams(
        [(Prepared([stop]), 1.0)], UNITS, ["stop"], NO_BACKGROUND, 4.0, 1, extra=[(Prepared([hello]), 1.0)]
    )
    assert OTHER not in streams.batch(1, 8, equalise=True).words
    assert set(np.unique(streams.batch(1, 8).words)) >= {OTHER, 1}


def test_streams_depend_on_the_seed_and_the_step_only(stop: Utterance) -> None:
    def batch(seed: int, step: int) -> np.ndarray:
        streams = Streams([(Prepared([stop]), 1.0)], UNITS, ["stop"], NO_BACKGROUND, 2.0, seed)
        return streams.batch(step, 2).features

    assert np.array_equal(batch(1, 5), batch(1, 5))
    assert not np.array_equal(batch(1, 5), batch(1, 6))
    assert not np.array_equal(batch(1, 5), batch(2, 5))


def test_output_and_word_labels_of_a_stream_agree(stop: Utterance) -> None:
    """Frames of a word have phones and the frames between words have silence, at every speed and cut."""
    other = said(Spoken("hello", (Phone("HH", 2, 10), Phone("OW", 12, 20))), frames=40)
    parts = [(Prepared([stop]), 1.0), (Prepared([other]), 1.0)]
    streams = Streams(parts, UNITS, ["stop"], NO_BACKGROUND, 4.0, 7)
    found = set()
    for step in range(6):
        batch = streams.batch(step, 4)
        assert batch.features.shape[:2] == batch.outputs.shape == batch.words.shape
        assert ((batch.outputs >= FIRST_PHONE) == (batch.words != 0)).mean() > 0.99
        found |= set(np.unique(batch.words))
        stops = batch.outputs[batch.words == 1]
        assert set(stops) <= {SILENCE, *UNITS.of("stop", ("S", "T", "AA", "P"))}
    assert found == {OTHER, 0, 1}


def test_music_instead_of_an_utterance_is_as_loud_and_labelled_as_silence(
    stop: Utterance, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = Background([], [], [music(np.random.default_rng(3), 2.0)], [])
    monkeypatch.setattr("recipe.augment._MUSIC_SHARE", 1.0)
    monkeypatch.setattr("recipe.augment._NON_SPEECH_SHARE", 0.5)
    streams = Streams([(Prepared([stop]), 1.0)], UNITS, ["stop"], around, 6.0, 7)
    said = [streams._speech(equalise=False) for _ in range(20)]
    sound = np.concatenate([s[: len(s) // FRAME * FRAME].reshape(-1, FRAME) for s, _, _ in said])
    outputs, words = (np.concatenate([part[k][:600] for part in said]) for k in (1, 2))
    loud = np.sqrt(np.mean(sound**2, axis=1)) > 0.01
    assert set(outputs[words == 0]) == {SILENCE}
    assert (loud & (words == 0)).sum() > 0.5 * (loud & (words == 1)).sum()


def test_pieces_of_music_differ_and_are_normalised() -> None:
    rng = np.random.default_rng(1)
    pieces = [music(rng, 1.5) for _ in range(8)]
    assert {len(piece) for piece in pieces} == {24000}
    assert all(0.99 < np.abs(piece).max() <= 1 for piece in pieces)
    assert max(abs(np.corrcoef(a, b)[0, 1]) for a, b in itertools.combinations(pieces, 2)) < 0.5


def test_spoken_words_join_the_grammar_in_some_batches(stop: Utterance) -> None:
    rain = said(Spoken("rain", (Phone("R", 2, 10), Phone("EY", 12, 20), Phone("N", 32, 6))), frames=40)
    short = said(Spoken("hello", (Phone("HH", 2, 10), Phone("OW", 12, 20))), frames=40)
    parts = [(Prepared([stop, rain, short]), 1.0)]
    streams = Streams(parts, UNITS, ["stop", "go"], NO_BACKGROUND, 4.0, 7)
    batches = [streams.batch(step, 4) for step in range(12)]
    found = {(batch.extra_words, batch.shared_only) for batch in batches}
    assert found == {((), ()), (("rain",), ()), ((), ("stop",)), (("rain",), ("stop",))}
    for batch in batches:
        number = 3 if batch.extra_words else OTHER
        assert set(batch.words[batch.outputs == UNITS.shared(["EY"])[0]]) == {number}
        assert set(batch.words[batch.outputs == UNITS.shared(["HH"])[0]]) <= {OTHER}, "too short"


def test_a_homophone_of_a_grammar_word_is_not_trained_as_another_word(stop: Utterance) -> None:
    """ "weight" is a homophone of "wait". Of two homophones outside it, the first decides for both."""

    def three(word: str, *names: str) -> Utterance:
        phones = tuple(Phone(name, 2 + 10 * k, 10) for k, name in enumerate(names))
        return said(Spoken(word, phones), frames=40)

    alike = [three("weight", "W", "EY", "T"), three("pain", "P", "EY", "N"), three("pane", "P", "EY", "N")]
    parts = [(Prepared([stop, *alike]), 1.0)]
    streams = Streams(parts, UNITS, ["stop", "wait"], NO_BACKGROUND, 4.0, 7)
    batches = [streams.batch(step, 4) for step in range(24)]
    assert {batch.extra_words for batch in batches} == {(), ("pain",), ("pane",)}
    waits = {int(word) for b in batches for word in b.words[b.outputs == UNITS.shared(["W"])[0]]}
    assert waits == {OTHER - 2}
    for batch in batches:
        found = set(batch.words[batch.outputs == UNITS.shared(["N"])[0]])
        assert found <= ({3, OTHER - 3} if batch.extra_words else {OTHER})


def test_a_long_utterance_is_cut_between_words() -> None:
    words = [Spoken("one", (Phone("W", 100 * k + 10, 60),)) for k in range(10)]
    long = said(*words, frames=1010)
    streams = Streams([(Prepared([long]), 1.0)], UNITS, ["one"], NO_BACKGROUND, 3.0, 1)
    for _ in range(30):
        sound, spoken = streams._cut(long, 250)
        assert len(sound) <= 250 * FRAME
        assert all(w.start >= 0 and w.end * FRAME <= len(sound) for w in spoken)
        assert all(w.end - w.start == 60 for w in spoken), "no word is cut in half"


def test_features_ignore_an_offset_and_show_loudness_in_one_coefficient() -> None:
    """Kaldi removes each frame's mean. Scaling the sound changes the first coefficient only."""
    sound = np.random.default_rng(1).normal(0, 1000, 4000).astype(np.float32)
    base = mfcc(sound)
    assert base.shape == (23, 40)
    assert np.abs(mfcc(sound + 500) - base).max() < 0.02
    louder = mfcc(sound * 2) - base
    assert np.abs(louder[:, 1:]).max() < 0.01
    assert np.ptp(louder[:, 0]) < 0.01
    assert louder[0, 0] > 5


@pytest.mark.parametrize("manner", sorted(MANNERS))
def test_a_manner_changes_the_sound_and_keeps_its_length(manner: str) -> None:
    sound = corpus.read(WORDS / "stop_festival-kal.flac")
    changed = MANNERS[manner](sound, np.random.default_rng(1))
    assert len(changed) == len(sound)
    assert np.isfinite(changed).all()
    assert not np.allclose(changed, sound)


def test_the_random_equaliser_is_smooth_and_has_no_delay() -> None:
    click = np.zeros(4000, np.float32)
    click[1000] = 1.0
    heard = equalised(click, np.random.default_rng(1))
    assert len(heard) == len(click)
    assert np.argmax(np.abs(heard)) == 1000, "no delay: labels stay in time"
    gain_db = 20 * np.log10(np.abs(np.fft.rfft(heard))[20:])  # from 80 Hz
    assert 6 < np.ptp(gain_db) < 40
    assert np.abs(np.diff(gain_db)).max() < 1.5, "between neighbouring frequencies, 4 Hz apart"
    other = equalised(click, np.random.default_rng(2))
    assert not np.allclose(heard, other, atol=0.05)


def test_a_room_keeps_the_time_and_level_of_the_direct_sound() -> None:
    click = np.zeros(2000, np.float32)
    click[100] = 1.0
    response = np.zeros(900, np.float32)
    response[[50, 80, 300]] = [1.0, 0.3, 0.4]
    heard = in_room(click, response, direct_db=6.0)
    assert heard[100] == pytest.approx(1.0, abs=1e-6)
    tail = np.linalg.norm(heard[101:])
    assert 20 * np.log10(1.0 / tail) == pytest.approx(6.0, abs=0.1)


def test_every_grammar_word_has_a_pronunciation() -> None:
    assert {word for word in all_words(VOCABULARY) if word not in dictionary()} == set()


@pytest.mark.parametrize("state", ListeningState)
def test_no_decoy_is_a_homophone_of_a_command(state: ListeningState) -> None:
    """A recogniser picks one of two homophones: "paws" took half of the "pause"s."""
    phrases = PHRASES[state]
    sounds = {sound for phrase in phrases for sound in dictionary().get(phrase, ())}
    alike = [w for w in grammar(state) if w not in phrases and sounds & set(dictionary().get(w, ()))]
    assert alike == []


def test_the_synthetic_voices_say_every_phrase() -> None:
    speaker = texts.Speaker(np.random.default_rng(1))
    heard = {speaker.piece() for _ in range(3000)}
    assert set(texts.phrases()) <= heard
    assert set(texts.LEFT_OUT) <= heard


def test_british_voices_get_british_phonemes() -> None:
    british, american = (neural.kokoro_phonemes("not go", british=b) for b in (True, False))
    assert "ɒ" in british
    assert "Q" in british
    assert "O" in american


def test_an_unknown_accent_is_refused() -> None:
    """The espeak-ng library would continue with the voice before it."""
    with pytest.raises(ValueError, match="no voice 'en-nowhere'"):
        neural.ipa("stop", "en-nowhere")


def test_phonemes_do_not_change_the_voice_of_a_synthesiser() -> None:
    """Both use one espeak-ng library, which has one current voice."""
    coach = Pyttsx3Voice("espeak:gmw/en-US")
    neural.ipa("stop", "en-gb-scotland")
    coach.render("stop", 150)
    assert coach.voice.endswith(espeak().voice)
