"""events.jsonl: every event, order and fact with its time, one JSON object per line."""

import contextlib
import json
from pathlib import Path
from typing import Any, TextIO


class EventLog:
    """With `path` None, nothing is written. A full disk ends the log, never the session
    (docs/promises.md, R13)."""

    def __init__(self, path: Path | None) -> None:
        self._file: TextIO | None = None
        self.failure = ""
        """why the log ended early"""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")

    def write(self, at_sample: int, at_s: float, what: str, name: str, data: dict[str, Any]) -> None:
        """`what`: event, order or fact; `at_sample`: when it was handled, on the output stream's clock."""
        if self._file is not None:
            line = {"at_s": round(at_s, 4), "at_sample": at_sample, "type": what, "name": name, **data}
            try:
                self._file.write(json.dumps(line) + "\n")
            except OSError as error:
                self._fail(error)

    def close(self) -> None:
        if self._file is not None:
            try:
                self._file.close()
            except OSError as error:
                self._fail(error)
            self._file = None

    def _fail(self, error: OSError) -> None:
        self.failure = f"events.jsonl cannot be written any further ({error})."
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()  # tries to write the rest of the buffer, and may fail again
