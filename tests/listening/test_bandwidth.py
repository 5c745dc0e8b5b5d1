"""How high a microphone hears. A headset in a call once lost "stop", and nothing said so."""

import time

import numpy as np
import pytest
import soxr

from voicecoach.audio import read_sound
from voicecoach.listening import Bandwidth, is_narrow
from voicecoach.sound import Samples, gain, silence
from voicecoach.testing import FIXTURES
from voicecoach.units import BLOCK, RATE_HZ

VOICES = ("festival-kal", "festival-slt", "flite-awb", "flite-rms", "flite-slt")
NOISES = ("music", "pink", "tv", "breathing")


def said(voice: str) -> Samples:
    """Some words; the recordings are of 16 kHz."""
    words = ("stop", "next", "it_hurts", "not_sure", "help", "yes")
    return np.concatenate([read_sound(FIXTURES / f"words/{word}_{voice}.flac") for word in words])


def hiss(seconds: float, level_db: float) -> Samples:
    noise = np.random.default_rng(1).normal(0, gain(level_db), round(seconds * RATE_HZ))
    return noise.astype(np.float32)


def through(rate_hz: int, sound: Samples) -> Samples:
    """What a microphone of this rate delivers, in 16 bits and at the stream's rate."""
    sound = soxr.resample(soxr.resample(sound, RATE_HZ, rate_hz), rate_hz, RATE_HZ)
    return (np.round(np.clip(sound, -1, 1) * 32767) / 32768).astype(np.float32)


def fed(sound: Samples, bandwidth: Bandwidth | None = None) -> Bandwidth:
    bandwidth = bandwidth or Bandwidth()
    for start in range(0, len(sound) - BLOCK + 1, BLOCK):
        bandwidth.hear(sound[start : start + BLOCK])
    return bandwidth


@pytest.mark.parametrize("voice", VOICES)
def test_a_headset_in_a_call_is_told_from_a_microphone_by_what_the_user_says(voice: str) -> None:
    assert fed(through(8_000, said(voice))).limit_hz == 4000
    limit_hz = fed(through(16_000, said(voice))).limit_hz
    assert limit_hz is not None
    assert 7000 <= limit_hz <= 8000


@pytest.mark.parametrize("level_db", [-20.0, -40.0])
def test_a_microphone_that_hears_everything_is_no_narrow_one(level_db: float) -> None:
    assert fed(hiss(3.0, level_db)).limit_hz == 24_000


@pytest.mark.parametrize("noise", NOISES)
def test_noise_in_the_room_is_told_from_a_narrow_band_too(noise: str) -> None:
    sound = read_sound(next((FIXTURES / "words").glob(f"oov_*{noise}.flac")))
    assert not is_narrow(fed(through(16_000, sound)).limit_hz)
    assert fed(through(8_000, sound)).limit_hz in (None, 4000)


def test_a_quiet_room_and_what_a_gate_leaves_of_it_prove_nothing() -> None:
    assert fed(silence(RATE_HZ * 5)).limit_hz is None
    assert fed(through(8_000, hiss(5.0, -75.0))).limit_hz is None
    gated = said("flite-slt")
    assert fed(np.where(np.abs(gated) < 2, 0, gated).astype(np.float32)).limit_hz is None


def test_a_word_or_two_are_not_enough_to_judge_a_microphone() -> None:
    word = read_sound(FIXTURES / "words/stop_festival-kal.flac")
    assert fed(through(8_000, word)).limit_hz is None


@pytest.mark.parametrize("rate_hz", [8_000, 16_000])
def test_between_the_words_a_gate_may_close(rate_hz: int) -> None:
    sound = through(rate_hz, said("flite-rms"))
    blocks = sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK)
    blocks[np.abs(blocks).max(axis=1) < 0.05] = 0
    assert is_narrow(fed(blocks.ravel()).limit_hz) is (rate_hz == 8_000)


def test_a_headset_that_is_shouted_into_is_still_a_narrow_one() -> None:
    """Where it clips it has power in every band."""
    shout = said("festival-kal")
    shout *= 3 / np.abs(shout).max()
    assert is_narrow(fed(through(8_000, shout)).limit_hz)


def test_clicks_of_a_lost_packet_do_not_hide_a_narrow_band() -> None:
    sound = through(8_000, said("festival-kal"))
    for start in range(0, len(sound), RATE_HZ // 2):
        sound[start : start + 300] = 0
    assert is_narrow(fed(sound).limit_hz)


def test_a_headset_that_enters_a_call_in_a_session_is_noticed_within_a_minute() -> None:
    everything = np.tile(said("festival-kal"), 30)
    bandwidth = fed(through(16_000, everything))
    assert not is_narrow(bandwidth.limit_hz)
    call = through(8_000, everything)
    for second in range(60):
        fed(call[second * RATE_HZ : (second + 1) * RATE_HZ], bandwidth)
        if is_narrow(bandwidth.limit_hz):
            break
    assert is_narrow(bandwidth.limit_hz)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_samples_that_are_no_sound_do_not_count(bad: float) -> None:
    bandwidth = fed(through(8_000, said("festival-kal")))
    broken = silence(BLOCK)
    broken[5] = bad
    for _ in range(200):
        bandwidth.hear(broken)
    assert bandwidth.limit_hz == 4000


def test_it_costs_next_to_nothing() -> None:
    sound = said("festival-kal")
    bandwidth = fed(sound)
    began_s = time.process_time()
    for _ in range(5):
        fed(sound, bandwidth)
    assert (time.process_time() - began_s) / (5 * len(sound) / BLOCK) < 0.0002
