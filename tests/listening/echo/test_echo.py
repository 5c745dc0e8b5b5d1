"""The whole canceller, and its parts other than the filter, on synthetic signals."""

from itertools import pairwise

import numpy as np
import pytest
import soxr

from tests.listening.echo.signals import RATE_HZ, STEP, cleaned, level_db, room, steps, through, voice
from voicecoach.listening.echo import LATENCY_S
from voicecoach.listening.echo.decimate import Decimator
from voicecoach.listening.echo.delay import DelayEstimator
from voicecoach.listening.echo.late import LateResidualEcho
from voicecoach.listening.echo.residual import ResidualEchoSuppressor
from voicecoach.sound import Samples
from voicecoach.units import BLOCK
from voicecoach.units import RATE_HZ as STREAM_HZ


def delay_found(heard: Samples, played: Samples) -> tuple[float | None, float]:
    """The estimated delay, and when there first was one."""
    estimator, first_s = DelayEstimator(RATE_HZ), np.inf
    for k, (h, p) in enumerate(zip(steps(heard), steps(played), strict=True)):
        estimator.observe(h, p)
        if estimator.delay_s is not None:
            first_s = min(first_s, k * STEP / RATE_HZ)
    return estimator.delay_s, float(first_s)


@pytest.mark.parametrize("delay_s", [0.02, 0.08, 0.15, 0.3])
@pytest.mark.parametrize("user_db", [None, 0, -10])
def test_the_delay_is_found_to_a_millisecond_within_two_seconds(
    delay_s: float, user_db: float | None
) -> None:
    played = voice(4, 1)
    heard = through(room(delay_s, 0.25, 3), played)
    if user_db is not None:
        heard = heard + voice(4, 9) * np.float32(10 ** (user_db / 20))
    found, first_s = delay_found(heard, played)
    assert found == pytest.approx(delay_s, abs=0.001)
    assert first_s < 2.0


def test_a_delay_that_changes_is_followed() -> None:
    played = voice(12, 1)
    heard = through(room(0.05, 0.1, 3), played)
    heard[6 * RATE_HZ :] = through(room(0.2, 0.1, 3), played)[6 * RATE_HZ :]
    assert delay_found(heard, played)[0] == pytest.approx(0.2, abs=0.001)


def test_for_unrelated_signals_no_delay_is_found() -> None:
    """A user with a headset: the microphone holds no echo."""
    assert delay_found(voice(6, 9), voice(6, 1))[0] is None


@pytest.mark.parametrize(("hz", "db"), [(100, 0), (1000, 0), (3000, 0), (6500, 0)])
def test_decimation_keeps_what_lies_below_7_khz(hz: float, db: float) -> None:
    at = np.arange(STREAM_HZ) / STREAM_HZ
    low = decimated(np.sin(2 * np.pi * hz * at).astype(np.float32))
    assert level_db(low[1000:]) + 3.01 == pytest.approx(db, abs=0.5)


@pytest.mark.parametrize("hz", [9000, 12000, 20000])
def test_decimation_does_not_alias(hz: float) -> None:
    at = np.arange(STREAM_HZ) / STREAM_HZ
    assert level_db(decimated(np.sin(2 * np.pi * hz * at).astype(np.float32))[1000:]) < -45


def decimated(sound: Samples) -> Samples:
    decimator = Decimator(3)
    return np.concatenate(
        [decimator.decimated(sound[k : k + BLOCK]) for k in range(0, len(sound) - BLOCK + 1, BLOCK)]
    )


def test_without_echo_the_suppressor_gives_the_sound_back_one_block_later() -> None:
    user = voice(2, 9)
    suppressor = ResidualEchoSuppressor(STEP)
    out = np.concatenate([suppressor.suppressed(block, np.zeros(STEP, np.float32)) for block in steps(user)])
    assert np.abs(out[2 * STEP :] - user[STEP : len(out) - STEP]).max() < 1e-5


def test_the_suppressor_attenuates_what_varies_with_the_echo_and_passes_near_end_speech() -> None:
    echo, user = voice(12, 1), voice(12, 9)
    user[: 8 * RATE_HZ] = 0.0
    error = 0.1 * through(room(0.0, 0.02, 4), echo) + user
    suppressor = ResidualEchoSuppressor(STEP)
    out = np.concatenate(
        [suppressor.suppressed(e, y) for e, y in zip(steps(error), steps(echo), strict=True)]
    )
    alone, both = slice(5 * RATE_HZ, 8 * RATE_HZ), slice(9 * RATE_HZ, 12 * RATE_HZ - STEP)
    assert level_db(error[alone]) - level_db(out[alone]) > 12
    late_user = np.concatenate([np.zeros(STEP, np.float32), user])[: len(out)]
    assert abs(level_db(out[both]) - level_db(late_user[both])) < 1.5


def test_the_suppressor_attenuates_echo_to_the_noise_and_no_further() -> None:
    """Vosk found words in residual echo that was attenuated below the noise."""
    echo, chance = voice(12, 1), np.random.default_rng(3)
    noise = chance.normal(0, 0.003, len(echo)).astype(np.float32)
    error = 0.1 * through(room(0.0, 0.02, 4), echo) + noise
    suppressor = ResidualEchoSuppressor(STEP)
    out = np.concatenate(
        [suppressor.suppressed(e, y) for e, y in zip(steps(error), steps(echo), strict=True)]
    )
    end = slice(8 * RATE_HZ, 12 * RATE_HZ - STEP)
    powers = np.square(out[end]).reshape(-1, STEP).mean(axis=1)
    assert level_db(error[end]) - level_db(noise[end]) > 4
    assert abs(level_db(out[end]) - level_db(noise[end])) < 4
    assert np.quantile(powers, 0.02) > 0.1 * np.mean(np.square(noise)), "no gaps in the noise"


def at_48k(sound: Samples) -> Samples:
    return np.interp(np.arange(3 * len(sound)) / 3, np.arange(len(sound)), sound).astype(np.float32)


def test_while_the_coach_is_silent_the_user_passes_unchanged_but_for_the_delay() -> None:
    user = voice(3, 9)
    out, canceller, _ = cleaned(at_48k(user), np.zeros(3 * len(user), np.float32))
    plain = decimated(at_48k(user))
    shift = STEP
    assert np.abs(out[2 * shift :] - plain[shift : len(out) - shift]).max() < 1e-5
    assert canceller.delay_s is None
    assert pytest.approx(STEP / RATE_HZ + 47.5 / STREAM_HZ, abs=1e-4) == LATENCY_S


@pytest.mark.parametrize("delay_s", [0.02, 0.12, 0.28])
def test_the_coach_is_cancelled_and_the_user_kept_at_any_delay(delay_s: float) -> None:
    played, user = voice(12, 1), voice(12, 9)
    user[: 7 * RATE_HZ] = 0.0
    echo = through(room(delay_s, 0.2, 5), played)
    out, canceller, near = cleaned(at_48k(echo + user), at_48k(played))
    assert canceller.delay_s == pytest.approx(delay_s, abs=0.002)
    alone = slice(4 * RATE_HZ, 7 * RATE_HZ)
    assert level_db(echo[alone]) - level_db(out[alone]) > 35
    late = np.pad(user, (round(LATENCY_S * RATE_HZ), 0))[: len(out)]
    both = slice(8 * RATE_HZ, 11 * RATE_HZ)
    share = float(np.dot(out[both], late[both]) / np.dot(late[both], late[both]))
    assert 0.75 < share < 1.1
    assert not any(near[: 7 * 50]), (
        "the coach alone is no near-end speech, before its delay is found or after"
    )
    assert any(near[7 * 50 : 8 * 50])


@pytest.mark.parametrize("slip_s", [0.004, 0.02, -0.01])
def test_when_the_delay_jumps_the_coach_is_hardly_taken_for_near_end_speech(slip_s: float) -> None:
    """Seen with the sound server PulseAudio: the echo jumped by 4 ms, and the coach's "uncomfortable" was
    taken for "ouch"."""
    played = voice(12, 1)
    before, after = (through(room(0.1 + s, 0.2, 5), played) for s in (0.0, slip_s))
    echo = np.concatenate([before[: 6 * RATE_HZ], after[6 * RATE_HZ :]])
    _, _, near = cleaned(at_48k(echo), at_48k(played))
    assert sum(near) <= 12, "a quarter of a second at most"
    assert not any(near[round(6.5 * 50) :])


@pytest.mark.parametrize("drift_ppm", [10, 40, -40])
def test_the_clock_drift_of_two_cards_is_compensated(drift_ppm: float) -> None:
    """In this minute the echo moves by 2.4 ms, 38 samples, at 40 ppm."""
    played = voice(60, 1)
    echo = through(room(0.05, 0.15, 5), played)
    drifted = np.asarray(soxr.resample(echo, 1e6, 1e6 * (1 + drift_ppm * 1e-6)), np.float32)
    drifted = np.pad(drifted, (0, 400))[: len(echo)]
    out, _, _ = cleaned(at_48k(drifted), at_48k(played))
    last = slice(50 * RATE_HZ, 58 * RATE_HZ)
    assert level_db(drifted[last]) - level_db(out[last]) > 20


def test_the_echo_of_an_overdriven_loudspeaker_is_reduced_too() -> None:
    played = voice(10, 1)
    echo = through(room(0.05, 0.15, 5), np.clip(played, -0.12, 0.12))
    out, _, _ = cleaned(at_48k(echo), at_48k(played))
    last = slice(6 * RATE_HZ, 9 * RATE_HZ)
    assert level_db(echo[last]) - level_db(out[last]) > 12


def test_a_delay_that_leaps_to_a_reflection_is_no_drift() -> None:
    """Seen in a recorded room: leaps of 0.6 ms back and forth were taken for a drift of 50 ppm."""
    played = voice(30, 1)
    first, then = (
        through(np.pad([a, *[0.0] * 5, b], (1120, 0)).astype(np.float32), played)
        for a, b in ((0.5, 0.4), (0.4, 0.5))
    )
    swap = 10 * RATE_HZ
    heard = np.concatenate([first[:swap], then[swap:]])
    estimator, drifts = DelayEstimator(RATE_HZ), []
    for h, p in zip(steps(heard), steps(played), strict=True):
        estimator.observe(h, p)
        drifts.append(abs(estimator.drift))
    assert estimator.delay_s == pytest.approx(1126 / RATE_HZ, abs=1e-4)
    assert max(drifts) < 2e-6


@pytest.mark.parametrize("user", [20, 21, 22, 23])
def test_on_one_card_near_end_speech_causes_no_drift(user: int) -> None:
    """Seen on the virtual card: scatter of the delays was taken for a drift of 0.4 ppm, and then the coach's
    "or" for "ouch"."""
    played = voice(30, 1)
    heard = through(room(0.1, 0.3, 5), played) + 0.5 * voice(30, user)
    estimator, drifts = DelayEstimator(RATE_HZ), []
    for h, p in zip(steps(heard), steps(played), strict=True):
        estimator.observe(h, p)
        drifts.append(estimator.drift)
    assert estimator.delay_s == pytest.approx(0.1, abs=0.001)
    assert not any(drifts)


@pytest.mark.parametrize("drift", [1e-6, -1e-6])
@pytest.mark.parametrize("delay_s", [0.04, 0.045, 0.05])
def test_a_new_drift_does_not_spoil_the_echo_path(delay_s: float, drift: float) -> None:
    """When the drift compensator leaves out a block or adds one, the far end's history shifts, and the
    filter's lag must shift with it.

    Seen after 14 minutes: the lag stayed when a block was left out, and the filter lost the direct sound.
    """
    played, echo = at_48k(voice(6, 1)), at_48k(through(room(delay_s, 0.15, 5), voice(6, 1)))
    known = 200 * BLOCK
    before, canceller, _ = cleaned(echo[:known], played[:known])
    canceller._delay_estimator.drift = drift
    after, _, _ = cleaned(echo[known:], played[known:], canceller)
    assert level_db(after[: 50 * STEP]) < level_db(before[-50 * STEP :]) + 3


def reverberation(t60_s: float, seed: int) -> Samples:
    """A room's reverberation, its energy 1; `t60_s` is the reverberation time (60 dB)."""
    n = int(1.5 * t60_s * RATE_HZ)
    tail = np.random.default_rng(seed).normal(0, 1, n) * np.exp(-6.9 * np.arange(n) / (t60_s * RATE_HZ))
    return np.asarray(tail / np.linalg.norm(tail), np.float32)


@pytest.mark.parametrize("t60_s", [0.6, 1.0])
def test_the_late_residual_echo_is_predicted_from_the_decay_of_the_path(t60_s: float) -> None:
    partitions, bins = 16, STEP + 1
    response = reverberation(t60_s, 5)
    parts = np.pad(response, (0, STEP))[: partitions * STEP].reshape(partitions, STEP)
    path = np.fft.rfft(np.pad(parts, ((0, 0), (0, STEP)))).astype(np.complex64)
    beyond = response.copy()
    beyond[: partitions * STEP] = 0.0
    played = np.random.default_rng(2).normal(0, 0.1, 6 * RATE_HZ).astype(np.float32)
    late_echo, blocks = LateResidualEcho(partitions, bins), steps(played)
    spectra = [np.fft.rfft(np.concatenate(pair)).astype(np.complex64) for pair in pairwise(blocks)]
    for oldest in spectra[:-partitions]:
        found = late_echo.next_power(path, oldest)
    window = np.sqrt(np.hanning(2 * STEP))
    true = np.mean([
        np.square(np.abs(np.fft.rfft(np.concatenate(pair) * window)))
        for pair in pairwise(steps(through(beyond, played))[-100:])
    ])  # fmt: skip
    assert abs(10 * np.log10(0.5 * found.mean() / true)) < 2


def test_an_unlearnt_path_predicts_no_late_residual_echo() -> None:
    late_echo = LateResidualEcho(8, STEP + 1)
    assert not late_echo.next_power(
        np.zeros((8, STEP + 1), np.complex64), np.ones(STEP + 1, np.complex64)
    ).any()


def test_reverberation_longer_than_the_filter_is_suppressed_in_the_pauses() -> None:
    """In a recorded room with a reverberation time of 1 s, the ends of the coach's sentences were taken for
    near-end speech 147 times a minute."""
    played, ends = voice(30, 1), range(3, 30, 3)
    for end in ends:
        played[end * RATE_HZ : (end + 1) * RATE_HZ] = 0.0
    response = np.concatenate([np.zeros(RATE_HZ // 20), [0.4], 0.9 * reverberation(1.5, 5)])
    echo = through(response.astype(np.float32), played)
    noise = np.random.default_rng(3).normal(0, 0.0002, len(echo)).astype(np.float32)
    out, _, near = cleaned(at_48k(echo + noise), at_48k(played))
    before, after = (
        level_db(np.concatenate([x[k * RATE_HZ + 3200 : k * RATE_HZ + 12800] for k in ends[2:]]))
        for x in (echo, out)
    )
    assert before - after > 18
    assert not any(near[6 * 50 :])
