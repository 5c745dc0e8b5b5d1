"""Devices and levels from a process of their own: whatever becomes of it, the one that asks goes on."""

import asyncio
import sys

import pytest

from voicecoach.audio import AudioUnavailable, Level, apart
from voicecoach.audio.apart import devices_now, levels


def process(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """In place of the sound system's."""
    monkeypatch.setattr(apart, "_command", lambda *_: [sys.executable, "-c", program])


async def collected(most: int = 10) -> list[Level]:
    found = []
    measured = levels(None)
    async for level in measured:
        found.append(level)
        if len(found) == most:
            await measured.aclose()
    return found


@pytest.mark.parametrize("program", ["", "print('no json')", "import os; os.abort()"])
@pytest.mark.fault("a sound driver takes its process along", "told in a sentence; the page goes on")
def test_a_driver_that_crashes_is_told(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    process(monkeypatch, program)
    with pytest.raises(AudioUnavailable, match="The sound system has failed"):
        devices_now()
    with pytest.raises(AudioUnavailable, match="The sound system has failed"):
        asyncio.run(collected())


def test_a_sound_system_that_hangs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    process(monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(apart, "WITHIN_S", 0.2)
    with pytest.raises(AudioUnavailable, match="does not answer"):
        devices_now()


def test_why_there_is_no_sound_comes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    process(monkeypatch, """print('{"type":"failed","why":"PortAudio is missing."}')""")
    with pytest.raises(AudioUnavailable, match=r"PortAudio is missing\."):
        devices_now()
    with pytest.raises(AudioUnavailable, match=r"PortAudio is missing\."):
        asyncio.run(collected())


def test_the_process_ends_when_nobody_wants_a_level_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A microphone that stayed open would be a microphone that nobody knows of."""
    line = """print('{"type":"heard","level":{"mean_db":-30.0,"peak_db":-20.0}}', flush=True)"""
    process(monkeypatch, f"import time\nwhile True: {line}; time.sleep(0.01)")
    assert asyncio.run(asyncio.wait_for(collected(3), 20)) == [Level(-30.0, -20.0)] * 3


def test_devices_are_listed_or_it_is_said_why_not() -> None:
    """With the real process, on whatever machine this is."""
    try:
        found = devices_now()
    except AudioUnavailable as error:
        assert "PortAudio" in str(error) or "devices" in str(error)  # noqa: PT017
    else:
        assert all(device.name for device in found)
