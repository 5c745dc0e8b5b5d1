"""The linear filter against known signals: echo loss, the user kept, a moved microphone, a shifted delay."""

import numpy as np
import pytest

from tests.listening.echo.signals import RATE_HZ, STEP, level_db, room, steps, through, voice
from voicecoach.listening.echo.kalman import KalmanFilter
from voicecoach.sound import Samples

SECOND = RATE_HZ // STEP


def filtered(kalman: KalmanFilter, heard: Samples, played: Samples) -> Samples:
    left = []
    for h, p in zip(steps(heard), steps(played), strict=True):
        kalman.remember(p)
        left.append(kalman.process(h)[0])
    return np.concatenate(left)


def test_the_echo_falls_by_20_db_within_two_seconds_and_further() -> None:
    played = voice(8, 1)
    echo = through(room(0.03, 0.15, 2), played)
    left = filtered(KalmanFilter(STEP, 12, 0), echo, played)
    assert level_db(echo[2 * RATE_HZ : 3 * RATE_HZ]) - level_db(left[2 * RATE_HZ : 3 * RATE_HZ]) > 20
    assert level_db(echo[-RATE_HZ:]) - level_db(left[-RATE_HZ:]) > 25


@pytest.mark.parametrize("user_db", [0, -10])
def test_the_user_speaking_over_the_coach_is_kept(user_db: float) -> None:
    """What is left, less the echo's remainder, is the user: within 1 dB of what they said."""
    played, user = voice(10, 1), voice(10, 9) * np.float32(10 ** (user_db / 20))
    user[: 5 * RATE_HZ] = 0.0
    echo = through(room(0.03, 0.15, 2), played)
    left = filtered(KalmanFilter(STEP, 12, 0), echo + user, played)
    tail = slice(6 * RATE_HZ, 9 * RATE_HZ)
    share = float(np.dot(left[tail], user[tail]) / np.dot(user[tail], user[tail]))
    assert 20 * abs(np.log10(share)) < 1.0
    assert level_db(left[tail] - user[tail]) < level_db(echo[tail]) - 10


def test_double_talk_does_not_unlearn_the_room() -> None:
    played, user = voice(14, 1), voice(14, 9)
    user[: 5 * RATE_HZ] = 0.0
    user[9 * RATE_HZ :] = 0.0
    echo = through(room(0.03, 0.15, 2), played)
    left = filtered(KalmanFilter(STEP, 12, 0), echo + user, played)
    after = slice(9 * RATE_HZ + 3200, 10 * RATE_HZ)
    assert level_db(echo[after]) - level_db(left[after]) > 18


def test_a_moved_microphone_is_learnt_anew() -> None:
    """The filter that fits the old place adds echo instead of taking it: it must notice."""
    played = voice(16, 1)
    echo = through(room(0.03, 0.15, 2), played)
    moved = through(-room(0.05, 0.2, 7), played)
    echo[8 * RATE_HZ :] = moved[8 * RATE_HZ :]
    left = filtered(KalmanFilter(STEP, 16, 0), echo, played)
    last = slice(11 * RATE_HZ, 12 * RATE_HZ)
    assert level_db(echo[last]) - level_db(left[last]) > 15


def test_a_filter_that_ran_away_comes_back() -> None:
    played = voice(10, 1)
    echo = through(room(0.03, 0.15, 2), played)
    kalman = KalmanFilter(STEP, 12, 0)
    filtered(kalman, echo[: 4 * RATE_HZ], played[: 4 * RATE_HZ])
    kalman.path *= 50
    left = filtered(kalman, echo[4 * RATE_HZ :], played[4 * RATE_HZ :])
    assert level_db(echo[-RATE_HZ:]) - level_db(left[-RATE_HZ:]) > 15
    assert np.isfinite(left).all()


def test_nothing_is_changed_while_nobody_plays() -> None:
    user = voice(2, 9)
    left = filtered(KalmanFilter(STEP, 12, 4), user, np.zeros_like(user))
    assert np.array_equal(left, user[: len(left)])


def test_a_late_echo_is_learnt_as_fast_as_an_early_one() -> None:
    """Its lag became known before anything was learnt: 5 dB were lost at 150 ms and more."""
    left = []
    for lag in (0, 14):
        kalman, played = KalmanFilter(STEP, 36, 16), voice(4, 1)
        kalman.lag = lag
        echo = through(room(lag * STEP / RATE_HZ + 0.005, 0.3, 2), played)
        then = slice(2 * RATE_HZ + lag * STEP, 3 * RATE_HZ + lag * STEP)
        left.append(level_db(filtered(kalman, echo, played)[then]) - level_db(echo[then]))
    assert left[0] < -20
    assert left[1] == pytest.approx(left[0], abs=1.5)


@pytest.mark.parametrize("lag", [0, 1, 5])
def test_what_was_learnt_moves_along_with_the_lag(lag: int) -> None:
    """The delay is found while the coach speaks: the half second learnt so far is not thrown away."""
    played = voice(9, 1)
    echo = through(room(0.125, 0.1, 2), played)
    kalman = KalmanFilter(STEP, 16, 8)
    filtered(kalman, echo[: 6 * RATE_HZ], played[: 6 * RATE_HZ])
    kalman.lag = lag
    assert kalman.lag == lag
    left = filtered(kalman, echo[6 * RATE_HZ :], played[6 * RATE_HZ :])
    first = slice(0, RATE_HZ)
    assert level_db(echo[6 * RATE_HZ :][first]) - level_db(left[first]) > 20


def test_a_lag_beyond_the_longest_is_the_longest() -> None:
    kalman = KalmanFilter(STEP, 4, 8)
    kalman.lag = 99
    assert kalman.lag == 8
    kalman.lag = -3
    assert kalman.lag == 0
