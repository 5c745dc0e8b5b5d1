"""The desktop room: an icon to start a session with, for a computer nobody wants to type on.

`install` and `remove` return the files they wrote or deleted. They raise OSError when they cannot.
"""

import sys
from pathlib import Path

from . import linux, macos, windows

__all__ = ["install", "remove"]


def install(program: str, command: list[str]) -> list[Path]:
    """Write the shortcut that runs command (absolute path first) to start program."""
    if sys.platform == "win32":
        return windows.install(program, command)
    if sys.platform == "darwin":
        return macos.install(program, command)
    return linux.install(program, command)


def remove() -> list[Path]:
    """Delete what install wrote, and nothing else."""
    if sys.platform == "win32":
        return windows.remove()
    if sys.platform == "darwin":
        return macos.remove()
    return linux.remove()
