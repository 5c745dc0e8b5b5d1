"""A double-clickable voicecoach.command on the desktop. Untested on real hardware.

Not an .app bundle: macOS would ask for microphone access in the name of an unsigned bundle, and forget the
answer after every change to it. A .command file runs in Terminal, which asks once.
"""

import shlex
from pathlib import Path

from voicecoach.files import write_whole

MARK = "# Made by `voicecoach shortcut install`; deleted by `voicecoach shortcut remove`."


def install(program: str, command: list[str]) -> list[Path]:
    path = _path()
    if path.exists() and not _is_ours(path):
        raise FileExistsError(f"{path} was not made by voicecoach and was left as it is; rename it first")
    label = " ".join(program.split())  # a line break would end the comment and begin a command
    write_whole(path, f"#!/bin/sh\n{MARK}\n# program: {label}\nexec {shlex.join(command)}\n", mode=0o755)
    return [path]


def remove() -> list[Path]:
    path = _path()
    if not _is_ours(path):
        return []
    path.unlink()
    return [path]


def _path() -> Path:
    return Path.home() / "Desktop" / "voicecoach.command"


def _is_ours(path: Path) -> bool:
    return path.exists() and MARK in path.read_text(encoding="utf-8", errors="replace")
