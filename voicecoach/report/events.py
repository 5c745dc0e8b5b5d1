"""events.jsonl, read again: the user may hand over any file of that name."""

from pathlib import Path
from typing import Annotated, Any, TypedDict

import msgspec

from voicecoach.files import read_whole
from voicecoach.tables import InputError, refused
from voicecoach.units import RATE_HZ

_MOST_BYTES = 100_000_000
_LONGEST_S = 24 * 3600
"""Beyond it lies a mistake, and a picture without end."""

_Seconds = Annotated[float, msgspec.Meta(ge=0, le=_LONGEST_S)]
_Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=_LONGEST_S * 1000)]
_Samples = Annotated[int, msgspec.Meta(ge=0, le=_LONGEST_S * RATE_HZ)]
_Text = Annotated[str, msgspec.Meta(max_length=10_000)]


class _Always(TypedDict):
    at_s: _Seconds
    name: str


class _Line(_Always, total=False):
    """What is read of a line; which of these it has depends on its name."""

    prompt_id: int
    text: _Text
    at_ms: _Milliseconds | None
    start_sample: _Samples
    start_ms: _Milliseconds
    end_ms: _Milliseconds
    command: _Text
    source: _Text
    reason: _Text
    outcome: _Text
    mode: _Text


def read_events(path: Path) -> list[dict[str, Any]]:
    """Its lines, without one that a crash cut short. Raises InputError."""
    found = []
    try:
        lines = read_whole(path, _MOST_BYTES).splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read, so there is no timeline ({error}).") from error
    for number, line in enumerate(lines, 1):
        try:
            event: Any = msgspec.json.decode(line, type=_Line)
        except msgspec.ValidationError as error:
            raise refused(path, f"line {number}", f"no session writes that ({error})") from error
        except (msgspec.DecodeError, ValueError, RecursionError):
            continue
        found.append(event)
    return found
