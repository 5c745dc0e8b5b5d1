"""The shelf of recognition models. Every file of a model is checked before the model is used.

A model with 400 flipped bytes loaded without an error and heard words in noise (docs/audio.md). The files of
the shipped models are listed in models/manifest.toml. A model the user added contains its own list, written
when it was added.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voicecoach import files
from voicecoach.storage.places import shipped
from voicecoach.tables import InputError, parsed

SHIPPED_MODEL = "en-scratch"
"""The model in use unless another is chosen."""
TELEPHONE_MODEL = "en-telephone"
"""For a microphone of a telephone's band, as of a Bluetooth headset in a call."""
SHIPPED = (SHIPPED_MODEL, TELEPHONE_MODEL)
OWN_LIST = "voicecoach.toml"
UNREAD = frozenset({"README", "SHA256SUMS"})
"""What may lie in a model's folder and is read by nobody; so may any .md file."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_IN_USE = "in-use"
_MAX_LIST_BYTES = 2_000_000
"""A list has a line of about 100 bytes for each file, and a zip has at most 5000 of them."""
_CHUNK = 1 << 20


class ShelfError(Exception):
    """A model's files differ from its list, or the model cannot be put on the shelf."""


class ModelAbsent(ShelfError):
    """There is no model at all; the session can still be controlled by keys."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A model on the shelf. `source` tells the user where it came from."""

    name: str
    folder: Path
    source: str
    language: str
    """the language it understands, such as "en"; empty if its list does not say"""
    sha256: Mapping[str, str]
    remedy: str

    @property
    def size_bytes(self) -> int:
        return sum(f.stat().st_size for f in self.folder.rglob("*") if f.is_file())


class Shelf:
    """`own`: the folder of models the user added; `models`: the folder of shipped models, by default ours."""

    def __init__(self, own: Path, models: Path | None = None) -> None:
        self.own = own
        self._models = models or shipped("models")

    def names(self) -> list[str]:
        added = sorted(p.parent.name for p in self.own.glob(f"*/{OWN_LIST}"))
        return [*SHIPPED, *(name for name in added if not name.startswith("."))]

    def in_use(self) -> str:
        """The chosen model, or the shipped one if none was chosen."""
        try:
            return files.read_whole(self.own / _IN_USE, 200).strip() or SHIPPED_MODEL
        except (FileNotFoundError, NotADirectoryError):
            return SHIPPED_MODEL
        except (OSError, UnicodeDecodeError) as error:
            raise ShelfError(
                f"{self.own / _IN_USE}: cannot be read ({error}). Delete it to use the shipped model."
            ) from error

    def use(self, name: str) -> None:
        """Use the model `name` from now on, after verifying it."""
        self.verified(name)
        write_whole(self.own / _IN_USE, f"{name}\n")

    def entry(self, name: str) -> Entry:
        """Raises ModelAbsent, or ShelfError if its list of files is unusable."""
        if not NAME.fullmatch(name):
            raise ModelAbsent(f"{name!r} is no name of a model. {self._instead(name)}")
        if name in SHIPPED:
            manifest, folder = self._models / "manifest.toml", self._models / name
            source, remedy = "came with voicecoach", "Reinstall voicecoach."
        else:
            folder = self.own / name
            manifest, source = folder / OWN_LIST, "added"
            remedy = (
                f"Delete {folder} and add it again, or go back with `voicecoach model use {SHIPPED_MODEL}`."
            )
        if not manifest.exists() or not folder.exists():
            raise ModelAbsent(f"{folder}: the recognition model is missing. {self._instead(name)}")
        try:
            table = parsed(manifest, _MAX_LIST_BYTES)
            table = table[name] if name in SHIPPED else table
            listed: dict[str, str] = table["sha256"]
            source = table.get("source", source)
            language = table.get("language", "")
            if not isinstance(listed, dict) or not listed:
                # an empty list would check nothing and accept everything
                raise ValueError("the list is empty")
            if not all(
                isinstance(t, str) and t.isprintable() for t in (source, language, *listed, *listed.values())
            ):
                raise ValueError("names, hashes, source and language must be printable texts")
        except (InputError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ShelfError(
                f"{manifest}: its list of the files of {name!r} cannot be used ({error}). {remedy}"
            ) from error
        return Entry(name, folder, source, language, listed, remedy)

    def _instead(self, name: str) -> str:
        if name == SHIPPED_MODEL:
            return "Reinstall voicecoach to control it by voice."
        return (
            f"The models on the shelf are: {', '.join(self.names())}. Choose one of them with "
            "`voicecoach model use NAME`, or add it with `voicecoach model add`."
        )

    def _refuse_unlisted(self, entry: Entry) -> None:
        """Vosk reads files by their names: a graph/HCLG.fst or a rescore/ beside the published files would be
        used unhashed."""
        found = {p.relative_to(entry.folder).as_posix() for p in entry.folder.rglob("*") if p.is_file()}
        for relative in sorted(found - entry.sha256.keys() - {OWN_LIST}):
            if Path(relative).suffix != ".md" and Path(relative).name not in UNREAD:
                raise ShelfError(
                    f"{entry.folder / relative}: this file is not one of the model's published files, and "
                    f"Vosk might read it, so the model is not used. Delete the file. {entry.remedy}"
                )

    def verified(self, name: str | None = None) -> Path:
        """Compare each file's sha256, then return the folder of model `name` (default: the one in use).

        A file that is on no list is refused, too.

        Raises ModelAbsent if there is no such folder, ShelfError naming the first file that is wrong.
        """
        entry = self.entry(name or self.in_use())
        self._refuse_unlisted(entry)
        for relative, wanted in entry.sha256.items():
            path = entry.folder / relative
            try:
                if path.exists() and not path.is_file():
                    raise OSError("it is no regular file")
                actual = sha256_of(path)
            except OSError as error:
                raise ShelfError(f"{path}: cannot be read ({error}). {entry.remedy}") from error
            if actual != wanted:
                raise ShelfError(
                    f"{path}: this file is not the published one (sha256 {actual[:12]}, not {wanted[:12]}). "
                    f"A damaged model hears words in noise, so it is not used. {entry.remedy}"
                )
        return entry.folder


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Write all of `text` or nothing. Raises ShelfError."""
    try:
        files.write_whole(path, text)
    except OSError as error:
        raise ShelfError(f"{path}: cannot be written ({error}).") from error


def own_list(source: str, sha256: Mapping[str, str]) -> str:
    """The text of an added model's OWN_LIST. JSON strings are TOML strings."""
    lines = [f"source = {json.dumps(source)}", "", "[sha256]"]
    lines += [f"{json.dumps(name)} = {json.dumps(digest)}" for name, digest in sorted(sha256.items())]
    return "\n".join(lines) + "\n"
