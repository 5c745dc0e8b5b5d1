"""Is there still a microphone? Minutes of it in microseconds."""

import numpy as np
import pytest

from voicecoach.listening import Pulse
from voicecoach.listening.pulse import DEAF_AFTER_S, MUTED, MUTED_AFTER_S, NO_FRAMES
from voicecoach.sound import silence
from voicecoach.units import BLOCK, RATE_HZ

ROOM = np.full(BLOCK, 1e-5, np.float32)
BLOCKS_A_SECOND = RATE_HZ // BLOCK


def reasons(pulse: Pulse, seconds: float) -> list[str]:
    """What is said during so many seconds of exact silence."""
    felt = [pulse.felt(silence(BLOCK)) for _ in range(round(seconds * BLOCKS_A_SECOND))]
    return [reason for reason in felt if reason]


def test_a_quiet_room_is_no_muted_microphone() -> None:
    pulse = Pulse()
    assert not any(pulse.felt(ROOM) for _ in range(60 * BLOCKS_A_SECOND))
    assert not pulse.deaf


def test_exact_zeros_are_a_muted_microphone_and_are_told_once() -> None:
    pulse = Pulse()
    assert reasons(pulse, MUTED_AFTER_S - 0.1) == []
    assert reasons(pulse, 60) == [MUTED]


def test_one_sound_begins_the_wait_anew() -> None:
    pulse = Pulse()
    for _ in range(5):
        assert reasons(pulse, MUTED_AFTER_S - 1) == []
        pulse.felt(ROOM)


@pytest.mark.parametrize(("silent_s", "reason"), [(DEAF_AFTER_S - 0.01, None), (DEAF_AFTER_S, NO_FRAMES)])
def test_frames_that_cease_are_a_microphone_that_has_gone(silent_s: float, reason: str | None) -> None:
    assert Pulse().missed(silent_s) == reason


def test_a_microphone_that_stays_away_is_told_once() -> None:
    pulse = Pulse()
    assert [pulse.missed(s / 4) for s in range(1, 40)].count(NO_FRAMES) == 1


def test_it_hears_again_once_sound_is_back_and_says_so_once() -> None:
    pulse = Pulse()
    pulse.missed(1.0)
    pulse.felt(silence(BLOCK))
    assert not pulse.recovered(), "zeros are no recovery"
    pulse.felt(ROOM)
    assert pulse.recovered()
    assert not pulse.recovered()


def test_deafness_comes_again_after_recovery() -> None:
    pulse = Pulse()
    assert reasons(pulse, MUTED_AFTER_S + 1) == [MUTED]
    pulse.felt(ROOM)
    assert pulse.recovered()
    assert reasons(pulse, MUTED_AFTER_S + 1) == [MUTED]
    assert pulse.missed(1.0) is None, "already deaf"
