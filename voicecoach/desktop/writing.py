"""A file that is there whole or not at all: a desktop may read a shortcut while it is being written."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Write text beside path, then rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A leading dot and no .desktop at the end: a menu that looks now must not list the unfinished file.
    handle, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(part, mode)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
