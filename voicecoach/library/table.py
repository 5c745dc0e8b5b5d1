"""Typed reading of a TOML table: every mistake names file, key and reason."""

import tomllib
from pathlib import Path
from typing import Any

_MAX_FILE_BYTES = 100_000
_MAX_LINE = 200


class LibraryError(Exception):
    """A library file that cannot be used; the message names file, key and remedy."""


class Table:
    """A table of `path`, read key by key; `close` refuses keys that nobody asked for."""

    def __init__(self, path: Path, values: dict[str, Any], prefix: str = "") -> None:
        self._path, self._values, self._prefix = path, dict(values), prefix

    @classmethod
    def read(cls, path: Path) -> "Table":
        try:
            if path.stat().st_size > _MAX_FILE_BYTES:
                raise LibraryError(f"{path}: larger than {_MAX_FILE_BYTES} bytes; that is no program.")
            return cls(path, tomllib.loads(path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise LibraryError(f"{path}: cannot be read ({error}).") from error

    def refuse(self, key: str, reason: str) -> LibraryError:
        return LibraryError(f"{self._path}: {self._prefix}{key}: {reason}.")

    def _take(self, key: str, kind: type, default: Any = None) -> Any:
        if key not in self._values:
            if default is not None:
                return default
            raise self.refuse(key, "is missing")
        value = self._values.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.refuse(key, f"is {value!r}, but must be a {kind.__name__}")
        return value

    def text(self, key: str) -> str:
        return self._spoken(key, self._take(key, str))

    def _spoken(self, key: str, value: Any) -> str:
        if (
            not isinstance(value, str)
            or not value.strip()
            or len(value) > _MAX_LINE
            or not value.isprintable()
        ):
            raise self.refuse(
                key, f"{str(value)[:40]!r} must be one line of 1 to {_MAX_LINE} printable characters"
            )
        return value

    def texts(self, key: str, at_least: int = 0) -> tuple[str, ...]:
        values = self._take(key, list)
        if not at_least <= len(values) <= 20:
            raise self.refuse(key, f"has {len(values)} entries, but must have {at_least} to 20")
        return tuple(self._spoken(key, value) for value in values)

    def number(self, key: str, low: int, high: int, default: int | None = None) -> int:
        value: int = self._take(key, int, default)
        if not low <= value <= high:
            raise self.refuse(key, f"is {value}, but must be from {low} to {high}")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        value: bool = self._take(key, bool, default)
        return value

    def table(self, key: str) -> "Table":
        return Table(self._path, self._take(key, dict), f"{self._prefix}{key}.")

    def tables(self, key: str, at_most: int) -> list["Table"]:
        values = self._take(key, list)
        if not 1 <= len(values) <= at_most or not all(isinstance(v, dict) for v in values):
            raise self.refuse(key, f'must be a list of 1 to {at_most} tables such as {{ id = "bridge" }}')
        return [Table(self._path, v, f"{self._prefix}{key}[{i}].") for i, v in enumerate(values)]

    def has(self, key: str) -> bool:
        return key in self._values

    def close(self) -> None:
        if self._values:
            key = next(iter(self._values))
            raise self.refuse(key, "is no key that belongs here")
