"""Installs PortAudio, the one system library that pip does not bring along on Linux.

Only the program knows which commands open a sound card: a second list here would get out of date. So the
launcher does not check for PortAudio at every start. When the program needs it and it is missing, the program
calls `scripts/voicecoach --portaudio` (voicecoach/audio/devices.py).
"""

import ctypes
import os
import shutil

from . import debian
from .environment import LOG
from .progress import Cannot, last_lines

PACKAGES = ["libportaudio2", "libasound2-plugins"]
COMMANDS = {
    "apt-get": "apt-get install -y libportaudio2 libasound2-plugins",
    "dnf": "dnf install portaudio alsa-plugins-pulseaudio",
    "pacman": "pacman -S portaudio alsa-plugins",
    "zypper": "zypper install libportaudio2 alsa-plugins-pulse",
}


def has_portaudio() -> bool:
    for name in ("libportaudio.so.2", "libportaudio.so"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    from ctypes.util import find_library  # tried last: it runs ldconfig and gcc, which is slow

    return find_library("portaudio") is not None


def ensure_portaudio(venv: str) -> None:
    if has_portaudio():
        return
    log = os.path.join(venv, LOG)
    if debian.may_install() and os.access(venv, os.W_OK):
        if debian.install(PACKAGES, log) and has_portaudio():
            return
        raise Cannot(
            "the sound library PortAudio is missing, and apt-get could not install it. Its last lines:\n"
            f"{last_lines(log)}\nThe whole log: {log}\nCheck the network connection, then type:\n"
            f"  apt-get update && {COMMANDS['apt-get']}"
        )
    commands = [line for installer, line in COMMANDS.items() if shutil.which(installer)]
    line = f"sudo {commands[0]}" if commands else "(your system's command to install packages) portaudio"
    raise Cannot(
        "the sound library PortAudio is missing, so there is no microphone and no loudspeaker.\n"
        f"Nothing was changed. To install it, type:\n  {line}\nthen start voicecoach again."
    )
