"""A file that is there whole or not at all: written beside its place, then renamed into it.

A crash, a full disk or a second process leaves the old file or the new one, never half of one.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path, *, suffix: str = ".part", durable: bool = False) -> Iterator[Path]:
    """A path beside `path` to write to; it becomes `path` at the end, or vanishes if there is an error.

    The folder is made. The name is one that no other writer has, begins with a dot, so that no list of such
    files shows it, and ends in `suffix`. `durable`: also after a power failure it is the old file or the new.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}{suffix}")
    try:
        yield part
        if durable:
            with part.open("rb+") as file:
                os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def write_whole(path: Path, text: str, mode: int | None = None) -> None:
    """Replace `path` by `text` in UTF-8, durably; `mode`: its permissions, if not the usual ones."""
    with replacing(path, durable=True) as part:
        part.write_text(text, "utf-8", newline="\n")
        if mode is not None:
            part.chmod(mode)
