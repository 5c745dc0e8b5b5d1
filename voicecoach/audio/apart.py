"""Devices and levels, asked for in a process of its own.

PortAudio names the devices that were there when its process began, so a program that lives long would never
see a headset that was plugged in later; and a driver in trouble takes its process along.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncGenerator

import msgspec

from voicecoach.audio.devices import AudioUnavailable, Device, list_devices
from voicecoach.audio.meter import Level, Meter
from voicecoach.child import command

WITHIN_S = 10.0
"""How long the sound system may take to name its devices; a moment is usual."""


class Found(msgspec.Struct, frozen=True, tag="found"):
    devices: tuple[Device, ...]


class Heard(msgspec.Struct, frozen=True, tag="heard"):
    level: Level


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    why: str


_ANSWERS = msgspec.json.Decoder(Found | Heard | Failed)
_LOST = "The sound system has failed. Restart it, or the computer."


def devices_now() -> tuple[Device, ...]:
    """Raises AudioUnavailable, also if the sound system hangs."""
    try:
        done = subprocess.run(_command("devices"), capture_output=True, timeout=WITHIN_S, check=False)
        answer = _ANSWERS.decode(done.stdout)
    except subprocess.TimeoutExpired:
        raise AudioUnavailable(
            "The computer's sound system does not answer. Restart it, or the computer."
        ) from None
    except (OSError, msgspec.DecodeError) as error:
        raise AudioUnavailable(_LOST) from error
    if isinstance(answer, Failed):
        raise AudioUnavailable(answer.why)
    return answer.devices if isinstance(answer, Found) else ()


async def levels(microphone: str | None) -> AsyncGenerator[Level]:
    """Ten a second. The microphone is open until nobody iterates any more. Raises AudioUnavailable."""
    process = await asyncio.create_subprocess_exec(
        *_command("level", microphone or ""),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        while line := await process.stdout.readline():
            answer = _ANSWERS.decode(line)
            if isinstance(answer, Failed):
                raise AudioUnavailable(answer.why)
            if isinstance(answer, Heard):
                yield answer.level
        raise AudioUnavailable(_LOST)
    except msgspec.DecodeError as error:
        raise AudioUnavailable(_LOST) from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _command(*arguments: str) -> list[str]:
    return command("voicecoach.audio", *arguments)


def answer(what: str, microphone: str = "") -> None:
    """What the process does. It ends when nobody reads it any more."""
    try:
        if what == "devices":
            _put(Found(tuple(list_devices())))
        else:
            for level in Meter(microphone or None).levels():
                _put(Heard(level))
    except AudioUnavailable as error:
        _put(Failed(str(error)))


def _put(message: Found | Heard | Failed) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
    sys.stdout.buffer.flush()
