"""Files whole or not at all: read up to a limit, or written to a temporary file that is then renamed.

A crash, a full disk or a second process leaves the old file or the new one, never half of one.
"""

import contextlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ABANDONED_S = 24 * 3600
"""A temporary folder that nothing was put into for so long is in nobody's use."""


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


def write_new(path: Path, text: str | bytes, mode: int | None = None) -> None:
    """Make `path`, whole or not at all. Raises FileExistsError if there is one, or another OSError."""
    if os.path.lexists(path):
        raise FileExistsError(f"there is a file {path} already")
    if not path.parent.is_dir():  # a slip of the pen, rather than a folder to be made
        raise FileNotFoundError(f"there is no folder {path.parent}")
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            file.write(text.encode("utf-8", "replace") if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            part.chmod(mode)
        try:
            os.link(part, path)  # unlike a rename, it takes the place of nothing
        except FileExistsError:
            raise
        except OSError:  # a disk without links
            os.replace(part, path)
    finally:
        with contextlib.suppress(OSError):  # after a rename it is gone
            os.unlink(part)


def clear_abandoned(folders: Iterable[Path]) -> None:
    """Remove temporary folders that a killed program has left behind; none that one may still use."""
    for folder in folders:
        with contextlib.suppress(OSError):  # another one is at it, too
            if time.time() - folder.stat().st_mtime > ABANDONED_S:
                shutil.rmtree(folder, ignore_errors=True)


def identity(path: Path | None) -> tuple[int, int] | None:
    """Which file `path` is the name of, if any: another one, once it was deleted or replaced."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return found and (found.st_dev, found.st_ino)


def read_whole(path: Path, most_bytes: int) -> str:
    """The UTF-8 text of a regular file. Raises OSError or UnicodeDecodeError.

    Nothing else is opened: a pipe might keep us waiting for ever, and a device never end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("it is no regular file")
    with path.open("rb") as file:
        data = file.read(most_bytes + 1)  # the size that the system tells may be wrong, as in /proc
    if len(data) > most_bytes:
        raise OSError(f"it is larger than {most_bytes} bytes, the most that is allowed")
    return data.decode("utf-8")
