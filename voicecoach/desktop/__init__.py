"""A desktop icon that starts a session, so that nobody has to type; and notifications.

`install` and `remove` return the files they wrote or deleted. They raise OSError when they fail.
"""

import sys
from pathlib import Path

from . import linux, macos, windows
from .browser import browse
from .notification import notify

__all__ = ["browse", "install", "notify", "remove"]


def install(program: str, command: list[str]) -> list[Path]:
    """Write the shortcut that runs `command` (an absolute path first) to start `program`."""
    if sys.platform == "win32":
        return windows.install(program, command)
    if sys.platform == "darwin":
        return macos.install(program, command)
    return linux.install(program, command)


def remove() -> list[Path]:
    """Delete what `install` wrote, and nothing else."""
    if sys.platform == "win32":
        return windows.remove()
    if sys.platform == "darwin":
        return macos.remove()
    return linux.remove()
