"""The mixer: sample-exact starts, silence on command, and a volume that is never zero."""

from collections.abc import Iterable

import numpy as np
import pytest

from voicecoach.session import Earcon
from voicecoach.sound import Samples, gain
from voicecoach.speaking import Finished, Mixer, earcon
from voicecoach.speaking.mixer import DUCK_DB, FADE_MS, KNEE, MAX_VOLUME_DB, MIN_VOLUME_DB
from voicecoach.units import BLOCK, RATE_HZ, ms_to_samples

FADE = ms_to_samples(FADE_MS)


def clip(samples: int, level: float = 0.5) -> Samples:
    return np.full(samples, level, np.float32)


def rendered(mixer: Mixer, blocks: Iterable[int]) -> Samples:
    return np.concatenate([mixer.render(n) for n in blocks])


@pytest.mark.parametrize("block", [1, 7, 64, 441, 960, 1024, 4096])
@pytest.mark.parametrize("start", [0, 1, 959, 960, 961, 5000])
def test_a_clip_starts_exactly_at_its_sample_whatever_the_block_size(block: int, start: int) -> None:
    mixer = Mixer()
    ramp = np.linspace(0.1, 0.9, 2500, dtype=np.float32)
    mixer.play(ramp, start, prompt_id=7)
    sound = rendered(mixer, [block] * -(-9000 // block))
    np.testing.assert_array_equal(sound[start : start + 2500], ramp)
    assert not sound[:start].any()
    assert not sound[start + 2500 :].any()
    assert list(mixer.finished) == [Finished(7, start, start + 2500)]


def test_blocks_of_changing_size_make_the_same_sound() -> None:
    """PortAudio may deliver any size; a count that moved with it would drift."""
    rng = np.random.default_rng(3)
    clips = [
        (rng.normal(0, 0.1, int(n)).astype(np.float32), int(s)) for n, s in rng.integers(1, 9000, (9, 2))
    ]

    def sound(blocks: list[int]) -> tuple[Samples, list[Finished]]:
        mixer = Mixer()
        for i, (one, start) in enumerate(clips):
            mixer.play(one, start, i)
        return rendered(mixer, blocks)[:18_000], sorted(mixer.finished, key=lambda f: f.prompt_id)

    steady, ends = sound([BLOCK] * 19)
    varied, varied_ends = sound([int(n) for n in rng.integers(1, 2000, 40)])
    np.testing.assert_allclose(varied, steady, atol=1e-6)
    assert varied_ends == ends


def test_a_clip_without_a_time_starts_with_the_next_block() -> None:
    mixer = Mixer()
    mixer.render(BLOCK)
    mixer.play(clip(100), prompt_id=1)
    assert mixer.render(BLOCK)[:100].all()
    assert mixer.finished[0] == Finished(1, BLOCK, BLOCK + 100)


def test_a_clip_that_comes_too_late_is_said_whole_and_reports_when_it_really_sounded() -> None:
    mixer = Mixer()
    mixer.render(BLOCK)
    mixer.play(clip(50), 10, prompt_id=1)
    mixer.render(BLOCK)
    assert mixer.finished[0] == Finished(1, BLOCK, BLOCK + 50)


def test_a_prompt_is_not_finished_before_its_last_sample_has_left() -> None:
    mixer = Mixer()
    mixer.play(clip(BLOCK + 1), 0, prompt_id=1)
    mixer.render(BLOCK)
    assert not mixer.finished
    mixer.render(BLOCK)
    assert mixer.finished[0].end_sample == BLOCK + 1


@pytest.mark.parametrize("block", [FADE, BLOCK, 4800])
def test_a_hush_fades_for_10_ms_in_the_next_block_and_then_is_exact_silence(block: int) -> None:
    mixer = Mixer()
    mixer.play(clip(RATE_HZ), prompt_id=1)
    mixer.render(BLOCK)
    mixer.hush()
    sound = mixer.render(block)
    assert sound[0] == pytest.approx(0.5)
    assert (np.diff(sound[:FADE]) <= 0).all()
    assert sound[FADE - 1] == 0.0
    assert not sound[FADE:].any()
    assert not rendered(mixer, [BLOCK] * 60).any()
    assert not mixer.finished, "a hushed prompt is never reported as finished"


def test_a_hush_forgets_the_rest_of_the_count() -> None:
    """The numbers of a hold are scheduled long before they sound: "stop" must remove them all."""
    mixer = Mixer()
    for second in range(1, 11):
        mixer.play(clip(20_000), second * RATE_HZ, second)
    rendered(mixer, [BLOCK] * 110)
    mixer.hush()
    mixer.render(BLOCK)
    assert not rendered(mixer, [BLOCK] * 500).any()
    assert [f.prompt_id for f in mixer.finished] == [1]


def test_what_is_said_after_a_hush_sounds_and_what_was_said_before_it_does_not() -> None:
    mixer = Mixer()
    mixer.play(clip(BLOCK, 0.3), prompt_id=1)
    mixer.hush()
    mixer.play(clip(BLOCK, 0.7), prompt_id=2)
    np.testing.assert_allclose(mixer.render(BLOCK), 0.7, rtol=1e-6)
    assert [f.prompt_id for f in mixer.finished] == [2]


def test_a_count_that_nobody_attends_falls_silent_and_waits() -> None:
    """If the player hangs, nobody could stop the count any more."""
    mixer = Mixer(unattended_s=0.5)
    mixer.play(clip(RATE_HZ))
    mixer.attend()
    sounds = [bool(mixer.render(BLOCK).any()) for _ in range(100)]
    assert sounds == [True] * (25 + 1) + [False] * 74, "half a second, and the fade"
    mixer.attend()
    assert mixer.render(BLOCK).any(), "it goes on where it was"


def test_two_voices_at_once_are_bent_below_full_scale_and_one_is_left_as_it_is() -> None:
    """A clipped sample crackles, and hides what the user says."""
    mixer = Mixer()
    mixer.play(clip(BLOCK, 0.8))
    assert mixer.render(BLOCK) == pytest.approx(0.8)
    mixer.play(clip(BLOCK, 0.8))
    mixer.play(clip(BLOCK, 0.8))
    sound = mixer.render(BLOCK)
    assert ((sound > KNEE) & (sound < 1.0)).all()


@pytest.mark.parametrize(("step_db", "limit_db"), [(-3.0, MIN_VOLUME_DB), (3.0, MAX_VOLUME_DB)])
def test_quieter_said_a_hundred_times_is_not_mute_and_louder_has_an_end(
    step_db: float, limit_db: float
) -> None:
    """Somebody who says "quieter" too often must still hear the safety lines."""
    mixer = Mixer()
    for _ in range(100):
        mixer.change_volume(step_db)
    mixer.play(clip(RATE_HZ, 0.1))
    sound = rendered(mixer, [BLOCK] * 50)
    assert sound[-1] == pytest.approx(0.1 * gain(limit_db), rel=1e-3)


def test_a_change_of_volume_does_not_click() -> None:
    mixer = Mixer()
    mixer.play(clip(RATE_HZ))
    before = rendered(mixer, [BLOCK])
    mixer.change_volume(-18.0)
    sound = np.concatenate([before, rendered(mixer, [BLOCK] * 30)])
    assert np.abs(np.diff(sound)).max() < 0.001


def test_a_duck_takes_15_db_within_a_block_and_gives_them_back() -> None:
    mixer = Mixer()
    mixer.play(clip(RATE_HZ, 0.4))
    mixer.render(BLOCK)
    mixer.duck(True)
    down = rendered(mixer, [BLOCK] * 3)
    assert down[-1] == pytest.approx(0.4 * gain(DUCK_DB), rel=1e-3)
    assert down[BLOCK] == pytest.approx(0.4 * gain(DUCK_DB), rel=1e-3)
    assert np.abs(np.diff(down)).max() < 0.001, "it does not click"
    mixer.change_volume(3.0)
    mixer.duck(False)
    assert rendered(mixer, [BLOCK] * 2)[-1] == pytest.approx(0.4 * gain(3.0), rel=1e-3)


@pytest.mark.parametrize("kind", list(Earcon))
def test_an_earcon_is_short_begins_and_ends_in_silence_and_is_not_too_loud(kind: Earcon) -> None:
    sound = earcon(kind)
    assert 0.05 * RATE_HZ <= len(sound) <= 0.25 * RATE_HZ
    assert abs(sound[0]) < 1e-3
    assert abs(sound[-1]) < 1e-3
    assert 0.05 < np.abs(sound).max() < 0.3


def test_the_end_of_a_hold_is_longer_and_higher_than_its_start() -> None:
    """With closed eyes, only this signal tells the user that the hold is over."""

    def pitch_hz(sound: Samples) -> float:
        return float(np.fft.rfftfreq(RATE_HZ, 1 / RATE_HZ)[np.abs(np.fft.rfft(sound, RATE_HZ)).argmax()])

    start, end = earcon(Earcon.HOLD_START), earcon(Earcon.HOLD_END)
    assert len(end) > 1.5 * len(start)
    assert pitch_hz(end) > 1.5 * pitch_hz(start)
