"""The result of the last rehearsal with each pair of devices: a small file, replaced as a whole."""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voicecoach.files import read_whole
from voicecoach.storage.shelf import write_whole

_MAX_BYTES = 1_000_000


def pair(microphone: str, loudspeaker: str) -> str:
    return f"{microphone} | {loudspeaker}"


def passed(path: Path, devices: str) -> bool:
    """Whether the last rehearsal of `devices` passed. False if the file cannot be read."""
    return bool(_read(path).get(devices, {}).get("passed", False))


def any_passed(path: Path) -> bool:
    """Whether the last rehearsal of any pair of devices passed."""
    return any(entry.get("passed", False) for entry in _read(path).values())


def remember(path: Path, devices: str, passed: bool, figures: dict[str, Any]) -> None:
    """Save a result. Raises ShelfError, and changes nothing, if the file cannot be written."""
    entry = {"passed": passed, "when": datetime.now(UTC).isoformat(timespec="seconds"), **figures}
    write_whole(path, json.dumps({**_read(path), devices: entry}, indent=1))


def _read(path: Path) -> dict[str, dict[str, Any]]:
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads(read_whole(path, _MAX_BYTES))
        if isinstance(found, dict):
            return {k: v for k, v in found.items() if isinstance(v, dict)}
    return {}
