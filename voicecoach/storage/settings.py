"""The user's settings: a small TOML file. Every key is optional, and every mistake is reported by its key."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tomlkit
from msgspec import Meta

from voicecoach.files import write_whole
from voicecoach.session import Wording
from voicecoach.storage.region import emergency_number, region
from voicecoach.tables import InputError, convert, parsed, read, refused

Name = Annotated[str, Meta(min_length=1)]
Value = str | int | tuple[str, ...]
"""Of a setting."""


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
    microphone: Name | None = None
    """part of a device's name; None, or a device that is not there: the system's choice"""
    speaker: Name | None = None
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


def written(path: Path) -> dict[str, Any]:
    """What stands in the file, right or wrong; nothing if it is no TOML, or not there."""
    try:
        return parsed(path)
    except InputError:
        return {}


def set_values(path: Path, values: Mapping[str, Value | None]) -> None:
    """Write these settings, all or none; None removes one. Everything else in the file stays as its user
    wrote it.

    Another setting that is wrong stays so. Raises InputError for a wrong value, a file that is no TOML, or a
    disk that refuses.
    """
    for key, value in values.items():
        if value is not None:
            checked(path, key, value)
    if path.exists():
        parsed(path)
        document = tomlkit.parse(path.read_text("utf-8"))
    else:
        document = tomlkit.document()
    for key, value in values.items():
        if value is None:
            document.pop(key, None)
        else:
            document[key] = value
    try:
        write_whole(path, tomlkit.dumps(document))
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error}).") from error


def checked(path: Path, key: str, value: object) -> None:
    """Raises InputError if `value` cannot be that of `key`."""
    convert(path, {key: list(value) if isinstance(value, tuple) else value}, Settings)


def check_conditions(path: Path, settings: Settings, known: frozenset[str]) -> None:
    """Raises InputError for an unknown condition: a typing mistake would let an unwise exercise stay in."""
    for condition in settings.conditions:
        if condition not in known:
            reason = f"{condition!r} is not a known condition; these are: {', '.join(sorted(known))}"
            raise refused(path, "conditions", reason)
