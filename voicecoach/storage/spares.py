"""Files for what the journal's disk did not take, in other folders, until the next session takes them in."""

import contextlib
import json
import os
import stat
from pathlib import Path
from typing import Any

from voicecoach.files import write_whole

_PREFIX = "voicecoach-unwritten-"


def keep(folders: tuple[Path, ...], session: str, rows: list[list[Any]]) -> bool:
    """Write `rows` into the first of `folders` that takes them; whether one did."""
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not is_ours(folder):
                continue
            write_whole(folder / f"{_PREFIX}{session.replace(':', '-')}.json", json.dumps(rows), mode=0o600)
        except OSError:
            continue
        return True
    return False


def kept(folders: tuple[Path, ...]) -> list[tuple[Path, list[list[Any]]]]:
    """Each file of rows that an earlier session kept in `folders`."""
    found = []
    for folder in folders:
        if is_ours(folder):
            for path in sorted(folder.glob(f"{_PREFIX}*.json")):
                with contextlib.suppress(OSError, ValueError):
                    found.append((path, json.loads(path.read_text("utf-8"))))
    return found


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
