"""The level of a microphone, for somebody who looks while they speak."""

import sys
import threading

import pytest

from tests.audio.fake_sounddevice import BOTH, DESK, EARS, SoundDevice
from voicecoach.audio import AudioUnavailable, Meter, is_there, meter


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> SoundDevice:
    made = SoundDevice(DESK, EARS, BOTH, default=(0, 1))
    made.blocks_at_start = 40
    monkeypatch.setitem(sys.modules, "sounddevice", made)
    monkeypatch.setattr(meter, "_PATIENCE_S", 0.05)
    return made


def test_half_of_full_scale_is_6_db_below_it(sound: SoundDevice) -> None:
    levels = Meter(None).levels()
    seen = [next(levels) for _ in range(8)]
    assert seen[0].mean_db < -90  # the click of opening is muted
    assert seen[-1].mean_db == pytest.approx(-6.02, abs=0.01)
    assert seen[-1].peak_db == pytest.approx(-6.02, abs=0.01)
    assert sound.streams[0].kind == "input"


def test_the_microphone_that_was_chosen_is_opened(sound: SoundDevice) -> None:
    Meter("Headset")
    assert sound.streams[0].options["device"] == 2


def test_without_a_microphone_that_is_said(sound: SoundDevice) -> None:
    sound.devices = [sound.devices[1]]
    with pytest.raises(AudioUnavailable, match="No microphone was found"):
        Meter(None)


def test_a_microphone_that_falls_silent_for_good_is_told(sound: SoundDevice) -> None:
    sound.blocks_at_start = 0
    with pytest.raises(AudioUnavailable, match="delivers nothing"):
        next(Meter(None).levels())


def test_whoever_waits_for_a_level_ends_when_it_is_closed(sound: SoundDevice) -> None:
    sound.blocks_at_start = 0
    open_one = Meter(None)
    threading.Timer(0.01, open_one.close).start()
    assert [*open_one.levels()] == []
    assert "close" in sound.streams[0].calls


def test_whether_a_device_is_there(sound: SoundDevice) -> None:
    assert is_there("desk", output=False)
    assert not is_there("desk", output=True)
    assert not is_there("gone", output=False)
