"""A journal that cannot be used is set aside under another name: never changed, never deleted.

It may hold a lock, so its last outcome is read first. A lock goes into a spare, from which the fresh journal
takes it.
"""

import contextlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voicecoach.care import LOCKING, Outcome
from voicecoach.storage import spares
from voicecoach.storage.migrations import NewerJournal
from voicecoach.storage.rows import SessionRow, crashed, values

ASK_FIRST = (
    " If your last session ended with advice to see a doctor or to call for help, ask them before you go on."
)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY_S = 0.5
_COMPANIONS = ("-wal", "-shm")
"""What SQLite keeps beside a journal: the newest records may stand only there."""
_BEFORE = "0-before"
"""In the place of a session's name; it sorts before all of them, as what they left is newer."""


@dataclass(frozen=True, slots=True)
class Left:
    """`path`: the journal's new one; None if it stays where it is. `lock`: the outcome with which it locks.
    `advice`: for the user, if that cannot be read."""

    path: Path | None
    lock: Outcome | None
    advice: str


def is_unusable(error: Exception) -> bool:
    """Whether `error` means a damaged file or one of a later version, and not a disk that refuses."""
    code = getattr(error, "sqlite_errorcode", None)  # its lowest byte is the kind of error
    return isinstance(error, NewerJournal) or (code is not None and code & 0xFF in _DAMAGED)


def set_aside(path: Path, session: str, spare_folders: tuple[Path, ...]) -> Left:
    """Rename the journal, unless it holds a lock that no spare takes. Raises OSError."""
    lock, advice = None, ""
    try:
        lock = lock_of(path)
    except (sqlite3.Error, ValueError):
        advice = ASK_FIRST
    if lock is not None:
        row = SessionRow(session, "?", 0, lock.value, screened=False)
        if not spares.keep(spare_folders, _BEFORE, [["sessions", *values(_BEFORE, row)]]):
            return Left(None, lock, advice)
    return Left(_renamed(path), lock, advice)


def lock_of(path: Path) -> Outcome | None:
    """The outcome with which the journal locks the next session; None if it does not.

    Raises sqlite3.Error or ValueError if that cannot be read for certain.
    """
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", _BUSY_S, uri=True)) as db:
        if any(row.outcome in LOCKING for row in crashed(db)):
            return Outcome.UNANSWERED
        for name, screened in db.execute("SELECT outcome, screened FROM sessions ORDER BY rowid DESC"):
            outcome = Outcome(name)  # what a later version has added might lock
            if outcome in LOCKING:
                return outcome
            if screened:
                break
    return None


def _renamed(path: Path) -> Path:
    stem = f"{path.stem}-set-aside-{datetime.now():%Y%m%d-%H%M%S}"
    new, n = path.with_name(f"{stem}{path.suffix}"), 1
    while new.exists():
        n += 1
        new = path.with_name(f"{stem}-{n}{path.suffix}")
    # the journal first: a -wal that is left over alone counts for nothing, a journal without its -wal is an
    # older one
    path.rename(new)
    for companion in _COMPANIONS:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{companion}").rename(f"{new}{companion}")
    return new
