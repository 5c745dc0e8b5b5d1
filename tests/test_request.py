"""Which devices a session takes: what was asked for, else those of the settings, else the system's."""

import sys

import pytest

from tests.audio.fake_sounddevice import BOTH, DESK, EARS, SoundDevice
from voicecoach.audio import AudioUnavailable, DeviceDuplex
from voicecoach.request import Request, absent, duplex_of


@pytest.fixture(autouse=True)
def sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", SoundDevice(DESK, EARS, BOTH, default=(0, 1)))


def taken(request: Request) -> tuple[str, str]:
    duplex = duplex_of(request)
    assert isinstance(duplex, DeviceDuplex)
    return duplex.names


def test_the_devices_of_the_settings_are_taken() -> None:
    assert taken(Request(usual_microphone="Headset", usual_speaker="headset")) == ("Headset", "Headset")


def test_what_is_asked_for_comes_first() -> None:
    assert taken(Request(microphone="Desk", usual_microphone="Headset"))[0] == "Desk microphone"


def test_a_device_of_the_settings_that_is_not_there_is_told_and_the_systems_is_taken() -> None:
    """Nobody is kept from exercising because a headset lies in another room."""
    request = Request(usual_microphone="Blue thing", usual_speaker="Headset")
    duplex = duplex_of(request)
    assert isinstance(duplex, DeviceDuplex)
    assert duplex.names == ("Desk microphone", "Headset")
    assert [*absent(request, duplex)] == [
        "The microphone 'Blue thing' of your settings is not there, so 'Desk microphone' is used."
    ]


def test_a_device_that_is_asked_for_and_not_there_stays_a_mistake() -> None:
    with pytest.raises(AudioUnavailable, match="no microphone 'Blue thing'"):
        duplex_of(Request(microphone="Blue thing", usual_microphone="Headset"))


def test_nothing_is_told_of_devices_that_are_there() -> None:
    request = Request(usual_microphone="2", usual_speaker="ear")
    assert [*absent(request, duplex_of(request))] == []


def test_whoever_wants_no_microphone_hears_nothing_of_a_missing_one() -> None:
    request = Request(deaf=True, usual_microphone="Blue thing")
    assert [*absent(request, duplex_of(request))] == []
