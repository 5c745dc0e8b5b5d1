"""Rows of the journal's tables."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any

from voicecoach.care import LOCKING, Outcome
from voicecoach.session import State
from voicecoach.session.facts import AdviceGiven, PainReported

COLUMNS = "began, program, duration_ms, outcome, screened, pain_before, pain_reported, exercise, done"
"""Columns by name: SQLite then refuses a journal with other columns, where we might misread it."""
Row = tuple[object, ...]


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


def ended(db: sqlite3.Connection, order: str) -> list[SessionRow]:
    """The rows of the sessions that have ended. `order`: of SQL."""
    rows = db.execute(f"SELECT {COLUMNS} FROM sessions ORDER BY {order}").fetchall()
    return [SessionRow(b, p, d, o, bool(screened), *more) for b, p, d, o, screened, *more in rows]


def locking(rows: Iterable[SessionRow]) -> SessionRow | None:
    """The session that locks the next start, if one does. `rows`: the newest first.

    A session that was not even screened does not release an earlier lock.
    """
    decisive = next((row for row in rows if row.screened or row.outcome in LOCKING), None)
    return decisive if decisive is not None and decisive.outcome in LOCKING else None


_INSERTS = {
    "profile": "INSERT OR REPLACE INTO profile VALUES (?, ?, ?)",
    "events": "INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?)",
    "sessions": "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
}


def insert(db: sqlite3.Connection, rows: list[tuple[str, Row]]) -> None:
    for table, row in rows:
        db.execute(_INSERTS[table], row)


def values(session: str, row: SessionRow) -> Row:
    return (session, *(_storable(value) for value in astuple(row)))


def _storable(value: object) -> object:
    """SQLite takes no text with half a character, such as the name of a program's file may have."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def is_grave(kind: str, data: str) -> bool:
    """Whether an event or fact means that a session which then breaks off counts as unanswered, which locks:
    a report of pain, or advice that locks. `data`: its fields in JSON."""
    if kind == AdviceGiven.__name__:
        return json.loads(data).get("outcome") in LOCKING
    return kind == PainReported.__name__


def crashed(db: sqlite3.Connection) -> list[SessionRow]:
    """The rows that sessions with events and none could not write. Their key is when they began.

    A crash after a report of pain, or after advice that locks, counts as unanswered, which locks.
    """
    lasted_ms: dict[str, int] = {}
    grave: set[str] = set()
    for session, at_ms, kind, data in db.execute(
        "SELECT session, at_ms, kind, data FROM events WHERE session NOT IN (SELECT session FROM sessions)"
    ):
        lasted_ms[session] = max(at_ms, lasted_ms.get(session, 0))
        if is_grave(kind, data):
            grave.add(session)
    return [
        SessionRow(
            session, "?", ms, (Outcome.UNANSWERED if session in grave else Outcome.INTERRUPTED).value, False
        )
        for session, ms in lasted_ms.items()
    ]


def end(db: sqlite3.Connection, rows: Iterable[SessionRow]) -> None:
    """Give sessions their rows."""
    insert(db, [("sessions", values(row.began, row)) for row in rows])


def locks(table: str, row: list[Any]) -> bool:
    """Whether a row of a spare means that the next session must not simply begin."""
    if table == "sessions":
        return SessionRow(*row[1:]).outcome in LOCKING
    return table == "events" and is_grave(row[3], row[4])


def row_of(state: State, began: str, duration_ms: int, outcome: Outcome) -> SessionRow:
    """`began`: the session's key in the journal."""
    baseline = state.answers.get(state.protocol.baseline)
    level = state.report_answers.get(state.protocol.level)
    return SessionRow(
        began=began,
        program=state.program.id,
        duration_ms=duration_ms,
        outcome=outcome.value,
        screened=state.began_ms is not None,
        pain_before=baseline if isinstance(baseline, int) else None,
        pain_reported=level if isinstance(level, int) else None,
        exercise=state.report.exercise if state.report else "",
        done=f"{len(state.done)}/{len(state.program.exercises)}",
    )
