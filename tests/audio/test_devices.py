"""Devices that exist, are missing, are used by another program, or vanish during a session."""

import atexit
import builtins
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from tests.waiting import eventually
from voicecoach.audio import (
    AudioUnavailable,
    DeviceDuplex,
    SilentMicrophone,
    device_duplex,
    list_devices,
    stream,
)
from voicecoach.audio.devices import choose
from voicecoach.sound import Frame, Samples, silence
from voicecoach.units import BLOCK, RATE_HZ

from .fake_sounddevice import BOTH, DESK, EARS, OVERFLOW, UNDERFLOW, PortAudioError, SoundDevice

MUTED_BLOCKS = stream.CLICK_BLOCKS
Install = Callable[[SoundDevice], SoundDevice]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    def put(sound: SoundDevice) -> SoundDevice:
        monkeypatch.setitem(sys.modules, "sounddevice", sound)
        monkeypatch.setattr(device_duplex, "ABSENT_S", 0.001)
        return sound

    interval = sys.getswitchinterval()
    yield put
    sys.setswitchinterval(interval)


class Playback:
    """A coach who hums at half of full scale."""

    def __init__(self) -> None:
        self.rendered = self.held = self.at_sample = 0

    def render(self, samples: int) -> Samples:
        self.rendered += samples
        self.at_sample += samples
        return np.full(samples, 0.5, np.float32)

    def hold(self, samples: int) -> Samples:
        self.held += samples
        return silence(samples)


class Sink:
    failure = ""

    def __init__(self) -> None:
        self.written, self.closed = 0, False

    def write(self, data: Samples) -> None:
        self.written += len(data)

    def close(self) -> None:
        self.closed = True


# -- finding and choosing


@pytest.mark.fault("PortAudio is missing", "the package to install is named")
def test_without_portaudio_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """`import sounddevice` raises OSError, not ImportError, where the library is missing."""
    real = builtins.__import__

    def refuse(name: str, *arguments: Any, **more: Any) -> Any:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return real(name, *arguments, **more)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(AudioUnavailable, match=r"PortAudio library not found.*[Ii]nstall"):
        list_devices()


def test_a_missing_portaudio_is_fetched_by_the_launcher_when_a_card_is_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sound, there = SoundDevice(), tmp_path / "libportaudio"
    real = builtins.__import__

    def refuse(name: str, *arguments: Any, **more: Any) -> Any:
        if name != "sounddevice":
            return real(name, *arguments, **more)
        if not there.exists():
            raise OSError("PortAudio library not found")
        return sound

    launcher = tmp_path / "launcher"
    launcher.write_text(f"import sys; assert sys.argv[1:] == ['--portaudio']; open({str(there)!r}, 'w')")
    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("VOICECOACH_LAUNCHER", str(launcher))
    with pytest.raises(AudioUnavailable):
        list_devices()  # as `doctor` does: looking installs nothing
    assert not there.exists()
    assert list_devices(fetch=True) == []


def test_a_sound_system_that_lists_no_devices_is_explained(install: Install) -> None:
    install(SoundDevice()).query_error = PortAudioError("no host")
    with pytest.raises(AudioUnavailable, match="no host"):
        list_devices()


@pytest.mark.parametrize(
    ("wanted", "output", "index"),
    [
        (None, False, 2),  # the default
        (None, True, 1),
        ("0", False, 0),
        ("desk", False, 0),
        ("HEADSET", True, 2),
        ("headset", False, 2),
    ],
)
def test_a_device_is_found_by_number_part_of_its_name_or_default(
    install: Install, wanted: str | None, output: bool, index: int
) -> None:
    install(SoundDevice(DESK, EARS, BOTH, default=(2, 1)))
    assert choose(wanted, output) == index


def test_without_a_default_the_first_that_fits_is_taken(install: Install) -> None:
    install(SoundDevice(DESK, EARS))
    assert (choose(None, False), choose(None, True)) == (0, 1)


@pytest.mark.parametrize(
    ("wanted", "output", "message"),
    [
        ("piano", False, r"no microphone 'piano'; found: 0 Desk microphone, 2 Headset\. See"),
        ("desk", True, r"no loudspeaker 'desk'; found: 1 Ear phones, 2 Headset"),
        ("7", False, "no microphone '7'"),
    ],
)
def test_a_device_that_is_not_there_is_answered_with_those_that_are(
    install: Install, wanted: str, output: bool, message: str
) -> None:
    install(SoundDevice(DESK, EARS, BOTH))
    with pytest.raises(AudioUnavailable, match=message):
        choose(wanted, output)


def test_where_there_is_no_device_at_all_the_message_says_so(install: Install) -> None:
    install(SoundDevice())
    assert choose(None, output=False) is None
    with pytest.raises(AudioUnavailable, match="none at all"):
        choose("desk", output=False)


# -- the stream


def test_without_a_loudspeaker_there_is_no_session(install: Install) -> None:
    install(SoundDevice(DESK))
    with pytest.raises(AudioUnavailable, match="No loudspeaker was found"):
        DeviceDuplex(None, None)


def test_without_a_microphone_it_plays_and_says_that_it_cannot_hear(install: Install) -> None:
    sound = install(SoundDevice(EARS))
    sound.blocks_at_start = 3
    duplex = DeviceDuplex(None, None)
    assert not duplex.can_hear
    frames = list(islice(duplex.frames(Playback()), 3))
    assert sound.streams[0].kind == "output"
    assert all(not f.heard.any() and (f.played == 0.5).all() for f in frames)


@pytest.mark.parametrize("error", [PortAudioError("Device unavailable"), ValueError("no such rate")])
@pytest.mark.fault("another program holds the device", "a sentence that says so")
def test_a_device_held_by_another_program_is_explained(install: Install, error: Exception) -> None:
    install(SoundDevice(BOTH)).open_error = error
    duplex = DeviceDuplex(None, None)
    with pytest.raises(AudioUnavailable, match=f"could not be opened \\({error}\\).*Another program"):
        next(duplex.frames(Playback()))
    duplex.close()


def test_one_stream_serves_both_directions(install: Install) -> None:
    sound = install(SoundDevice(DESK, EARS))
    sound.blocks_at_start = 1
    next(DeviceDuplex("desk", "ear").frames(Playback()))
    (opened,) = sound.streams
    assert opened.kind == "duplex"
    assert opened.options["device"] == (0, 1)
    assert (opened.options["samplerate"], opened.options["blocksize"]) == (RATE_HZ, BLOCK)
    assert (opened.block() == 0.5).all(), "what was rendered is what the device plays"


def test_the_click_of_an_opening_stream_is_not_heard(install: Install) -> None:
    """A click 45 ms after the opening was taken for a word."""
    sound = install(SoundDevice(BOTH))
    sound.blocks_at_start = MUTED_BLOCKS + 5
    frames = list(islice(DeviceDuplex(None, None).frames(Playback()), MUTED_BLOCKS + 5))
    heard = [bool(f.heard.any()) for f in frames]
    assert heard == [False] * MUTED_BLOCKS + [True] * 5
    assert (frames[-1].heard == 0.5).all(), "a copy: PortAudio overwrites its buffer"


@pytest.mark.fault("frames cease, and come back", "time goes on, and what is being said waits")
def test_when_frames_stop_time_goes_on_and_what_is_being_said_waits(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PortAudio does not report a vanished device: after a pulled plug the coach counted on, deaf; and
    without frames no deadline of a safety stop ever came."""
    sound = install(SoundDevice(BOTH))
    monkeypatch.setattr(device_duplex, "DEAD_S", 100.0)
    sound.blocks_at_start = 2
    playback = Playback()
    frames = DeviceDuplex(None, None).frames(playback)
    assert all(frame.hears and frame.speaks for frame in islice(frames, 2))
    missing = list(islice(frames, 3))
    assert not any(frame.hears or frame.speaks for frame in missing)
    assert [frame.at_sample // BLOCK for frame in missing] == [2, 2, 2], "a count waits, too"
    assert playback.held == 3 * BLOCK, "nobody could hear it"
    sound.streams[0].block()
    back = next(frames)
    assert (back.at_sample, back.hears, back.speaks) == (2 * BLOCK, True, True)


def test_after_a_while_without_a_loudspeaker_the_session_goes_on_to_be_read(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(SoundDevice(BOTH)).blocks_at_start = 1
    monkeypatch.setattr(device_duplex, "DEAD_S", 100.0)
    monkeypatch.setattr(device_duplex, "HELD_S", 0.06)
    playback = Playback()
    list(islice(DeviceDuplex(None, None).frames(playback), 12))
    assert 0 < playback.held < 8 * BLOCK
    assert playback.rendered > BLOCK


@pytest.mark.fault(
    "the stream of microphone and loudspeaker stops delivering",
    "each direction is opened again by itself, and one that fails leaves the other working",
)
@pytest.mark.parametrize("lost", ["input", "output"])
def test_a_direction_that_comes_back_works_without_the_other(
    install: Install, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """One stream served both, and was never opened again: no notice was heard, no "stop" understood."""
    sound = install(SoundDevice(BOTH))
    monkeypatch.setattr(device_duplex, "DEAD_S", 0.05)
    sound.blocks_at_start = 3
    duplex = DeviceDuplex(None, None)
    frames = duplex.frames(Playback())
    list(islice(frames, 3))
    sound.broken = {lost}

    def delivered() -> Iterator[Frame]:
        """The frames, while every stream that can be opened delivers."""
        for frame in islice(frames, 20_000):
            yield frame
            time.sleep(0.001)  # opening a stream again is a matter of real time
            for opened in sound.streams[1:]:
                opened.block()

    back = next(frame for frame in delivered() if frame.hears or frame.speaks)
    assert (back.hears, back.speaks) == ((True, False) if lost == "output" else (False, True))
    sound.broken = set()
    both = next(frame for frame in delivered() if frame.hears and frame.speaks)
    assert both.at_sample >= back.at_sample, "one clock, whatever drives it"
    duplex.close()


def test_when_nobody_takes_the_frames_the_newest_are_dropped_and_that_is_told(install: Install) -> None:
    """The callback never waits; and time is not lost."""
    sound = install(SoundDevice(BOTH))
    sound.blocks_at_start = stream.BACKLOG + 40
    frames = DeviceDuplex(None, None).frames(Playback())
    kept = list(islice(frames, stream.BACKLOG))
    assert not any(frame.lost for frame in kept)
    sound.streams[0].block()
    after = next(frames)
    assert after.lost
    assert after.at_sample == (stream.BACKLOG + 40) * BLOCK


def test_lost_sound_is_told(install: Install) -> None:
    sound = install(SoundDevice(BOTH))
    sound.blocks_at_start = 1
    frames = DeviceDuplex(None, None).frames(Playback())
    assert not next(frames).lost
    for status in (UNDERFLOW, OVERFLOW):
        sound.streams[0].block(status=status)
        assert next(frames).lost


@pytest.mark.fault("PortAudio's thread no longer waits for the sound card", "the stream is started anew")
def test_a_stream_that_spins_is_started_anew(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = install(SoundDevice(BOTH))
    sound.blocks_at_start = MUTED_BLOCKS + 2
    duplex = DeviceDuplex(None, None)
    frames = duplex.frames(Playback())
    assert list(islice(frames, sound.blocks_at_start))[-1].heard.any()
    opened, used_s = sound.streams[0], iter(range(10_000))

    def stopped() -> bool:
        opened.block()
        next(frames)
        return "abort" in opened.calls

    sound.gone.clear()
    with monkeypatch.context() as spinning:
        spinning.setattr(time, "thread_time", lambda: float(next(used_s)))
        spinning.setattr(stream, "MEASURED_S", 0.0)
        eventually(stopped)
    sound.gone.set()
    eventually(lambda: opened.calls == ["start", "abort", "start"])
    again = list(islice(frames, MUTED_BLOCKS + 2))
    assert [frame.lost for frame in again[:2]] == [True, False], "the sound between is known to be lost"
    assert [bool(frame.heard.any()) for frame in again] == [False] * MUTED_BLOCKS + [True] * 2, "a click"
    duplex.close()


def test_a_stream_that_is_closed_is_not_started_anew(install: Install) -> None:
    sound = install(SoundDevice(BOTH))
    opened = stream.Stream(cast(Any, sound), 0, 0, None, live=True)
    opened._waiting.spins = True
    opened.close()
    opened.calm()
    eventually(lambda: not any(thread.name == "restart stream" for thread in threading.enumerate()))
    assert sound.streams[0].calls == ["start", "abort", "close"]


def spun(waiting: stream.Waiting, share: float, since_s: float, for_s: float) -> list[float]:
    """When PortAudio's thread was found spinning, if it takes this share of a core between the blocks."""
    found, thread_s, block_s = [], 100.0 * since_s, BLOCK / RATE_HZ
    for i in range(round(for_s / block_s)):
        now_s = since_s + i * block_s
        waiting.begins(thread_s)
        thread_s += share * block_s
        waiting.over(thread_s, now_s)
        if waiting.spins:
            waiting.spins = False
            found.append(now_s - since_s)
    return found


def test_a_thread_that_waits_does_not_spin() -> None:
    assert spun(stream.Waiting(), 0.1, 1000.0, 60.0) == []


def test_a_restart_that_does_not_help_is_tried_less_and_less_often() -> None:
    found = spun(stream.Waiting(), 0.9, 1000.0, 300.0)
    assert 1.0 <= found[0] <= 2.1
    assert len(found) <= 8
    apart = np.diff(found)
    assert all(later > 1.5 * earlier for earlier, later in pairwise(apart))


def test_a_file_may_stand_in_for_the_microphone(install: Install) -> None:
    sound = install(SoundDevice(EARS))
    sound.blocks_at_start = 1
    duplex = DeviceDuplex(SilentMicrophone(), None)
    assert duplex.can_hear
    frame = next(duplex.frames(Playback()))
    assert not frame.heard.any()
    assert sound.streams[0].kind == "output"


def test_a_file_may_stand_in_for_the_loudspeaker(install: Install) -> None:
    sound = install(SoundDevice(DESK))
    sound.blocks_at_start = 4
    sink = Sink()
    duplex = DeviceDuplex(None, sink)
    list(islice(duplex.frames(Playback()), 4))
    assert sound.streams[0].kind == "input"
    assert sink.written == 4 * BLOCK
    duplex.close()
    assert sink.closed
    assert sound.streams[0].calls == ["start", "abort", "close"]


@pytest.mark.fault("close() never returns", "given up after a while, and not tried again at exit")
def test_a_stream_that_cannot_be_closed_is_not_closed_again_at_exit(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen in one of ten sessions whose card vanished: sounddevice's own handler waited for ever, and so did
    whoever ended a session while the sound server hung."""
    sound = install(SoundDevice(BOTH))
    monkeypatch.setattr(stream, "CLOSE_S", 0.05)
    forgotten: list[object] = []
    monkeypatch.setattr(atexit, "unregister", forgotten.append)
    sound.blocks_at_start = 1
    duplex = DeviceDuplex(None, None)
    next(duplex.frames(Playback()))
    assert forgotten == [sound._exit_handler], "before anything can hang"
    sound.gone.clear()
    duplex.close()
    sound.gone.set()


def test_a_stream_that_opens_and_does_not_start_does_not_keep_its_device(install: Install) -> None:
    sound = install(SoundDevice(BOTH))
    sound.start_error = PortAudioError("busy")
    with pytest.raises(AudioUnavailable, match="busy"):
        next(DeviceDuplex(None, None).frames(Playback()))
    assert sound.streams[0].calls == ["start", "abort", "close"]


@pytest.mark.fault(
    "the program is stopped for minutes (Ctrl-Z)", "the missed time is not played out in a moment"
)
def test_a_program_that_was_stopped_does_not_play_out_what_it_missed(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In two seconds a safety stop asked, gave its advice twice and ended, and nobody heard a word of it."""
    install(SoundDevice(BOTH)).blocks_at_start = 1
    frames = DeviceDuplex(None, None).frames(Playback())
    next(frames)
    began_s, looks = time.monotonic(), 0

    def clock() -> float:
        nonlocal looks
        looks += 1
        return began_s + 160.0 + 0.02 * looks

    monkeypatch.setattr("voicecoach.audio.device_duplex.time.monotonic", clock)
    next(frames)
    looked, made_up = looks, 1
    while looks == looked and made_up < 1_000:
        next(frames)
        made_up += 1
    assert made_up <= 52, "one second of it, and then time goes on as it does"


def test_closing_what_was_never_opened_is_fine(install: Install) -> None:
    install(SoundDevice(BOTH))
    DeviceDuplex(None, None).close()
