"""The event stream of a scene as text: what was heard, ordered and recorded, and when.

The texts in streams/ are what a session did when they were written. A change that is meant to be silent
must leave them as they are; one that is not renews them (pytest --renew-streams) and shows in review what
became different.
"""

from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "streams"
_NOT_TOLD = frozenset(
    {"at_s", "at_sample", "type", "name", "at_ms", "start_sample", "end_sample", "wpm", "parts"}
)
_NOISY = frozenset({"Unclear", "Tick", "PromptDone"})
"""What Vosk makes of talk and noise, and which of two things comes first in one block, differ from run to
run; what they lead to is told all the same."""
_MOMENTS = ("start_ms", "end_ms")
TOLERANCE_MS, TOLERANCE = 120, 0.05
"""On another processor the voice is rounded differently, and a line may be a few per cent longer or shorter;
Vosk dithers: a word comes a block or two sooner or later."""

Line = tuple[int, str]
"""Milliseconds since the line before, and what happened."""


def told(events: list[dict[str, Any]]) -> list[Line]:
    """The stream of events.jsonl."""
    lines = []
    before_ms = 0
    for e in events:
        if e["name"] in _NOISY:
            continue
        at_ms = round(1000 * e["at_s"])
        fields = {k: v for k, v in e.items() if k not in _NOT_TOLD}
        if "start_ms" in fields:  # of a hold its length counts: where it begins is when it was ordered
            start_ms, end_ms = (fields.pop(moment) for moment in _MOMENTS)
            fields["length_ms"] = end_ms - start_ms
        if e.get("at_ms") is not None and e["name"] in ("Say", "Play"):
            fields["in_ms"] = round((e["at_ms"] - at_ms) / 100) * 100
        what = " ".join([e["type"], e["name"], *(f"{key}={value!r}" for key, value in fields.items())])
        lines.append((at_ms - before_ms, what))
        before_ms = at_ms
    return lines


def read(name: str) -> list[Line]:
    rows = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return [(int(row[:8]), row[10:]) for row in rows]


def write(name: str, lines: list[Line]) -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.txt").write_text("".join(f"{ms:+8d}  {what}\n" for ms, what in lines), "utf-8")
