"""Utterances are cut for the second ear: with their onset, at every breath, and never too long."""

import numpy as np
import pytest

from voicecoach.audio import read_sound
from voicecoach.listening.utterances import (
    BEFORE_S,
    BREATH_S,
    LONGEST_S,
    PAUSE_S,
    SileroDetector,
    Utterance,
    Utterances,
)
from voicecoach.testing import FIXTURES
from voicecoach.units import EAR_RATE_HZ, RATE_HZ

BLOCK_S = 0.02
BLOCK = np.zeros(round(BLOCK_S * EAR_RATE_HZ), np.float32)


def cut(*stretches: tuple[bool, float]) -> list[tuple[float, Utterance | None, bool]]:
    """What becomes of stretches of speech or silence: time, utterance, whether it is over."""
    utterances, at_s, found = Utterances(), 0.0, []
    for speech, duration_s in stretches:
        for _ in range(round(duration_s / BLOCK_S)):
            at_s += BLOCK_S
            given = utterances.hear(BLOCK, speech, at_s)
            if given or utterances.over:
                found.append((at_s, given, utterances.over))
    return found


def test_a_word_is_given_out_at_the_first_breath_and_is_over_at_a_pause() -> None:
    (given_s, word, over), (over_s, nothing, is_over) = cut((False, 1.0), (True, 0.4), (False, 1.0))
    assert word is not None
    assert not over
    assert given_s == pytest.approx(1.4 + BREATH_S, abs=BLOCK_S)
    assert (word.start_s, word.end_s) == pytest.approx((1.0, 1.4), abs=BLOCK_S)
    assert len(word.sound) / EAR_RATE_HZ == pytest.approx(BEFORE_S + 0.4 + BREATH_S, abs=2 * BLOCK_S)
    assert over_s == pytest.approx(1.4 + PAUSE_S, abs=BLOCK_S)
    assert nothing is None
    assert is_over


def test_after_a_breath_the_whole_is_given_out_again() -> None:
    first, second, end = cut((True, 0.4), (False, 0.3), (True, 0.4), (False, 1.0))
    assert first[1] is not None
    assert second[1] is not None
    assert first[1].start_s == second[1].start_s
    assert second[1].end_s == pytest.approx(1.1, abs=BLOCK_S)
    assert [first[2], second[2], end[2]] == [False, False, True]


def test_talk_without_a_breath_is_cut() -> None:
    found = cut((True, 2 * LONGEST_S + 1.0))
    assert [over for *_, over in found] == [True, True]
    assert all(
        u is not None and u.end_s - u.start_s == pytest.approx(LONGEST_S, abs=BLOCK_S) for _, u, _ in found
    )


def test_a_click_is_no_utterance() -> None:
    assert [u for _, u, _ in cut((False, 1.0), (True, BLOCK_S), (False, 1.0))] == [None]


def test_the_detector_finds_a_word_and_not_noise() -> None:
    detector = SileroDetector()
    noise = np.random.default_rng(1).normal(0, 0.01, EAR_RATE_HZ).astype(np.float32)
    word = read_sound(FIXTURES / "words" / "stop_flite-slt.flac")[:: RATE_HZ // EAR_RATE_HZ]
    size = len(BLOCK)

    def share(sound: np.ndarray) -> float:
        blocks = [detector(sound[i : i + size]) for i in range(0, len(sound) - size, size)]
        return float(np.mean(blocks))

    assert share(noise) == 0.0
    assert share(word) > 0.2
    assert share(noise[EAR_RATE_HZ // 2 :]) < 0.2
