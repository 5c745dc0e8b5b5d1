"""Desktop icons that start sessions, so that nobody has to type; hot keys; and notifications.

There may be several, one of each name. `install` and `remove` raise OSError when they fail, and InputError
when a hot key is taken.
"""

import sys
from pathlib import Path

from .browser import browse
from .hotkey import Binding, HotKey
from .notification import notify
from .shortcut import Action, Installed, Shortcut

if sys.platform == "win32":
    from . import windows as system
elif sys.platform == "darwin":
    from . import macos as system
else:
    from . import linux as system

__all__ = [
    "Action",
    "Binding",
    "HotKey",
    "Installed",
    "Shortcut",
    "binding",
    "browse",
    "install",
    "installed",
    "notify",
    "remove",
]


def install(shortcut: Shortcut) -> Installed:
    """Write it, in the place of an earlier one of its name; without a hot key that cannot be set."""
    return system.install(shortcut)


def remove(shortcut: Installed) -> list[Path]:
    """Delete its files and its hot key, and nothing else; the files that were deleted."""
    return system.remove(shortcut)


def installed() -> list[Installed]:
    """Every shortcut that is there."""
    return system.installed()


def binding(hotkey: HotKey) -> Binding:
    """Who sees to it on this desktop that the hot key works."""
    return system.binding(hotkey)
