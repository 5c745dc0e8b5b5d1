"""The journal: every event and fact of every session, one row when a session ends. No audio.

A journal that cannot be written never blocks a session (docs/promises.md, R13): it says so once and goes on.
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
"""By name: a journal of another version is refused by SQLite, not misread by us."""
_BUSY_S = 0.1
"""How long another program's lock may hold up the session's loop before the journal is given up."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """How a session ended. `began` is local time, ISO 8601, and the session's key."""

    began: str
    program: str
    duration_ms: int
    outcome: str
    screened: bool
    """the questions before the session were all answered well"""
    pain_before: int | None = None
    pain_reported: int | None = None
    exercise: str = ""
    """the exercise of the last pain report"""
    done: str = ""
    """exercises finished of exercises planned"""


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier sessions mean for this one."""

    first_run: bool
    locked: bool


class Journal:
    """`path` None: nothing is kept. `warn` is called once if the disk refuses."""

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
        self._db.execute("PRAGMA synchronous=NORMAL")  # no wait for the disk between a stop and its block
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
        """A session with events and no row crashed: give it the row it could not write.

        A crash after a report of pain counts as unanswered, which locks.
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
        # At once (docs/promises.md, R11): records are about one a second, but after "pain" comes a long
        # silence, and a report that waited there for the next record was lost in a crash, and with it the
        # lock.
        self._db.commit()

    def close(self, row: SessionRow) -> None:
        """The session's row, and the end of the journal."""
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
        """For a session that begins: first run until the questions were once answered well; locked by
        the last outcome. Earlier sessions that crashed get their row first."""
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
        # by rowid, the order in which they ended: `began` is local time, which can be set back
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM sessions ORDER BY rowid DESC").fetchall()
        return [SessionRow(b, p, d, o, bool(s), pb, pr, e, x) for b, p, d, o, s, pb, pr, e, x in rows]

    def history(self) -> list[SessionRow]:
        """Ended sessions, newest first."""
        rows: list[SessionRow] = []
        if self._db is not None:
            self._try(lambda: rows.extend(self._rows()))
        return rows
