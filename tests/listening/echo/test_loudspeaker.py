"""A loudspeaker that clips is found out; one that does not is never taken for one."""

import numpy as np
import pytest
import soxr

from tests.listening.echo.signals import RATE_HZ, cleaned, level_db, room, through, voice
from voicecoach.listening.echo import EchoCanceller
from voicecoach.listening.echo.loudspeaker import OPEN
from voicecoach.sound import Samples
from voicecoach.units import RATE_HZ as STREAM_HZ


def resampled(sound: Samples, rate_hz: int, to_hz: int) -> Samples:
    return np.asarray(soxr.resample(sound, rate_hz, to_hz), np.float32)


def echo_of(played: Samples, answer: Samples) -> Samples:
    """At 48 kHz; `answer` at 16 kHz."""
    return resampled(through(answer, resampled(played, STREAM_HZ, RATE_HZ)), RATE_HZ, STREAM_HZ)


def coach(seconds: float) -> Samples:
    return resampled(voice(seconds, 1), RATE_HZ, STREAM_HZ)


def last_loss_db(heard: Samples, left: Samples) -> float:
    """How much was taken away of the last three seconds."""
    return level_db(heard[-3 * STREAM_HZ :]) - level_db(left[-3 * RATE_HZ :])


@pytest.mark.parametrize("ceiling", [0.08, 0.12, 0.2])
def test_its_ceiling_is_found_and_the_echo_goes_as_without_one(ceiling: float) -> None:
    played = coach(24)
    heard = echo_of(np.clip(played, -ceiling, ceiling), room(0.05, 0.15, 5))
    left, canceller, _ = cleaned(heard, played)
    assert canceller.loudspeaker.ceiling == pytest.approx(ceiling, rel=0.16)
    assert last_loss_db(heard, left) > 30
    assert canceller.loudspeaker.over_db == pytest.approx(
        20 * np.log10(np.abs(played).max() / ceiling), abs=2
    )


def test_one_that_saturates_softly_is_taken_away_better_than_by_a_linear_filter() -> None:
    played = coach(20)
    heard = echo_of(np.asarray(0.12 * np.tanh(played / 0.12), np.float32), room(0.05, 0.15, 5))
    left, _, _ = cleaned(heard, played)
    linear = EchoCanceller()
    linear.loudspeaker.compare = lambda *_: None  # type: ignore[method-assign]
    without, _, _ = cleaned(heard, played, linear)
    assert last_loss_db(heard, left) > last_loss_db(heard, without) + 5


@pytest.mark.parametrize("tail_s", [0.15, 0.7])
@pytest.mark.parametrize("user_db", [None, -10, 0, 10])
def test_a_good_loudspeaker_has_none_whoever_speaks(tail_s: float, user_db: float | None) -> None:
    played = coach(16)
    heard = echo_of(played, room(0.05, tail_s, 5))
    if user_db is not None:
        heard = heard + resampled(voice(16, 9), RATE_HZ, STREAM_HZ) * np.float32(10 ** (user_db / 20))
    _, canceller, _ = cleaned(heard, played)
    assert canceller.loudspeaker.ceiling == OPEN
    assert canceller.loudspeaker.over_db == 0


def test_somebody_who_speaks_all_the_time_does_not_hide_it() -> None:
    played = coach(30)
    user = resampled(voice(30, 9), RATE_HZ, STREAM_HZ)
    heard = echo_of(np.clip(played, -0.1, 0.1), room(0.05, 0.15, 5)) + np.float32(0.1) * user
    _, canceller, _ = cleaned(heard, played)
    assert canceller.loudspeaker.ceiling == pytest.approx(0.1, rel=0.2)


def test_turned_down_again_it_has_none() -> None:
    played, clipped = coach(60), coach(60)
    loud = 20 * STREAM_HZ
    clipped[:loud] = np.clip(clipped[:loud], -0.1, 0.1)
    heard = echo_of(clipped, room(0.05, 0.15, 5))
    left, canceller, _ = cleaned(heard, played)
    assert canceller.loudspeaker.over_db < 3
    assert last_loss_db(heard, left) > 30
