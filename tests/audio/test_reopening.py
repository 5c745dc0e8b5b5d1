"""A device that went is tried again and again, more and more seldom, and believed when it delivers."""

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.audio.fake_sounddevice import DESK, FINE, SoundDevice
from tests.waiting import eventually
from voicecoach.audio import AudioUnavailable, reopening
from voicecoach.audio.reopening import ENOUGH_CALLS, Reopening
from voicecoach.audio.stream import Stream


def test_between_attempts_it_pauses_for_longer_and_longer_but_never_for_more_than_five_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever plugs it in again must not wait for long, and a sound server that is busy gets some rest."""
    pauses_s: list[float | None] = []

    class Waits(threading.Event):
        """Passes at once, and is set after eight pauses."""

        def wait(self, timeout: float | None = None) -> bool:
            pauses_s.append(timeout)
            if len(pauses_s) == 8:
                self.set()
            return self.is_set()

    def absent() -> Stream:
        raise AudioUnavailable("no such device")

    monkeypatch.setattr(reopening, "threading", SimpleNamespace(Event=Waits, Thread=threading.Thread))
    trying = Reopening(absent)
    eventually(lambda: len(pauses_s) == 8)
    assert pauses_s == [0.3, 0.6, 1.2, 2.4, 4.8, 5.0, 5.0, 5.0]
    assert trying.found is None


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reopening, "TRIAL_S", 0.05)
    monkeypatch.setattr(reopening, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(reopening, "LONGEST_PAUSE_S", 0.001)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("blocks", [0, ENOUGH_CALLS - 1])
def test_a_device_that_opens_but_delivers_nothing_has_not_come_back(blocks: int) -> None:
    """Taken for one that has, it would be lost and opened anew for ever, and each time be "heard again"."""
    sound = SoundDevice(DESK)
    sound.blocks_at_start = blocks
    trying = Reopening(lambda: Stream(cast(Any, sound), 0, None, None, live=False))
    eventually(lambda: len(sound.streams) >= 3)
    assert trying.found is None
    eventually(lambda: sound.streams[0].calls == ["start", "abort", "close"])
    sound.blocks_at_start = ENOUGH_CALLS
    eventually(lambda: trying.found is not None)
    trying.give_up()


def test_after_it_was_given_up_a_device_that_delivers_is_let_go() -> None:
    """Else a session that is over would keep the microphone open."""
    sound = SoundDevice(DESK)
    trying = Reopening(lambda: Stream(cast(Any, sound), 0, None, None, live=False))
    eventually(lambda: bool(sound.streams))
    trying.give_up()
    for opened in list(sound.streams):
        for _ in range(ENOUGH_CALLS):
            opened.block(status=FINE)
    eventually(lambda: all("close" in opened.calls for opened in sound.streams))
    assert trying.found is None
