"""What commands leave: a file, whole or not at all, in the place of no other; and JSON for programs."""

from pathlib import Path
from typing import Any

import click
import msgspec

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


as_json = click.option("--json", "as_json", is_flag=True, help="For programs: as JSON.")


def put_json(value: Any) -> None:
    """Print `value`, made of dataclasses; their fields are the keys, and programs rely on them."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))
