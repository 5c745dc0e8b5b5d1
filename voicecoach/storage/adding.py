"""Adds a model to the shelf from a folder, a zip or a URL: complete and checked, or not at all.

Everything happens in a staging folder beside the models; the last step is one rename. models/known.toml has
the published hashes of known models. For any other model, hashes are recorded when it is added.
"""

import hashlib
import shutil
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from voicecoach.files import clear_abandoned
from voicecoach.storage.fetch import Download, Patience, Progress, is_url
from voicecoach.storage.places import shipped
from voicecoach.storage.shelf import NAME, OWN_LIST, SHIPPED, Entry, Shelf, ShelfError, own_list, sha256_of
from voicecoach.storage.unpack import unpack

NEEDED = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst")
"""The last two let a model take a grammar at run time."""
_STAGING = ".adding-"
_UNPACKED_SHARE = 4
"""A zip may unpack to this many times the largest allowed download."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to add. `sha256`: the hash of the zip, if the user knows it."""

    source: str
    name: str | None = None
    sha256: str | None = None
    most_bytes: int = 500_000_000
    patience: Patience = field(default_factory=Patience)


def add(
    shelf: Shelf, wanted: Wanted, can_serve: Callable[[Path], None], progress: Progress
) -> tuple[Entry, bool]:
    """Add a model; return its entry, and whether it matches published hashes.

    `can_serve` must raise an error with a message for the user if the model does not load or lacks a word.
    Raises ShelfError.
    """
    try:
        shelf.own.mkdir(parents=True, exist_ok=True)
        clear_abandoned(shelf.own.glob(f"{_STAGING}*"))
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=shelf.own) as staging:
            return _add(shelf, wanted, can_serve, progress, Path(staging))
    except OSError as error:
        raise ShelfError(f"{shelf.own}: the model cannot be added ({error}).") from error


def _add(
    shelf: Shelf, wanted: Wanted, can_serve: Callable[[Path], None], progress: Progress, staging: Path
) -> tuple[Entry, bool]:
    root = _root(_brought(shelf, wanted, progress, staging), wanted.source)
    name = _name(shelf, wanted, root)
    if root == staging / "unpacked":  # the files were at the top of the zip
        root = root.rename(staging / "model")
    files = sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())
    known = published(name)
    if known:
        _compare(root, name, files, known)
    can_serve(root)
    (root / OWN_LIST).unlink(missing_ok=True)
    sha256 = {file: sha256_of(root / file) for file in files if file != OWN_LIST}
    (root / OWN_LIST).write_text(own_list(wanted.source, sha256), "utf-8")
    root.rename(shelf.own / name)
    if is_url(wanted.source):
        _download(shelf, wanted).forget()
    return shelf.entry(name), bool(known)


def _download(shelf: Shelf, wanted: Wanted) -> Download:
    downloads, hash_known = shelf.own / ".downloads", wanted.sha256 is not None
    return Download(wanted.source, downloads, wanted.most_bytes, wanted.patience, hash_known)


def _brought(shelf: Shelf, wanted: Wanted, progress: Progress, staging: Path) -> Path:
    """Fetch, copy or unpack the source into `staging`; return the folder that contains the model."""
    unpacked = staging / "unpacked"
    if is_url(wanted.source):
        download = _download(shelf, wanted)
        archive = download.run(progress)
        try:
            _check_archive(archive, wanted)
            unpack(archive, unpacked, _UNPACKED_SHARE * wanted.most_bytes)
        except ShelfError:
            download.forget()  # resuming a wrong file would not help
            raise
        return unpacked
    path = Path(wanted.source)
    if path.is_dir():
        if wanted.sha256 is not None:
            raise ShelfError(f"{path}: --sha256 is the hash of a zip, and this is a folder.")
        size = sum(p.lstat().st_size for p in path.rglob("*"))
        if size > _UNPACKED_SHARE * wanted.most_bytes:
            raise ShelfError(f"{path}: {size / 1e6:.0f} MB is more than allowed. Allow more with --most-mb.")
        if any(p.is_symlink() or not (p.is_file() or p.is_dir()) for p in path.rglob("*")):
            raise ShelfError(f"{path}: contains a link, a pipe or a device, so nothing is copied.")
        return Path(shutil.copytree(path, unpacked / path.resolve().name))
    if not path.is_file():
        raise ShelfError(f"{path}: there is no such file or folder.")
    _check_archive(path, wanted)
    unpack(path, unpacked, _UNPACKED_SHARE * wanted.most_bytes)
    return unpacked


def _check_archive(archive: Path, wanted: Wanted) -> None:
    if wanted.sha256 is None:
        return
    actual = sha256_of(archive)
    if actual != wanted.sha256.lower():
        raise ShelfError(
            f"{wanted.source}: not the file you expect (sha256 {actual[:12]}, not {wanted.sha256[:12]})."
        )


def _root(folder: Path, source: str) -> Path:
    """The one folder inside `folder` that is a Vosk model and takes a grammar."""
    models = [p.parent.parent for p in sorted(folder.rglob("am/final.mdl"))]
    if len(models) != 1:
        found = "no Vosk model" if not models else f"{len(models)} models"
        raise ShelfError(f"{source}: contains {found}; exactly one folder with am/final.mdl is needed.")
    missing = [name for name in NEEDED if not (models[0] / name).is_file()]
    if missing:
        raise ShelfError(
            f"{source}: the model lacks {', '.join(missing)}. voicecoach needs a model that takes a grammar "
            "at run time; Alpha Cephei's small models do, its large ones do not."
        )
    return models[0]


def _name(shelf: Shelf, wanted: Wanted, root: Path) -> str:
    name = wanted.name or (root.name if root.name != "unpacked" else Path(urlsplit(wanted.source).path).stem)
    if not NAME.fullmatch(name):
        raise ShelfError(
            f"{name!r} cannot be the name of a model; give one of letters and digits with --name."
        )
    if name in SHIPPED or (shelf.own / name).exists():
        raise ShelfError(f"There is already a model {name!r}; give this one another name with --name.")
    return name


def published(name: str) -> dict[str, str]:
    """The published git blob hash of each file of the model `name`; empty if the model is not known."""
    known = tomllib.loads(shipped("models/known.toml").read_text("utf-8"))
    files: dict[str, str] = known.get(name, {}).get("git_blob_sha1", {})
    return files


def _compare(root: Path, name: str, files: list[str], known: dict[str, str]) -> None:
    for file in sorted({*files, *known} - {OWN_LIST}):
        if file not in known:
            raise ShelfError(f"{file} is not part of the published {name!r}, so the model is not added.")
        if not (root / file).is_file():
            raise ShelfError(f"{file} of the published {name!r} is missing. Fetch the model again.")
        if git_blob_sha1(root / file) != known[file]:
            raise ShelfError(f"{file} differs from the published {name!r}. Fetch the model again.")


def git_blob_sha1(path: Path) -> str:
    """The hash that `git hash-object` prints; in text files, CRLF counts as LF."""
    data = path.read_bytes()
    if b"\0" not in data[:8000]:
        data = data.replace(b"\r\n", b"\n")
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
