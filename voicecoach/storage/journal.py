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
from datetime import datetime
from pathlib import Path
from typing import Any

from voicecoach.background import Background
from voicecoach.care import Answer, Outcome, Protocol
from voicecoach.files import identity
from voicecoach.storage import aside, spares
from voicecoach.storage.migrations import prepare
from voicecoach.storage.rows import (
    Row,
    SessionRow,
    crashed,
    end,
    ended,
    insert,
    is_grave,
    locking,
    locks,
    values,
)
from voicecoach.storage.told import Earlier, Told, told_in

_BUSY_S = 0.5
"""How long one attempt waits for another program's lock."""
_RETRY_S = 0.1
VITAL_S = 0.2
"""How long a report of pain may wait for the disk: the coach is silent by then."""
SPARE_S = 0.1
"""How long it may then wait for a spare's disk."""
CLOSE_S = 0.4
"""How long the end of a session may wait for the disk, twice."""


class Journal:
    """`path` None: nothing is kept. `warn` is called once if the disk refuses, perhaps from another thread.

    What a session records is written by a thread of the journal's own, in order. What the disk refuses waits
    and is tried again with every record and at the end; at last it goes into a file in one of the
    `spare_folders`, from which the next session's journal takes it.
    """

    def __init__(
        self,
        path: Path | None,
        warn: Callable[[str], None],
        spare_folders: tuple[Path, ...] = (),
        now: datetime | None = None,
    ) -> None:
        self._warn = warn
        self._path = path
        self._spares = spare_folders
        self._db: sqlite3.Connection | None = None
        """for what earlier sessions left"""
        self._writing: sqlite3.Connection | None = None
        """the background thread's own: two threads must not share one"""
        self._writing_to: tuple[int, int] | None = None
        """its file: SQLite goes on writing to one that was deleted"""
        self._session = (now or datetime.now()).isoformat(timespec="milliseconds")
        self._n = 0
        self._pending: deque[tuple[str, Row]] = deque()
        """(table, row) that no disk has taken yet"""
        self._warned = False
        self._lock: Outcome | None = None
        """the outcome with which a journal that was set aside locks this session"""
        self._background: Background | None = None
        self._sparing: Background | None = None
        """writes a spare in the middle of a session, on what may be another disk"""
        if path is not None:
            self._try(self._open_for_reading, may_begin_anew=True)

    def _open_for_reading(self) -> None:
        self._db = self._opened()

    def _opened(self) -> sqlite3.Connection:
        path = self._path
        if path is None:
            raise OSError("the journal has been closed")  # while its thread waited for the disk
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(path, timeout=_BUSY_S, check_same_thread=False)
        try:
            prepare(db)  # first: a journal of a later version is not changed in any way
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")  # a commit is not to wait for the disk
            path.chmod(0o600)
        except BaseException:
            db.close()
            raise
        return db

    def _try(self, action: Callable[[], None], may_begin_anew: bool = False) -> bool:
        """Whether the disk took it. `may_begin_anew`: do it on a fresh journal if this one is unusable."""
        try:
            action()
        except (sqlite3.Error, OSError) as error:
            if may_begin_anew and aside.is_unusable(error) and self._set_aside(error):
                return self._try(action)
            if not self._warned:
                self._warned = True
                self._warn(
                    f"The journal {self._path} cannot be used ({error}). The session goes on, and the "
                    "journal is tried again; free some space or move the file away."
                )
            return False
        return True

    def _set_aside(self, reason: Exception) -> bool:
        """Whether the journal could be set aside; not if a lock in it would be lost."""
        assert self._path is not None
        if self._db is not None:
            self._db.close()
            self._db = None
        try:
            left = aside.set_aside(self._path, self._session, self._spares)
        except OSError:
            return False
        self._lock = self._lock or left.lock
        if left.path is not None:
            self._warn(
                f"The journal {self._path} cannot be used ({reason}). It was set aside as {left.path.name}, "
                f"and a fresh one is begun, so all questions are asked again.{left.advice}"
            )
        return left.path is not None

    def _let_go(self) -> None:
        """A connection that failed is not used again: the next attempt opens a new one."""
        db, self._writing = self._writing, None
        if db is not None:
            with contextlib.suppress(sqlite3.Error):
                db.close()

    # -- writing

    def record(self, at_ms: int, kind: str, data: dict[str, object]) -> None:
        """Keep one event or fact; `kind`: its type's name.

        Returns at once, but for a report of pain, and for advice that locks: that is on the disk before the
        session goes on, or in a spare, or both have had their time. A crash must not lose the lock.
        """
        if self._path is None:
            return
        text = json.dumps(data)
        self._later("events", (self._session, self._n, at_ms, kind, text))
        self._n += 1
        if is_grave(kind, text):
            self.flush(VITAL_S)
            if self._pending:
                self._spare()

    def _spare(self) -> None:
        """Keep what waits in a spare already now; it goes when the journal has taken everything."""
        if self._sparing is None:
            self._sparing = Background("spare")
        self._sparing.call(spares.keep, self._spares, self._session, self._waiting())
        self._sparing.wait(SPARE_S)

    def _waiting(self) -> list[list[Any]]:
        """From a copy: a slow disk's thread may be at work."""
        return [[table, *row] for table, row in self._pending.copy()]

    def keep(self, question: str, answer: Answer) -> None:
        """Keep the answer to a question that is asked once, in place of an earlier one."""
        if self._path is not None:
            self._later("profile", (question, json.dumps(answer), self._session))

    def close(self, row: SessionRow | None = None) -> None:
        """Keep the session's row, if there was one, and end: when this returns all is written, or spared."""
        if self._path is None:
            return
        if row is not None:
            self._later("sessions", values(self._session, row))
        if self._background is None or self._background.close(CLOSE_S):  # else the disk hangs
            until_s = time.monotonic() + CLOSE_S
            while self._pending and time.monotonic() < until_s:
                time.sleep(_RETRY_S)
                self._write()
            self._let_go()
        if self._sparing is not None:
            self._sparing.close(SPARE_S)
        if self._pending:
            rows = self._waiting()
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
            if self._writing is not None and identity(self._path) != self._writing_to:
                self._warn(
                    f"The journal {self._path} was deleted or replaced. The session goes on in its place."
                )
                self._let_go()
            if self._writing is None:
                self._writing = self._opened()
                self._writing_to = identity(self._path)
            insert(self._writing, rows)
            self._writing.commit()

        if not rows:
            return
        if self._try(write):
            for _ in range(waiting):
                self._pending.popleft()
            if self._sparing is not None:
                self._sparing.call(spares.drop, self._spares, self._session)
        else:
            self._let_go()

    # -- what earlier sessions left

    def earlier(self) -> Earlier:
        """For a session that begins: first run until the questions were once answered well; locked by the
        last outcome.

        What earlier sessions could not write is taken in first, and those that crashed get their row.
        """
        rows: list[SessionRow] = []

        def remember() -> None:
            if self._db is None:
                self._open_for_reading()
            spare = spares.kept(self._spares)
            self._take_in([row for _, kept in spare for row in kept])
            rows.extend(self._rows())
            for path, _ in spare:
                path.unlink()

        remembered = self._path is not None and self._try(remember, may_begin_anew=True)
        locked = locking(rows) is not None
        if remembered:
            return Earlier(first_run=not any(row.screened for row in rows), locked=locked)
        waiting = any(locks(table, row) for _, kept in spares.kept(self._spares) for table, *row in kept)
        locked = locked or self._lock is not None or self._reads_locked()
        return Earlier(first_run=True, locked=locked or waiting)

    def _reads_locked(self) -> bool:
        """Whether a journal that takes nothing now can at least be read, and locks."""
        try:
            return self._path is not None and aside.lock_of(self._path) is not None
        except (sqlite3.Error, ValueError):
            return False

    def _take_in(self, spare: list[list[Any]]) -> None:
        assert self._db is not None
        insert(self._db, [(table, tuple(row)) for table, *row in spare])
        end(self._db, crashed(self._db))
        self._db.commit()

    @property
    def began(self) -> str:
        return self._session

    def _rows(self) -> list[SessionRow]:
        assert self._db is not None
        # by rowid, the order in which they ended: `began` is local time, which can be set back
        return ended(self._db, "rowid DESC")

    def told(self, protocol: Protocol) -> Told:
        """What the user has told in earlier sessions, after `earlier`."""
        found: list[Told] = []
        if (db := self._db) is not None:
            self._try(lambda: found.append(told_in(db, self._rows(), protocol)))
        return found[0] if found else Told()

    def history(self) -> list[SessionRow]:
        """Ended sessions, newest first."""
        rows: list[SessionRow] = []
        if self._db is not None:
            self._try(lambda: rows.extend(self._rows()))
        return rows
