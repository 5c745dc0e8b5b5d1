"""PortAudio, the one system library that pip does not bring along on Linux."""

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


def is_needed(arguments: list[str]) -> bool:
    """Will this command open a sound card? Not if it only helps, or reads and writes files."""
    command = next((word for word in arguments if not word.startswith("-")), "")
    if command not in ("start", "devices") or "--help" in arguments:
        return False
    in_files = set()
    for index, word in enumerate(arguments):
        option, equals, value = word.partition("=")
        if option in ("--microphone", "--speaker"):
            value = value if equals else "".join(arguments[index + 1 : index + 2])
            if _names_file(value):
                in_files.add(option)
    return len(in_files) < 2


def _names_file(value: str) -> bool:
    path = os.path.expanduser(value)
    return (
        os.path.splitext(path)[1].lower() in (".wav", ".flac", ".ogg", ".raw")
        or path.startswith(("/", "./", "../"))
        or os.path.isfile(path)
    )


def has_portaudio() -> bool:
    for name in ("libportaudio.so.2", "libportaudio.so"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    from ctypes.util import find_library  # starts ldconfig and gcc: too slow for every start, asked last

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
            f"{last_lines(log)}\nAll of it: {log}\nCheck the network connection, then type:\n"
            f"  apt-get update && {COMMANDS['apt-get']}"
        )
    commands = [line for installer, line in COMMANDS.items() if shutil.which(installer)]
    line = f"sudo {commands[0]}" if commands else "(the command that installs packages here) portaudio"
    raise Cannot(
        "the sound library PortAudio is missing, so there is no microphone and no loudspeaker.\n"
        f"Nothing was changed. To install it, type:\n  {line}\nthen start voicecoach again."
    )
