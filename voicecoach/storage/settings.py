"""The user's settings: a small TOML file. Every key is optional, and every mistake is reported by its key."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from voicecoach.files import write_whole
from voicecoach.session import Wording
from voicecoach.storage.region import emergency_number, region
from voicecoach.tables import InputError, read, refused

Name = Annotated[str, Meta(min_length=1)]


@dataclass(frozen=True, slots=True)
class Settings:
    program: Name | None = None
    """None: the care pack's choice, a gentle one at first"""
    care: Name = "lower_back"
    """the care pack: exercises, programs and protocol"""
    language: Name = "en"
    wording: Wording = Wording.LEARNING
    words_a_minute: Annotated[int, Meta(ge=110, le=220)] = 150
    emergency_number: Annotated[str, Meta(pattern="^[0-9]+$", examples=["112", "999", "911"])] | None = None
    """None: that of the system's region"""
    voice: Name | None = None
    """None: the language's voice"""
    conditions: tuple[str, ...] = ()
    """exercises that are unwise with one of these are left out, and the coach says so"""

    @property
    def number_to_call(self) -> str:
        """In an emergency."""
        return self.emergency_number or emergency_number(region())


def load_settings(path: Path) -> Settings:
    """Settings from `path`, or the defaults if there is no file. Raises InputError."""
    try:
        path.stat()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error}).") from error
    return read(path, Settings)


def set_emergency_number(path: Path, number: str) -> None:
    """Write the number into the settings, and leave all else as it is. Raises InputError for broken ones."""
    load_settings(path)
    before = path.read_text("utf-8").splitlines() if path.exists() else []
    others = [line for line in before if not re.match(r"\s*emergency_number\s*=", line)]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, "\n".join([f'emergency_number = "{number}"', *others]) + "\n")


def check_conditions(path: Path, settings: Settings, known: frozenset[str]) -> None:
    """Raises InputError for an unknown condition: a typing mistake would let an unwise exercise stay in."""
    for condition in settings.conditions:
        if condition not in known:
            reason = f"{condition!r} is not a known condition; these are: {', '.join(sorted(known))}"
            raise refused(path, "conditions", reason)
