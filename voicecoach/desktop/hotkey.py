"""A key combination that works wherever one is, and how each desktop writes it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.tables import InputError

_MODIFIERS = {
    "super": "Super",
    "meta": "Super",
    "win": "Super",
    "ctrl": "Ctrl",
    "control": "Ctrl",
    "primary": "Ctrl",
    "alt": "Alt",
    "shift": "Shift",
}
_ORDER = ("Super", "Ctrl", "Alt", "Shift")
_KEY = re.compile(r"[a-z0-9]|F([1-9]|1[0-2])")


class Binding(StrEnum):
    """Who sees to it that a hot key works."""

    AT_ONCE = "at once"
    """it works now"""
    BY_FILE = "by file"
    """the desktop reads it from the shortcut's file"""
    BY_HAND = "by hand"
    """nobody but the user can set it"""


@dataclass(frozen=True, slots=True)
class HotKey:
    modifiers: tuple[str, ...]
    """of Super, Ctrl, Alt and Shift, in this order"""
    key: str
    """a small letter, a digit, or F1 to F12"""

    @classmethod
    def of(cls, text: str) -> "HotKey":
        """From <Super>b, as GNOME writes it, or Super+B. Raises InputError."""
        *before, key = [part for part in re.split(r"[<>+\s]+", text) if part] or [""]
        key = key.upper() if len(key) > 1 else key.lower()
        known = {_MODIFIERS.get(name.lower()) for name in before}
        modifiers = tuple(name for name in _ORDER if name in known)
        if None in known or not _KEY.fullmatch(key) or not (set(modifiers) - {"Shift"} or len(key) > 1):
            raise InputError(
                f"{text!r} cannot be a hot key. Write it like <Super>b or Ctrl+Alt+F9: one or more of Super, "
                "Ctrl, Alt and Shift, then a letter, a digit, or F1 to F12."
            )
        return cls(modifiers, key)

    def __str__(self) -> str:
        return "+".join((*self.modifiers, self.key.upper()))

    @property
    def gnome(self) -> str:
        names = {"Ctrl": "Control"}
        return "".join(f"<{names.get(name, name)}>" for name in self.modifiers) + self.key

    @property
    def kde(self) -> str:
        """As Qt's QKeySequence reads it."""
        return str(self).replace("Super", "Meta")
