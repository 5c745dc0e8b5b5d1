"""Deleting sessions from the journal, at the user's wish. A lock stays: see docs/journal.md."""

import contextlib
import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voicecoach.storage.accounts import JournalError, everything
from voicecoach.storage.alone import AlreadyRunning, alone
from voicecoach.storage.journal import Journal
from voicecoach.storage.rows import SessionRow, locking

_BUSY_S = 2.0


@dataclass(frozen=True, slots=True)
class Forgotten:
    sessions: int
    """how many were deleted"""
    answers: int
    """how many answers of the profile were"""
    locked: str = ""
    """when the session began that locks the next start, and is kept; "" if none does"""
    set_aside: tuple[str, ...] = ()
    """names of journals that could not be used and were left alone"""


def forget(path: Path, spare_folders: tuple[Path, ...], before: date | None) -> Forgotten:
    """Delete what began before this day, or all of it with the profile, in one transaction; then leave no
    trace of it in the file.

    The session that locks the next start stays, with its events, and then the profile, too. Raises
    AlreadyRunning or JournalError, and then nothing was deleted, unless it says otherwise.
    """
    if not path.parent.exists():
        return Forgotten(0, 0)
    try:
        lock = alone(path.parent)
    except AlreadyRunning as error:
        raise AlreadyRunning(f"Nothing was deleted. {error}") from None
    try:
        everything(path, spare_folders)  # a journal that cannot be read is not touched
        return _forgotten(path, spare_folders, before)
    finally:
        if lock is not None:
            lock.release()


def _forgotten(path: Path, spare_folders: tuple[Path, ...], before: date | None) -> Forgotten:
    failures: list[str] = []
    journal = Journal(path, failures.append, spare_folders)
    locked = journal.earlier().locked  # takes spares in, and gives sessions that crashed their row
    rows = journal.history()  # the newest first
    journal.close()
    aside = tuple(sorted(p.name for p in path.parent.glob(f"{path.stem}-set-aside-*{path.suffix}")))
    if failures:
        raise JournalError(f"Nothing was deleted: the journal {path} does not take it. {failures[0]}")
    keeps = locking(rows) if locked else None
    if locked and keeps is None:
        raise JournalError("Nothing was deleted: the journal is locked, and does not say by which session.")
    with contextlib.closing(sqlite3.connect(path, _BUSY_S)) as db:
        try:
            sessions, answers = _delete(db, before, keeps)
        except sqlite3.Error as error:
            raise JournalError(f"Nothing was deleted: the journal {path} refuses it ({error}).") from error
        try:
            _leave_no_trace(db)
        except sqlite3.Error as error:
            raise JournalError(
                f"{sessions} sessions were deleted, but {path} could not be made smaller ({error}). "
                "Traces may be left in it; delete again when nothing else uses it."
            ) from error
    return Forgotten(sessions, answers, keeps.began if keeps else "", aside)


def _delete(db: sqlite3.Connection, before: date | None, keeps: SessionRow | None) -> tuple[int, int]:
    """How many sessions and answers were deleted: all of them or none."""
    db.execute("PRAGMA secure_delete = ON")
    began, day = keeps.began if keeps else "", before.isoformat() if before else ""
    with db:
        db.execute("BEGIN IMMEDIATE")
        doomed = "began != ? AND (? = '' OR substr(began, 1, 10) < ?)"
        those = f"SELECT session FROM sessions WHERE {doomed}"
        db.execute(f"DELETE FROM events WHERE session IN ({those})", (began, day, day))
        sessions = db.execute(f"DELETE FROM sessions WHERE {doomed}", (began, day, day)).rowcount
        answers = 0
        if before is None and keeps is None:
            db.execute("DELETE FROM events")
            answers = db.execute("DELETE FROM profile").rowcount
    return sessions, answers


def _leave_no_trace(db: sqlite3.Connection) -> None:
    """A row that is deleted still lies in free pages and in the write-ahead log. Raises sqlite3.Error."""
    db.execute("VACUUM")
    busy, *_ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("another program is reading it")
