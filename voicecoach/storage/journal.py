"""The journal: every event and fact of every session, and one row when a session ends. No audio.

A journal that cannot be written never blocks a session (docs/promises.md, R13): it warns once, and the
session goes on.
"""

import contextlib
import json
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from voicecoach.background import Background
from voicecoach.care import LOCKING, Outcome
from voicecoach.session.facts import PainReported
from voicecoach.storage import spares
from voicecoach.storage.migrations import prepare

_COLUMNS = "began, program, duration_ms, outcome, screened, pain_before, pain_reported, exercise, done"
"""Columns by name: SQLite then refuses a journal with other columns, where we might misread it."""
_BUSY_S = 0.5
"""How long one attempt waits for another program's lock."""
_RETRY_S = 0.1
VITAL_S = 0.2
"""How long a report of pain may wait for the disk: the coach is silent by then."""
CLOSE_S = 1.0
"""How long the end of a session may wait for the disk, twice."""


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


Row = tuple[object, ...]


class Journal:
    """`path` None: nothing is kept. `warn` is called once if the disk refuses, perhaps from another thread.

    What a session records is written by a thread of the journal's own, in order. What the disk refuses waits
    and is tried again with every record and at the end; at last it goes into a file in one of the
    `spare_folders`, from which the next session's journal takes it.
    """

    def __init__(
        self, path: Path | None, warn: Callable[[str], None], spare_folders: tuple[Path, ...] = ()
    ) -> None:
        self._warn = warn
        self._path = path
        self._spares = spare_folders
        self._db: sqlite3.Connection | None = None
        """for what earlier sessions left"""
        self._writing: sqlite3.Connection | None = None
        """the background thread's own: two threads must not share one"""
        self._session = datetime.now().isoformat(timespec="milliseconds")
        self._n = 0
        self._pending: deque[tuple[str, Row]] = deque()
        """(table, row) that no disk has taken yet"""
        self._warned = False
        self._background: Background | None = None
        if path is not None:
            self._try(self._open_for_reading)

    def _open_for_reading(self) -> None:
        self._db = self._opened()

    def _opened(self) -> sqlite3.Connection:
        assert self._path is not None
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(self._path, timeout=_BUSY_S, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")  # a commit is not to wait for the disk
            prepare(db)
            self._path.chmod(0o600)
        except BaseException:
            db.close()
            raise
        return db

    def _try(self, action: Callable[[], None]) -> bool:
        try:
            action()
        except (sqlite3.Error, OSError) as error:
            if not self._warned:
                self._warned = True
                self._warn(
                    f"The journal {self._path} cannot be used ({error}). The session goes on, and the "
                    "journal is tried again; free some space or move the file away."
                )
            return False
        return True

    def _let_go(self) -> None:
        """A connection that failed is not used again: the next attempt opens a new one."""
        db, self._writing = self._writing, None
        if db is not None:
            with contextlib.suppress(sqlite3.Error):
                db.close()

    # -- writing

    def record(self, at_ms: int, kind: str, data: dict[str, object]) -> None:
        """Keep one event or fact; `kind`: its type's name.

        Returns at once, but for a report of pain: that is on the disk before the session goes on, or the disk
        has had its time. A crash must not lose the lock.
        """
        if self._path is None:
            return
        self._later("events", (self._session, self._n, at_ms, kind, json.dumps(data)))
        self._n += 1
        if kind == PainReported.__name__:
            self.flush(VITAL_S)

    def close(self, row: SessionRow) -> None:
        """The session's row, and the end of the journal: when this returns it is written, or in a spare."""
        if self._path is None:
            return
        self._later("sessions", _values(self._session, row))
        assert self._background is not None
        if self._background.close(CLOSE_S):  # else the disk hangs, and the thread with it
            until_s = time.monotonic() + CLOSE_S
            while self._pending and time.monotonic() < until_s:
                time.sleep(_RETRY_S)
                self._write()
            self._let_go()
        if self._pending:  # from a copy: a slow disk's thread may still be at work
            rows = [[table, *row] for table, row in self._pending.copy()]
            if not spares.keep(self._spares, self._session, rows) and self._spares:
                self._warn("This session could not be remembered anywhere: no disk takes it.")
        if self._db is not None:
            self._db.close()
        self._db = self._path = None

    def flush(self, within_s: float = 10.0) -> bool:
        """Wait until every record so far was tried; whether that took no longer than `within_s`."""
        return self._background is None or self._background.wait(within_s)

    def _later(self, table: str, row: Row) -> None:
        if self._background is None:
            self._background = Background("journal", limit=10_000)
        self._pending.append((table, row))
        self._background.call(self._write)

    def _write(self) -> None:
        """Everything that waits, in one transaction."""
        waiting = len(self._pending)
        rows = [self._pending[i] for i in range(waiting)]

        def write() -> None:
            if self._writing is None:
                self._writing = self._opened()
            _insert(self._writing, rows)
            self._writing.commit()

        if not rows:
            return
        if self._try(write):
            for _ in range(waiting):
                self._pending.popleft()
        else:
            self._let_go()

    # -- what earlier sessions left

    def memory(self) -> Memory:
        """For a session that begins: first run until the questions were once answered well; locked by the
        last outcome.

        What earlier sessions could not write is taken in first, and those that crashed get their row.
        """
        spare = spares.kept(self._spares)
        if self._db is None or not self._try(lambda: self._take_in(spare)):
            return Memory(
                first_run=True, locked=any(_locks(table, row) for _, rows in spare for table, *row in rows)
            )
        rows = self.history()
        locking = {outcome.value for outcome in LOCKING}
        # a session that was not even screened does not release an earlier lock
        decisive = [row for row in rows if row.screened or row.outcome in locking]
        return Memory(
            first_run=not any(row.screened for row in rows),
            locked=bool(decisive) and decisive[0].outcome in locking,
        )

    def _take_in(self, spare: list[tuple[Path, list[list[Any]]]]) -> None:
        assert self._db is not None
        for path, rows in spare:
            _insert(self._db, [(table, tuple(row)) for table, *row in rows])
            self._db.commit()
            path.unlink()
        self._close_crashed(self._db)

    def _close_crashed(self, db: sqlite3.Connection) -> None:
        """A session with events and no row crashed: give it the row it could not write.

        A crash after a report of pain counts as unanswered, which locks.
        """
        orphans = db.execute(
            "SELECT session, MAX(at_ms), SUM(kind = ?) FROM events "
            "WHERE session NOT IN (SELECT session FROM sessions) GROUP BY session",
            (PainReported.__name__,),
        ).fetchall()
        for session, at_ms, reports in orphans:
            outcome = Outcome.UNANSWERED if reports else Outcome.INTERRUPTED
            row = SessionRow(session, "?", at_ms, outcome.value, screened=False)
            _insert(db, [("sessions", _values(session, row))])
        db.commit()

    @property
    def began(self) -> str:
        return self._session

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


_INSERTS = {
    "events": "INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?)",
    "sessions": "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
}


def _insert(db: sqlite3.Connection, rows: list[tuple[str, Row]]) -> None:
    for table, row in rows:
        db.execute(_INSERTS[table], row)


def _values(session: str, row: SessionRow) -> Row:
    return (session, *astuple(row))


def _locks(table: str, row: list[Any]) -> bool:
    """Whether a row of a spare means that the next session must not simply begin."""
    if table == "sessions":
        return SessionRow(*row[1:]).outcome in {outcome.value for outcome in LOCKING}
    return bool(row[3] == PainReported.__name__)
