"""A file that a command leaves for the user: whole or not at all, in the place of no other."""

from pathlib import Path

from voicecoach.files import write_new
from voicecoach.tables import InputError


def leave(path: Path, content: str | bytes) -> None:
    """For its owner alone to read. Raises InputError."""
    try:
        write_new(path, content, mode=0o600)
    except FileExistsError:
        raise InputError(f"{path}: is there already, and was left as it is. Name another file.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}).") from error
