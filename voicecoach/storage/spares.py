"""Files for what the journal's disk did not take, in other folders, until the next session takes them in."""

import contextlib
import json
import os
import stat
import threading
from pathlib import Path
from typing import Any

from voicecoach.files import read_whole, write_whole

_MAX_BYTES = 50_000_000
_COLUMNS = {"events": 5, "sessions": 10, "profile": 3}
"""How many values a row of each of the journal's tables has."""
_PATIENCE_S = 0.3
_PREFIX = "voicecoach-unwritten-"


def keep(folders: tuple[Path, ...], session: str, rows: list[list[Any]]) -> bool:
    """Write `rows` into the first of `folders` that takes them; whether one did.

    A disk that hangs is not waited for: the next folder may be on another.
    """
    name, text = _name(session), json.dumps(rows)
    done: list[Path] = []
    for folder in folders:
        writing = threading.Thread(target=_write, args=(folder, name, text, done), daemon=True, name="spare")
        writing.start()
        writing.join(_PATIENCE_S)
        if done:
            return True
    return False


def _write(folder: Path, name: str, text: str, done: list[Path]) -> None:
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if is_ours(folder):
            write_whole(folder / name, text, mode=0o600)
            done.append(folder)


def drop(folders: tuple[Path, ...], session: str) -> None:
    """The journal has taken what was kept of `session`."""
    for folder in folders:
        with contextlib.suppress(OSError):
            (folder / _name(session)).unlink()


def _name(session: str) -> str:
    return f"{_PREFIX}{session.replace(':', '-')}.json"


def kept(folders: tuple[Path, ...]) -> list[tuple[Path, list[list[Any]]]]:
    """Each file of rows that an earlier session kept in `folders`; a damaged one is passed over."""
    found = []
    for folder in folders:
        if is_ours(folder):
            for path in sorted(folder.glob(f"{_PREFIX}*.json")):
                with contextlib.suppress(OSError, ValueError, RecursionError):
                    found.append((path, _checked(json.loads(read_whole(path, _MAX_BYTES)))))
    return found


def _checked(rows: Any) -> list[list[Any]]:
    """`rows` if the journal can take them, else ValueError: one damaged spare would end every start."""
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        raise ValueError("no list of rows")
    for table, *values in rows:
        if not isinstance(table, str) or len(values) != _COLUMNS.get(table) or not all(map(_fits, values)):
            raise ValueError("no row of the journal")
    return rows


def _fits(value: object) -> bool:
    """Whether SQLite can take `value`."""
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value)
    return value is None or isinstance(value, float) or (isinstance(value, int) and abs(value) < 1 << 63)


def is_ours(folder: Path) -> bool:
    """Whether nobody else can have put a file there: in the system's temporary folder anybody may have been
    first, and a row of theirs could release a lock."""
    if not hasattr(os, "getuid"):
        return True  # on Windows it lies in the user's own profile
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022
