"""The linear filter on synthetic signals: echo reduction, double talk, a changed echo path, a changed lag."""

import numpy as np
import pytest

from tests.listening.echo.signals import RATE_HZ, STEP, level_db, room, steps, through, voice
from voicecoach.listening.echo.kalman import KalmanFilter
from voicecoach.sound import Samples


def filtered(kalman: KalmanFilter, heard: Samples, played: Samples) -> Samples:
    """The filter's error signal."""
    errors = []
    for h, p in zip(steps(heard), steps(played), strict=True):
        kalman.remember(p)
        errors.append(kalman.error_and_echo(h)[0])
    return np.concatenate(errors)


def test_the_echo_falls_by_20_db_within_two_seconds_and_by_25_in_the_end() -> None:
    played = voice(8, 1)
    echo = through(room(0.03, 0.15, 2), played)
    error = filtered(KalmanFilter(STEP, 12, 0), echo, played)
    assert level_db(echo[2 * RATE_HZ : 3 * RATE_HZ]) - level_db(error[2 * RATE_HZ : 3 * RATE_HZ]) > 20
    assert level_db(echo[-RATE_HZ:]) - level_db(error[-RATE_HZ:]) > 25


@pytest.mark.parametrize("user_db", [0, -10])
def test_in_double_talk_the_near_end_speech_is_kept(user_db: float) -> None:
    """The error signal holds the user's speech within 1 dB of its level; the rest of it is residual echo."""
    played, user = voice(10, 1), voice(10, 9) * np.float32(10 ** (user_db / 20))
    user[: 5 * RATE_HZ] = 0.0
    echo = through(room(0.03, 0.15, 2), played)
    error = filtered(KalmanFilter(STEP, 12, 0), echo + user, played)
    tail = slice(6 * RATE_HZ, 9 * RATE_HZ)
    kept = float(np.dot(error[tail], user[tail]) / np.dot(user[tail], user[tail]))
    assert 20 * abs(np.log10(kept)) < 1.0
    assert level_db(error[tail] - user[tail]) < level_db(echo[tail]) - 10


def test_double_talk_does_not_spoil_the_echo_path() -> None:
    played, user = voice(14, 1), voice(14, 9)
    user[: 5 * RATE_HZ] = 0.0
    user[9 * RATE_HZ :] = 0.0
    echo = through(room(0.03, 0.15, 2), played)
    error = filtered(KalmanFilter(STEP, 12, 0), echo + user, played)
    after = slice(9 * RATE_HZ + 3200, 10 * RATE_HZ)
    assert level_db(echo[after]) - level_db(error[after]) > 18


def test_the_echo_path_of_a_moved_microphone_is_learnt_anew() -> None:
    """The path of the old place adds echo instead of taking it away; the filter must notice and reset."""
    played = voice(16, 1)
    echo = through(room(0.03, 0.15, 2), played)
    moved = through(-room(0.05, 0.2, 7), played)
    echo[8 * RATE_HZ :] = moved[8 * RATE_HZ :]
    error = filtered(KalmanFilter(STEP, 16, 0), echo, played)
    last = slice(11 * RATE_HZ, 12 * RATE_HZ)
    assert level_db(echo[last]) - level_db(error[last]) > 15


def test_a_diverged_filter_converges_again() -> None:
    played = voice(10, 1)
    echo = through(room(0.03, 0.15, 2), played)
    kalman = KalmanFilter(STEP, 12, 0)
    filtered(kalman, echo[: 4 * RATE_HZ], played[: 4 * RATE_HZ])
    kalman.path *= 50
    error = filtered(kalman, echo[4 * RATE_HZ :], played[4 * RATE_HZ :])
    assert level_db(echo[-RATE_HZ:]) - level_db(error[-RATE_HZ:]) > 15
    assert np.isfinite(error).all()


def test_while_the_far_end_is_silent_the_microphone_passes_unchanged() -> None:
    user = voice(2, 9)
    error = filtered(KalmanFilter(STEP, 12, 4), user, np.zeros_like(user))
    assert np.array_equal(error, user[: len(error)])


def test_the_path_of_a_long_delay_is_learnt_as_fast_as_of_a_short_one() -> None:
    """A lag that was set before anything was learnt shifted the initial variance with it: 5 dB less echo
    reduction at delays of 150 ms and more."""
    error = []
    for lag in (0, 14):
        kalman, played = KalmanFilter(STEP, 36, 16), voice(4, 1)
        kalman.lag = lag
        echo = through(room(lag * STEP / RATE_HZ + 0.005, 0.3, 2), played)
        then = slice(2 * RATE_HZ + lag * STEP, 3 * RATE_HZ + lag * STEP)
        error.append(level_db(filtered(kalman, echo, played)[then]) - level_db(echo[then]))
    assert error[0] < -20
    assert error[1] == pytest.approx(error[0], abs=1.5)


@pytest.mark.parametrize("lag", [0, 1, 5])
def test_the_learnt_echo_path_moves_along_with_the_lag(lag: int) -> None:
    """The delay is found while the coach speaks: what was learnt until then is kept."""
    played = voice(9, 1)
    echo = through(room(0.125, 0.1, 2), played)
    kalman = KalmanFilter(STEP, 16, 8)
    filtered(kalman, echo[: 6 * RATE_HZ], played[: 6 * RATE_HZ])
    kalman.lag = lag
    assert kalman.lag == lag
    error = filtered(kalman, echo[6 * RATE_HZ :], played[6 * RATE_HZ :])
    first = slice(0, RATE_HZ)
    assert level_db(echo[6 * RATE_HZ :][first]) - level_db(error[first]) > 20


def test_a_lag_out_of_range_is_clipped() -> None:
    kalman = KalmanFilter(STEP, 4, 8)
    kalman.lag = 99
    assert kalman.lag == 8
    kalman.lag = -3
    assert kalman.lag == 0
