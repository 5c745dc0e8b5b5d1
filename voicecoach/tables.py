"""TOML files to typed values, with msgspec. Every error names file, key, value and what is expected."""

import dataclasses
import re
import tomllib
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from voicecoach.files import read_whole

_MAX_FILE_BYTES = 100_000
_MAX_LINE = 2000
"""Characters in a line of the file. tomllib's time grows with the square of a dotted key's length, and Python
refuses numbers of more than 4300 digits; neither fits."""
_MAX_NESTED = 20
_TOO_DEEP = f"has lists or tables nested more than {_MAX_NESTED} deep"
_MAX_TEXT = 200

T = TypeVar("T")


class InputError(Exception):
    """Something the user provided cannot be used; the message names file, key, reason and remedy."""

    def __init__(self, message: str, reason: str = "") -> None:
        """`reason`: the message without file and key, for where both are seen anyway."""
        super().__init__(message)
        self.reason = reason or message


def refused(path: Path, key: str, reason: str) -> InputError:
    reason = _printable(reason)
    return InputError(f"{path}: {_shown(key, quoted=False)}: {reason}.", reason)


def read_table(path: Path) -> dict[str, Any]:
    """The file's table; every text in it is one printable line. Raises InputError."""
    table = parsed(path)
    for key, value in table.items():
        if _deeper(value, _MAX_NESTED):
            raise refused(path, key, _TOO_DEEP)
    for key, text in _texts(table, ""):
        if not text.strip() or len(text) > _MAX_TEXT or not text.isprintable():
            reason = f"{_shown(text)} must be one line of 1 to {_MAX_TEXT} printable characters"
            raise refused(path, key, reason)
    return table


def parsed(path: Path, most_bytes: int = _MAX_FILE_BYTES) -> dict[str, Any]:
    """The file's table, whatever is in it. Raises InputError."""
    try:
        text = read_whole(path, most_bytes)
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > _MAX_LINE:
                reason = f"has {len(line)} characters, but may have {_MAX_LINE} at most; break it"
                raise refused(path, f"line {number}", reason)
        return tomllib.loads(text)
    except RecursionError as error:
        raise refused(path, "the file", _TOO_DEEP) from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({_shown(error)}).") from error


def read(path: Path, kind: type[T]) -> T:
    """The whole file as a dataclass `kind`. Raises InputError."""
    return convert(path, read_table(path), kind)


def convert(path: Path, table: Any, kind: type[T], prefix: str = "") -> T:
    """`table`, found at `prefix` in the file, as a `kind`. Raises InputError."""
    for key, known in _unknown(table, kind, prefix):
        reason = f"is not a key that belongs here; the known keys are {', '.join(known)}"
        raise refused(path, key, reason)
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        said, _, where = str(error).partition(" - at ")
        where = where.strip("`").replace("key` in `$", "$").removeprefix("$").removeprefix(".")
        key = f"{prefix}{where}".strip(".") or "the file"
        raise refused(path, key, _reason(said, table, kind, where)) from error


_WORDS = {
    "int": "a whole number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}


def _reason(said: str, table: Any, kind: Any, where: str) -> str:
    """msgspec's message, reworded to match our other errors."""
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", said):
        return f"{missing[1]} is missing"
    if invalid := re.fullmatch(r"Invalid enum value (.*)", said):
        return f"{_shown(invalid[1], quoted=False)} must be one of {', '.join(_options(kind, where))}"
    wanted = said.removeprefix("Expected ").partition(", got ")[0].replace("`", "").removesuffix(" | null")
    wanted = re.sub(r"\w+", lambda word: _WORDS.get(word[0], word[0]), wanted)
    wanted = re.sub(r" (of length )?[<>]=? \d+$", "", wanted) + _limits(_kind_at(kind, where))
    value = _at(table, where)
    found = f"has {len(value)} entries" if "`array` of length" in said else f"is {_shown(value)}"
    return f"{found}, but must be {wanted}"


def _limits(kind: Any) -> str:
    """The limits in the annotation of a kind, or of an optional kind, as words to append to a message."""
    kinds = (kind, *(k for k in typing.get_args(kind) if typing.get_origin(k) is typing.Annotated))
    for meta in (m for k in kinds for m in getattr(k, "__metadata__", ())):
        if meta.ge is not None and meta.le is not None:
            return f" from {meta.ge} to {meta.le}"
        if meta.max_length is not None:
            return f" of {meta.min_length or 0} to {meta.max_length}"
        if meta.pattern is not None:
            return f" like {meta.examples[0]!r}" if meta.examples else f" of the form {meta.pattern}"
    return ""


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _shown(value: object, quoted: bool = True) -> str:
    """`value` as short, printable text: a hostile file must not send control characters to the terminal."""
    text = repr(value) if quoted and not isinstance(value, Exception) else str(value)
    text = _printable(text)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _steps(where: str) -> list[str]:
    return re.findall(r"\.{3}|[^.\[\]]+", where)


def _at(table: Any, where: str) -> Any:
    for step in _steps(where):
        if step == "...":  # one of the values of a table or a set; msgspec does not say which
            break
        table = table[int(step)] if isinstance(table, list) else table[step]
    return table


def _kind_at(kind: Any, where: str) -> Any:
    for step in _steps(where):
        kind = _inner(kind, step)
    return kind


def _options(kind: Any, where: str) -> list[str]:
    """The values of the enumeration at `where` in a `kind`."""
    kind = _kind_at(kind, where)
    kinds = (kind, *typing.get_args(kind))
    enums = (k for k in kinds if isinstance(k, type) and issubclass(k, Enum))
    return [str(member.value) for enum in enums for member in enum]


@cache
def _fields(kind: Any) -> dict[str, Any]:
    """The types of a dataclass's fields; finding them takes longer than reading a file."""
    return typing.get_type_hints(kind, include_extras=True)


@cache
def _bare(kind: Any) -> Any:
    """`kind` without its annotations, and without the None of one that may be left out."""
    while True:
        arguments = typing.get_args(kind)
        optional = type(None) in arguments and len(arguments) == 2
        if typing.get_origin(kind) is not typing.Annotated and not optional:
            return kind
        kind = next(argument for argument in arguments if argument is not type(None))


@cache
def _inner(kind: Any, step: str) -> Any:
    """The type of the value at `step` in a `kind`."""
    kind = _bare(kind)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _fields(kind).get(step, kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return arguments[1]
    return arguments[0] if arguments else kind


def _deeper(value: Any, levels: int) -> bool:
    """Whether `value` has more than so many levels of lists and tables."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return inner is not None and (levels == 0 or any(_deeper(item, levels - 1) for item in inner))


def _texts(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """Every text in a table and every key, except one-character keys, which are keys of the keyboard."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _texts(item, f"{key}[{i}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            inner = f"{key}.{name}" if key else name
            if len(name) > 1:
                yield inner, name
            yield from _texts(item, inner)


def _unknown(value: Any, kind: Any, key: str) -> Iterator[tuple[str, list[str]]]:
    """Each key that its dataclass has no field for, with the fields there are; msgspec would ignore it."""
    if isinstance(value, Mapping):
        kind = _bare(kind)
        known = _fields(kind) if isinstance(kind, type) and dataclasses.is_dataclass(kind) else None
        for name, item in value.items():
            if known is not None and name not in known:
                yield f"{key}{name}", sorted(known)
            else:
                yield from _unknown(item, _inner(kind, name), f"{key}{name}.")
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _unknown(item, _inner(kind, str(i)), f"{key.rstrip('.')}[{i}].")
