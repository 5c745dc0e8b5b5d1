"""The journal: every event and fact of every session, and one row when a session ends. No audio.

A journal that cannot be written never blocks a session (docs/promises.md, R13): it warns once, and the
session goes on.
"""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voicecoach.care import LOCKING, Outcome
from voicecoach.session.facts import PainReported
from voicecoach.storage.migrations import prepare

_COLUMNS = "began, program, duration_ms, outcome, screened, pain_before, pain_reported, exercise, done"
"""Columns by name: SQLite then refuses a journal with other columns, where we might misread it."""
_BUSY_S = 0.1
"""How long the session's loop waits for another program's lock before it gives up the journal."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """How a session ended. `began` is in local time, ISO 8601, and is the session's key."""

    began: str
    program: str
    duration_ms: int
    outcome: str
    screened: bool
    """whether the answers before the session allowed it"""
    pain_before: int | None = None
    pain_reported: int | None = None
    exercise: str = ""
    """the exercise of the last pain report"""
    done: str = ""
    """exercises finished / exercises planned"""


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier sessions mean for this one."""

    first_run: bool
    locked: bool


class Journal:
    """With `path` None, nothing is kept. `warn` is called once if the journal cannot be used."""

    def __init__(self, path: Path | None, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._session = datetime.now().isoformat(timespec="milliseconds")
        self._n = 0
        if path is not None:
            self._try(self._open)

    def _open(self) -> None:
        assert self._path is not None
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self._path, timeout=_BUSY_S)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")  # a stop must not wait for the disk
        prepare(self._db)

    def _try(self, action: Callable[[], None]) -> None:
        try:
            action()
        except (sqlite3.Error, OSError) as error:
            self._db = None
            self._warn(
                f"The journal {self._path} cannot be used ({error}). The session goes on, but it will not "
                "be remembered; free some space or move the file away."
            )

    def _close_crashed(self) -> None:
        """Sessions with events but no row have crashed: add the missing rows.

        A crash after a pain report counts as unanswered, which locks.
        """
        assert self._db is not None
        orphans = self._db.execute(
            "SELECT session, MAX(at_ms), SUM(kind = ?) FROM events "
            "WHERE session NOT IN (SELECT session FROM sessions) GROUP BY session",
            (PainReported.__name__,),
        ).fetchall()
        for session, at_ms, reports in orphans:
            outcome = Outcome.UNANSWERED if reports else Outcome.INTERRUPTED
            self._insert(session, SessionRow(session, "?", at_ms, outcome.value, screened=False))
        self._db.commit()

    def _insert(self, session: str, row: SessionRow) -> None:
        assert self._db is not None
        self._db.execute(
            "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                session,
                row.began,
                row.program,
                row.duration_ms,
                row.outcome,
                row.screened,
                row.pain_before,
                row.pain_reported,
                row.exercise,
                row.done,
            ),
        )

    def record(self, at_ms: int, kind: str, data: dict[str, object]) -> None:
        """Keep one event or fact; `kind`: its type's name."""
        if self._db is not None:
            self._try(lambda: self._record(at_ms, kind, data))

    def _record(self, at_ms: int, kind: str, data: dict[str, object]) -> None:
        assert self._db is not None
        self._db.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
            (self._session, self._n, at_ms, kind, json.dumps(data)),
        )
        self._n += 1
        # Commit at once (docs/promises.md, R11). Records come about once a second, but a long silence follows
        # "pain": a report that waited there for the next record was lost in a crash, and the lock with it.
        self._db.commit()

    def close(self, row: SessionRow) -> None:
        """Write the session's row and close the journal."""
        if self._db is None:
            return

        def finish() -> None:
            assert self._db is not None
            self._insert(self._session, row)
            self._db.commit()
            self._db.close()

        self._try(finish)
        self._db = None

    @property
    def began(self) -> str:
        return self._session

    def memory(self) -> Memory:
        """What a new session must know: it is a first run until a session has passed its questions, and it is
        locked if the last decisive outcome locks. Adds the rows of crashed sessions first."""
        if self._db is not None:
            self._try(self._close_crashed)
        if self._db is None:
            return Memory(first_run=True, locked=False)
        rows = self.history()
        locking = {outcome.value for outcome in LOCKING}
        # a session that was not even screened does not release an earlier lock
        decisive = [row for row in rows if row.screened or row.outcome in locking]
        return Memory(
            first_run=not any(row.screened for row in rows),
            locked=bool(decisive) and decisive[0].outcome in locking,
        )

    def _rows(self) -> list[SessionRow]:
        assert self._db is not None
        # by rowid, the order in which sessions ended: `began` is local time, and the clock can be set back
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM sessions ORDER BY rowid DESC").fetchall()
        return [SessionRow(b, p, d, o, bool(s), pb, pr, e, x) for b, p, d, o, s, pb, pr, e, x in rows]

    def history(self) -> list[SessionRow]:
        """Ended sessions, newest first."""
        rows: list[SessionRow] = []
        if self._db is not None:
            self._try(lambda: rows.extend(self._rows()))
        return rows
