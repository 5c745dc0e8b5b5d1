"""events.jsonl: every event and command with its time, one JSON object a line."""

import json
from pathlib import Path
from typing import Any, TextIO


class EventLog:
    """`path` None: nothing is written."""

    def __init__(self, path: Path | None) -> None:
        self._file: TextIO | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")

    def write(self, at_sample: int, at_s: float, kind: str, name: str, data: dict[str, Any]) -> None:
        """`kind`: event or command; `at_sample`: of the output stream's clock, when it was handled."""
        if self._file is not None:
            line = {"at_s": round(at_s, 4), "at_sample": at_sample, "kind": kind, "name": name, **data}
            self._file.write(json.dumps(line) + "\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
