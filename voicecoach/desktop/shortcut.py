"""What a shortcut is, on every system: an icon with a name, the command it runs, and perhaps a hot key."""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2s
from pathlib import Path

from .hotkey import HotKey


@dataclass(frozen=True, slots=True)
class Action:
    """Another command, in the menu that a right click on the icon opens."""

    id: str
    name: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shortcut:
    name: str
    """below the icon; there is one shortcut of each name"""
    program: str | None
    """None: the coach chooses"""
    command: tuple[str, ...]
    """an absolute path first"""
    actions: tuple[Action, ...] = ()
    hotkey: HotKey | None = None

    @property
    def about(self) -> str:
        session = f"the {self.program} session" if self.program else "the session that is due"
        return f"Start {session} and follow the voice; no screen needed"


@dataclass(frozen=True, slots=True)
class Installed:
    """A shortcut that is there."""

    name: str
    program: str | None
    hotkey: HotKey | None
    files: tuple[Path, ...]


def file_stem(name: str) -> str:
    """A file name for `name` of letters, digits and hyphens, another one for every other name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall("[a-z0-9]+", plain))[:40]
    if words == name:
        return f"voicecoach-{words}"
    return "-".join(filter(None, ("voicecoach", words, blake2s(name.encode(), digest_size=3).hexdigest())))


def shown_stem(name: str) -> str:
    """`name` as a file's name, where the system shows that below the icon."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "-", name).strip(" .") or "voicecoach"
