"""The user's settings: a small TOML file, every key optional, every mistake named."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from voicecoach.session import Wording


class SettingsError(Exception):
    """A setting that cannot be used; the message names file, key and remedy."""


CONDITIONS = (
    "disc_problem",
    "osteoporosis",
    "stenosis",
    "pregnancy",
    "recent_surgery",
    "fracture",
    "blood_thinners",
    "heart_disease",
    "knee_problem",
    "wrist_problem",
)


@dataclass(frozen=True, slots=True)
class Settings:
    program: str = "floor"
    wording: str = "full"
    words_a_minute: int = 150
    emergency_number: str = "112"
    voice: str = "gmw/en-US"
    conditions: tuple[str, ...] = ()
    """exercises that are unwise with one of these are left out, and that is said"""


def load_settings(path: Path) -> Settings:
    """Settings from `path`, or the defaults if there is no file. Raises SettingsError."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"{path}: cannot be read ({error}). Correct it, or delete it for the defaults."
        ) from error
    known = {f.name for f in fields(Settings)}
    for key, value in values.items():
        if key not in known:
            raise SettingsError(f"{path}: there is no setting {key!r}; known are {', '.join(sorted(known))}.")
        _check(path, key, value)
    if "conditions" in values:
        values["conditions"] = tuple(values["conditions"])
    return Settings(**values)


def _check(path: Path, key: str, value: Any) -> None:
    def refuse(what: str) -> None:
        raise SettingsError(f"{path}: {key} = {value!r}, but it must be {what}.")

    if key == "words_a_minute":
        if not isinstance(value, int) or not 110 <= value <= 220:
            refuse("a whole number from 110 to 220")
    elif key == "conditions":
        if not isinstance(value, list) or any(c not in CONDITIONS for c in value):
            refuse(f"a list of some of {', '.join(CONDITIONS)}")
    elif not isinstance(value, str) or not value:
        refuse("a text")
    elif key == "wording" and value not in list(Wording):
        refuse("full, brief or minimal")
    elif key == "emergency_number" and not (value.isascii() and value.isdecimal()):
        refuse('digits, such as "112", "999" or "911"')
