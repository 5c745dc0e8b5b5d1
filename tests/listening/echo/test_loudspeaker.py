"""The clip level of a loudspeaker is found, and none for a loudspeaker that does not clip."""

import numpy as np
import pytest
import soxr

from tests.listening.echo.signals import RATE_HZ, cleaned, level_db, room, through, voice
from voicecoach.listening.echo import EchoCanceller
from voicecoach.listening.echo.loudspeaker import NO_CLIPPING
from voicecoach.sound import Samples
from voicecoach.units import RATE_HZ as STREAM_HZ


def resampled(sound: Samples, rate_hz: int, to_hz: int) -> Samples:
    return np.asarray(soxr.resample(sound, rate_hz, to_hz), np.float32)


def echo_of(played: Samples, response: Samples) -> Samples:
    """`played` and result at 48 kHz, the room's impulse `response` at 16 kHz."""
    return resampled(through(response, resampled(played, STREAM_HZ, RATE_HZ)), RATE_HZ, STREAM_HZ)


def coach(seconds: float) -> Samples:
    return resampled(voice(seconds, 1), RATE_HZ, STREAM_HZ)


def final_reduction_db(heard: Samples, cleaned: Samples) -> float:
    """Echo reduction in the last three seconds."""
    return level_db(heard[-3 * STREAM_HZ :]) - level_db(cleaned[-3 * RATE_HZ :])


@pytest.mark.parametrize("clip_level", [0.08, 0.12, 0.2])
def test_the_clip_level_is_found_and_the_echo_is_reduced_as_if_there_were_none(clip_level: float) -> None:
    played = coach(24)
    heard = echo_of(np.clip(played, -clip_level, clip_level), room(0.05, 0.15, 5))
    out, canceller, _ = cleaned(heard, played)
    assert canceller.loudspeaker.clip_level == pytest.approx(clip_level, rel=0.16)
    assert final_reduction_db(heard, out) > 30
    assert canceller.loudspeaker.over_db == pytest.approx(
        20 * np.log10(np.abs(played).max() / clip_level), abs=2
    )


def test_the_echo_of_soft_saturation_is_reduced_more_than_by_a_linear_filter() -> None:
    played = coach(20)
    heard = echo_of(np.asarray(0.12 * np.tanh(played / 0.12), np.float32), room(0.05, 0.15, 5))
    out, _, _ = cleaned(heard, played)
    linear = EchoCanceller()
    linear.loudspeaker.adapt = lambda *_: None  # type: ignore[method-assign]
    linear_out, _, _ = cleaned(heard, played, linear)
    assert final_reduction_db(heard, out) > final_reduction_db(heard, linear_out) + 5


@pytest.mark.parametrize("tail_s", [0.15, 0.7])
@pytest.mark.parametrize("user_db", [None, -10, 0, 10])
def test_no_clip_level_is_found_for_a_good_loudspeaker_whoever_speaks(
    tail_s: float, user_db: float | None
) -> None:
    played = coach(16)
    heard = echo_of(played, room(0.05, tail_s, 5))
    if user_db is not None:
        heard = heard + resampled(voice(16, 9), RATE_HZ, STREAM_HZ) * np.float32(10 ** (user_db / 20))
    _, canceller, _ = cleaned(heard, played)
    assert canceller.loudspeaker.clip_level == NO_CLIPPING
    assert canceller.loudspeaker.over_db == 0


def test_the_clip_level_is_found_in_lasting_double_talk() -> None:
    played = coach(30)
    user = resampled(voice(30, 9), RATE_HZ, STREAM_HZ)
    heard = echo_of(np.clip(played, -0.1, 0.1), room(0.05, 0.15, 5)) + np.float32(0.1) * user
    _, canceller, _ = cleaned(heard, played)
    assert canceller.loudspeaker.clip_level == pytest.approx(0.1, rel=0.2)


def test_a_loudspeaker_that_is_turned_down_again_loses_its_clip_level() -> None:
    played, clipped = coach(60), coach(60)
    loud = 20 * STREAM_HZ
    clipped[:loud] = np.clip(clipped[:loud], -0.1, 0.1)
    heard = echo_of(clipped, room(0.05, 0.15, 5))
    out, canceller, _ = cleaned(heard, played)
    assert canceller.loudspeaker.over_db < 3
    assert final_reduction_db(heard, out) > 30
