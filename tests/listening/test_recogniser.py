"""The shipped model in Vosk: it recognises a few spoken words, and unsuitable models are refused."""

from pathlib import Path

import numpy as np
import pytest

from voicecoach.audio import read_sound
from voicecoach.language import Command as C
from voicecoach.language import ListeningState, all_words
from voicecoach.listening import Ear, ModelError, VoskModel
from voicecoach.sound import silence
from voicecoach.storage import SHIPPED_MODEL, Shelf, shipped
from voicecoach.testing import VOCABULARY
from voicecoach.units import BLOCK, RATE_HZ

WORDS = Path(__file__).resolve().parents[2] / "audio_fixtures/words"
HOLDING, QUESTION, NUMBER = ListeningState.HOLDING, ListeningState.QUESTION, ListeningState.NUMBER


@pytest.fixture(scope="module")
def model() -> VoskModel:
    return VoskModel(Shelf(Path("nowhere")).verified(), all_words(VOCABULARY))


def heard(model: VoskModel, name: str, state: ListeningState) -> list[C]:
    sound = np.concatenate([read_sound(WORDS / f"{name}.flac"), silence(RATE_HZ)])
    ear = Ear(model, VOCABULARY, state)
    noticed = [n for i in range(0, len(sound) - BLOCK, BLOCK) for n in ear.hear(sound[i : i + BLOCK])]
    return [n.decision.command for n in [*noticed, *ear.finish()] if n.decision.command]


@pytest.mark.parametrize(
    ("name", "state", "command"),
    [
        ("stop_flite-slt", HOLDING, C.STOP),
        ("stop_festival-kal", QUESTION, C.STOP),
        ("pain_flite-rms", NUMBER, C.PAIN),
        ("it_hurts_flite-slt", HOLDING, C.PAIN),
        ("next_flite-slt", HOLDING, C.NEXT),
        ("pause_flite-rms", HOLDING, C.PAUSE),
        ("yes_flite-slt", QUESTION, C.YES),
        ("seven_flite-slt", NUMBER, C.SEVEN),
    ],
)
def test_a_spoken_word_becomes_its_command(
    model: VoskModel, name: str, state: ListeningState, command: C
) -> None:
    assert heard(model, name, state) == [command]


@pytest.mark.parametrize("name", ["oov_music", "oov_breathing", "oov_noise_pink"])
def test_noise_leads_to_no_command(model: VoskModel, name: str) -> None:
    assert heard(model, name, HOLDING) == []


@pytest.mark.fault("a word of the grammar is missing from the model", "refused with the word")
def test_a_model_that_lacks_a_word_is_refused_with_the_word() -> None:
    """Vosk itself only prints a line on stderr, and then never recognises that word."""
    with pytest.raises(ModelError, match=r"word xylophonist\b") as caught:
        VoskModel(shipped("models") / SHIPPED_MODEL, all_words(VOCABULARY) | {"xylophonist"})
    assert "stop" not in str(caught.value).split("word ")[1].split(".")[0]


def test_all_missing_words_are_named() -> None:
    with pytest.raises(ModelError, match="words qqq, zzz"):
        VoskModel(shipped("models") / SHIPPED_MODEL, {"zzz", "stop", "qqq"})


@pytest.mark.fault("a folder that is no model", "refused with its path")
def test_a_folder_that_is_no_model_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=tmp_path.name):
        VoskModel(tmp_path, {"stop"})


@pytest.mark.fault("sound beyond full scale", "clipped, no noise")
def test_sound_beyond_full_scale_is_clipped_and_does_not_overflow_into_noise(model: VoskModel) -> None:
    recogniser = model.recogniser(["stop", "[unk]"])
    assert recogniser.accept(np.full(BLOCK, 3.0, np.float32)).text == ""


@pytest.mark.parametrize("sample", [np.nan, np.inf, 1e30])
@pytest.mark.fault("one sample that is no sound", "the ear hears the next word")
def test_a_sample_that_is_no_sound_does_not_make_the_ear_deaf_for_good(
    model: VoskModel, sample: float
) -> None:
    """One NaN stayed in the canceller's filter: six later "stop"s were missed."""
    ear = Ear(model, VOCABULARY, HOLDING)
    rng = np.random.default_rng(1)
    coach = rng.normal(0, 0.1, 5 * RATE_HZ).astype(np.float32)
    spoiled = np.concatenate([silence(3000), coach])[: len(coach)] * np.float32(0.3)
    spoiled[2 * RATE_HZ] = sample
    for i in range(0, len(coach) - BLOCK, BLOCK):
        ear.hear(spoiled[i : i + BLOCK], coach[i : i + BLOCK])
    stop = np.concatenate([silence(RATE_HZ), read_sound(WORDS / "stop_flite-slt.flac"), silence(RATE_HZ)])
    noticed = [n for i in range(0, len(stop) - BLOCK, BLOCK) for n in ear.hear(stop[i : i + BLOCK])]
    assert C.STOP in [n.decision.command for n in noticed]
