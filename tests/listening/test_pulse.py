"""Detection of a microphone that has gone or is muted: minutes of it in microseconds."""

import numpy as np
import pytest

from voicecoach.listening import Pulse
from voicecoach.listening.pulse import DEAF_AFTER_S, MUTED, MUTED_AFTER_S, NO_FRAMES, NO_SOUND
from voicecoach.sound import silence
from voicecoach.units import BLOCK, RATE_HZ

ROOM = np.full(BLOCK, 1e-5, np.float32)
BLOCKS_A_SECOND = RATE_HZ // BLOCK


def reasons(pulse: Pulse, seconds: float) -> list[str]:
    """The reasons for deafness reported during `seconds` of exact zeros."""
    felt = [pulse.felt(silence(BLOCK)) for _ in range(round(seconds * BLOCKS_A_SECOND))]
    return [reason for reason in felt if reason]


def test_a_quiet_room_is_not_taken_for_a_muted_microphone() -> None:
    pulse = Pulse()
    assert not any(pulse.felt(ROOM) for _ in range(60 * BLOCKS_A_SECOND))
    assert not pulse.deaf


@pytest.mark.fault("the microphone is muted", "deaf after 10 s, reported once")
def test_exact_zeros_are_a_muted_microphone_and_are_reported_once() -> None:
    pulse = Pulse()
    assert reasons(pulse, 9.9) == []
    assert reasons(pulse, 0.2) == [MUTED]
    assert reasons(pulse, 60) == []


def test_any_sound_restarts_the_time_until_muted() -> None:
    pulse = Pulse()
    for _ in range(5):
        assert reasons(pulse, MUTED_AFTER_S - 1) == []
        pulse.felt(ROOM)


@pytest.mark.parametrize(("silent_s", "reason"), [(0.49, None), (0.5, NO_FRAMES)])
@pytest.mark.fault("the microphone is unplugged", "deaf after 0.5 s")
def test_missing_frames_are_a_microphone_that_has_gone(silent_s: float, reason: str | None) -> None:
    assert Pulse().missed(silent_s) == reason


def test_a_microphone_that_stays_away_is_reported_once() -> None:
    pulse = Pulse()
    assert [pulse.missed(s / 4) for s in range(1, 40)].count(NO_FRAMES) == 1


def test_recovery_is_reported_once_when_sound_is_back() -> None:
    pulse = Pulse()
    pulse.missed(1.0)
    pulse.felt(silence(BLOCK))
    assert not pulse.recovered(), "zeros are no recovery"
    pulse.felt(ROOM)
    assert pulse.recovered()
    assert not pulse.recovered()


def test_after_recovery_deafness_is_reported_again() -> None:
    pulse = Pulse()
    assert reasons(pulse, MUTED_AFTER_S + 1) == [MUTED]
    pulse.felt(ROOM)
    assert pulse.recovered()
    assert reasons(pulse, MUTED_AFTER_S + 1) == [MUTED]
    assert pulse.missed(1.0) is None, "already deaf"


@pytest.mark.parametrize("sample", [np.nan, np.inf, -np.inf, 1e30])
@pytest.mark.fault("samples that are no sound: NaN, infinite, 1e30", "deaf after 0.5 s")
def test_numbers_that_are_no_sound_are_deafness_after_half_a_second(sample: float) -> None:
    """The pulse reported health while the canceller's output was NaN for good."""
    pulse, block = Pulse(), ROOM.copy()
    block[100] = sample
    blocks = round(DEAF_AFTER_S * BLOCKS_A_SECOND)
    assert [pulse.felt(block) for _ in range(blocks + 5)] == [*[None] * (blocks - 1), NO_SOUND, *[None] * 5]
    assert not pulse.recovered()
    pulse.felt(ROOM)
    assert pulse.recovered()
