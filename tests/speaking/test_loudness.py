"""Every clip in one loudness, and never clipped."""

import numpy as np
import pyloudnorm
import pytest

from voicecoach.sound import Samples, gain
from voicecoach.speaking import Mixer, Pyttsx3Voice
from voicecoach.speaking.cache import at_stream_rate
from voicecoach.speaking.loudness import LOUDNESS_LUFS, PEAK, levelled, limited, loudness_lufs
from voicecoach.speaking.mixer import MAX_VOLUME_DB
from voicecoach.testing import ENGLISH

SENTENCES = ("Lift your hips, and hold.", "Stopped. You can let go.", "Rest a moment.")
LINES = (*ENGLISH.coach.numbers[1:11], *SENTENCES)


def test_a_sine_is_as_loud_as_the_standard_says() -> None:
    """EBU Tech 3341, test 1, for one channel: 1 kHz at -23 dBFS is -23 LUFS in both channels of a pair, so
    -26 in one."""
    t = np.arange(48_000 * 3) / 48_000
    sine = (gain(-23.0) * np.sin(2 * np.pi * 1_000 * t)).astype(np.float32)
    assert loudness_lufs(sine, 48_000) == pytest.approx(-26.0, abs=0.1)


@pytest.mark.parametrize("rate_hz", [22_050, 24_000, 48_000])
def test_our_measure_is_that_of_pyloudnorm(rate_hz: int) -> None:
    rng = np.random.default_rng(rate_hz)
    t = np.arange(3 * rate_hz) / rate_hz
    for _ in range(10):
        bursts = np.repeat(rng.uniform(0, 0.3, 30), rate_hz // 10)
        hum = np.sin(2 * np.pi * rng.uniform(80, 4_000) * t) + rng.normal(0, 0.3, len(t))
        clip = (bursts * hum).astype(np.float32)
        theirs = pyloudnorm.Meter(rate_hz).integrated_loudness(clip.astype(np.float64))
        assert loudness_lufs(clip, rate_hz) == pytest.approx(theirs, abs=0.15)


@pytest.mark.parametrize("voice", ENGLISH.voices)
def test_numbers_and_sentences_are_equally_loud(voice: str) -> None:
    """A count that is louder than the sentence before it sounds like a shout."""
    engine = Pyttsx3Voice(voice)
    found = {
        line: loudness_lufs(levelled(*clip), clip[1]) for line in LINES for clip in [engine.render(line, 150)]
    }
    assert all(abs(lufs - LOUDNESS_LUFS) < 1.0 for lufs in found.values()), found


@pytest.mark.parametrize("voice", ENGLISH.voices)
def test_not_one_sample_is_clipped_at_the_loudest_setting(voice: str) -> None:
    """515 samples were."""
    engine = Pyttsx3Voice(voice)
    mixer = Mixer()
    mixer.change_volume(MAX_VOLUME_DB)
    mixer.render(960)
    for line in LINES:
        clip, rate_hz = engine.render(line, 150)
        level = levelled(clip, rate_hz)
        assert np.abs(level).max() <= PEAK * 1.001
        pcm = np.round(level * 32_767).astype(np.int16)
        mixer.play(at_stream_rate((pcm, rate_hz)))
        sound = mixer.render(48_000 * 4)
        assert 0.3 < np.abs(sound).max() < 1.0


def test_the_limiter_leaves_what_is_quiet_as_it_is_and_nothing_above_the_peak() -> None:
    rng = np.random.default_rng(2)
    quiet = rng.normal(0, 0.05, 24_000).astype(np.float32)
    np.testing.assert_array_equal(limited(quiet, 24_000), quiet)
    loud = quiet.copy()
    loud[12_000:12_050] += 2.0
    out = limited(loud, 24_000)
    assert np.abs(out).max() <= PEAK * 1.001
    np.testing.assert_array_equal(out[:11_000], quiet[:11_000])
    np.testing.assert_array_equal(out[13_000:], quiet[13_000:])


def test_silence_stays_silence() -> None:
    silent: Samples = np.zeros(24_000, np.float32)
    assert not levelled(silent, 24_000).any()
