"""Atomic file replacement: write a temporary file in the same folder, then rename it.

A crash, a full disk or a second process leaves the old file or the new one, never half of one.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path, *, suffix: str = ".part", durable: bool = False) -> Iterator[Path]:
    """A temporary path to write to. It replaces `path` at the end, or is deleted after an error.

    Makes the folder if necessary. The temporary name is unique, begins with a dot, so that listings of such
    files skip it, and ends in `suffix`. `durable`: sync to disk first, so that even a power failure leaves
    the old file or the new one.
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
    """Replace `path` durably with `text` in UTF-8. `mode`: its permissions, if not the default ones."""
    with replacing(path, durable=True) as part:
        part.write_text(text, "utf-8", newline="\n")
        if mode is not None:
            part.chmod(mode)
