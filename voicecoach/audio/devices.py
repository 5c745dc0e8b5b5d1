"""Finds sound devices, and tells the user what to do when something is missing."""

import os
import subprocess
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any

PORTAUDIO_REMEDY = (
    "On Debian or Ubuntu type: sudo apt-get install libportaudio2 libasound2-plugins"
    if sys.platform.startswith("linux")
    else "Reinstall sounddevice: its package carries PortAudio on this system."
)

LAUNCHER = "VOICECOACH_LAUNCHER"
"""Environment variable in which scripts/voicecoach leaves its own path: it can install system packages."""


class AudioUnavailable(Exception):
    """There is no usable sound; the message says what was tried and what the user can do."""


@dataclass(frozen=True, slots=True)
class Device:
    index: int
    name: str
    system: str
    inputs: int
    outputs: int
    default_input: bool
    default_output: bool


def sounddevice(fetch: bool = False) -> ModuleType:
    """The sounddevice module, whose import fails without PortAudio. Raises AudioUnavailable.

    `fetch`: a sound card is needed now, so let the launcher install PortAudio if it is missing. Without the
    rights to do that, the launcher prints the command to type.
    """
    launcher = os.environ.get(LAUNCHER) if fetch and sys.platform.startswith("linux") else None
    try:
        return _module()
    except AudioUnavailable:
        if not launcher:
            raise
    subprocess.run([sys.executable, launcher, "--portaudio"], stdin=subprocess.DEVNULL, check=False)
    return _module()


def _module() -> ModuleType:
    try:
        import sounddevice as module
    except OSError as error:
        raise AudioUnavailable(
            f"PortAudio, the sound library, is missing ({error}). {PORTAUDIO_REMEDY}"
        ) from error
    return module  # type: ignore[no-any-return]


def list_devices(fetch: bool = False) -> list[Device]:
    """Every device PortAudio sees. Raises AudioUnavailable without PortAudio."""
    sd = sounddevice(fetch)
    try:
        systems = sd.query_hostapis()
        found: list[dict[str, Any]] = list(sd.query_devices())
        default_in, default_out = sd.default.device
    except sd.PortAudioError as error:
        raise AudioUnavailable(f"The sound system cannot list its devices ({error}).") from error
    if default_in < 0 and systems:
        default_in = systems[0]["default_input_device"]
    if default_out < 0 and systems:
        default_out = systems[0]["default_output_device"]
    return [
        Device(
            d["index"],
            d["name"],
            systems[d["hostapi"]]["name"],
            d["max_input_channels"],
            d["max_output_channels"],
            d["index"] == default_in,
            d["index"] == default_out,
        )
        for d in found
    ]


def choose(wanted: str | None, output: bool) -> int | None:
    """The index of the device `wanted` (number or part of a name; None: the default); None if there is none.

    Raises AudioUnavailable if `wanted` is given and does not exist.
    """
    kind = "loudspeaker" if output else "microphone"
    usable = [d for d in list_devices() if (d.outputs if output else d.inputs) > 0]
    if wanted is None:
        defaults = [d for d in usable if (d.default_output if output else d.default_input)]
        return (defaults or usable)[0].index if usable else None
    matching = [d for d in usable if str(d.index) == wanted] or [
        d for d in usable if wanted.lower() in d.name.lower()
    ]
    if not matching:
        names = ", ".join(f"{d.index} {d.name}" for d in usable) or "none at all"
        raise AudioUnavailable(f"There is no {kind} {wanted!r}; found: {names}. See `voicecoach devices`.")
    return matching[0].index


def is_there(wanted: str, output: bool) -> bool:
    """Whether there is such a microphone or loudspeaker."""
    try:
        return choose(wanted, output) is not None
    except AudioUnavailable:
        return False
