"""Unpacks an untrusted zip into a folder, and nowhere else (docs/promises.md, R15).

Refuses paths that lead out of the folder, links, duplicate names (also if they differ only in case), names
that some system cannot store, encrypted members, and more bytes than allowed. Bytes are counted while
unpacking, because a header can lie.
"""

import lzma
import re
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from voicecoach.storage.shelf import ShelfError

MOST_MEMBERS = 5000
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, NotImplementedError, RuntimeError, ValueError),
)
"""What zipfile raises for a zip that is damaged, encrypted or no zip."""
_CHUNK = 1 << 20
_UNSAFE = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows reserves for devices."""


def unpack(archive: Path, folder: Path, most_bytes: int) -> None:
    """Unpack the zip `archive` into `folder`. Raises ShelfError; `folder` may then contain part of it."""
    try:
        with zipfile.ZipFile(archive) as file:
            members = file.infolist()
            if len(members) > MOST_MEMBERS:
                raise ShelfError(f"{archive}: {len(members)} members are too many for a model.")
            _check_names(archive, members)
            left = most_bytes
            for member in members:
                left = _write(file, member, folder, archive, left)
    except _DAMAGED as error:
        raise ShelfError(f"{archive}: not a usable zip ({error}). Fetch it again.") from error
    except OSError as error:
        raise ShelfError(f"{archive}: cannot be unpacked ({error}).") from error


def _check_names(archive: Path, members: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.filename
        path = PurePosixPath(name)
        inside = (
            path.parts
            and not path.is_absolute()
            and not PureWindowsPath(name).drive
            and ".." not in path.parts
            and not _UNSAFE.search(name)
            and not any(_DEVICE.fullmatch(part) or part[-1] in " ." for part in path.parts)
        )
        if not inside:
            raise ShelfError(
                f"{archive}: the member {name!r} leads out of its folder, so nothing is unpacked."
            )
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ShelfError(f"{archive}: the member {name!r} is a link or a device, so nothing is unpacked.")
        key = str(path).casefold()
        if key in seen:
            raise ShelfError(f"{archive}: the member {name!r} occurs twice, so nothing is unpacked.")
        seen.add(key)


def _write(file: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, archive: Path, left: int) -> int:
    """Write one member; return how many bytes are still allowed after it."""
    target = folder.joinpath(*PurePosixPath(member.filename).parts)
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return left
    target.parent.mkdir(parents=True, exist_ok=True)
    with file.open(member) as source, target.open("xb") as out:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ShelfError(f"{archive}: it unpacks to more than is allowed. Allow more with --most-mb.")
            out.write(chunk)
    return left
