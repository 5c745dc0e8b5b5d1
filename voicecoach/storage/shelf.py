"""The shelf of recognition models: none is used before every byte was checked (R8).

A model with 400 flipped bytes loaded without an error and heard words in noise (AUDIO.md).
"""

import hashlib
import tomllib
from pathlib import Path

from voicecoach.storage.places import shipped

SHIPPED_MODEL = "en-commands"


class ShelfError(Exception):
    """A model's files are not what the manifest says."""


class ModelAbsent(ShelfError):
    """There is no model at all: the session can still be led by keys."""


def verified_model(name: str = SHIPPED_MODEL, models: Path | None = None) -> Path:
    """The folder of model `name` after comparing each file's sha256 with models/manifest.toml.

    Raises ModelAbsent if there is no such folder, ShelfError naming the first file that is wrong.
    """
    models = models or shipped("models")
    manifest = models / "manifest.toml"
    folder = models / name
    if not manifest.exists() or not folder.exists():
        raise ModelAbsent(
            f"{folder}: the recognition model is not there. Reinstall voicecoach to hear by voice."
        )
    try:
        files: dict[str, str] = tomllib.loads(manifest.read_text("utf-8"))[name]["sha256"]
        if not isinstance(files, dict) or not files:
            # an empty list would check nothing and accept everything
            raise ValueError("the list is empty")
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise ShelfError(f"{manifest}: no usable list of the files of {name!r} ({error}).") from error
    for relative, wanted in files.items():
        path = folder / relative
        try:
            actual = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise ShelfError(f"{path}: cannot be read ({error}). Reinstall voicecoach.") from error
        if actual != wanted:
            raise ShelfError(
                f"{path}: this file is not the published one (sha256 {actual[:12]}, not {wanted[:12]}). "
                "A damaged model hears words in noise, so it is not used. Reinstall voicecoach."
            )
    return folder
