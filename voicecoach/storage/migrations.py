"""The journal's schema, and its migration from older versions.

The version is SQLite's `user_version`. Each step migrates from its number to the next. All steps and the new
version number are one transaction: a crash in between leaves the old journal intact.
"""

import json
import sqlite3
from collections.abc import Callable
from typing import Any

VERSION = 2

SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    session TEXT NOT NULL, n INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (session, n));
CREATE TABLE IF NOT EXISTS sessions (
    session TEXT PRIMARY KEY, began TEXT NOT NULL, program TEXT NOT NULL, duration_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL, screened INTEGER NOT NULL, pain_before INTEGER, pain_reported INTEGER,
    exercise TEXT NOT NULL, done TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS profile (
    question TEXT PRIMARY KEY, answer TEXT NOT NULL, told TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_kind ON events (kind)
"""


class NewerJournal(sqlite3.DatabaseError):
    """Written by a later version of voicecoach. If we misread it, we could lose a lock."""


def version_of(db: sqlite3.Connection) -> int:
    """The journal's version, one that is known here. Raises NewerJournal, or another sqlite3.Error."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise NewerJournal(
            f"it has version {version}, but this voicecoach only knows {VERSION}: update voicecoach"
        )
    return version


def prepare(db: sqlite3.Connection) -> None:
    """Make the tables of an empty journal, or bring an older one up to date. Raises sqlite3.Error."""
    version = version_of(db)
    if version == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
            for migrate in _STEPS[version:]:
                migrate(db)
        else:
            for statement in SCHEMA.split(";"):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.commit()
    except (ValueError, KeyError, TypeError) as error:
        db.rollback()
        raise sqlite3.DatabaseError(f"one of its records makes no sense: {error}") from error
    except BaseException:
        db.rollback()
        raise


def _notes_to_facts(db: sqlite3.Connection) -> None:
    """0 to 1: a Note held a fact as text ("it hurts|bridge|1"); now each fact has fields."""
    notes = db.execute("SELECT session, n, data FROM events WHERE kind = 'Note'").fetchall()
    for session, n, data in notes:
        note = json.loads(data)
        kind, fields = _fact(note["kind"], note["detail"])
        db.execute(
            "UPDATE events SET kind = ?, data = ? WHERE session = ? AND n = ?",
            (kind, json.dumps(fields), session, n),
        )


def _add_profile(db: sqlite3.Connection) -> None:
    """1 to 2: what is asked once is kept; two of its questions were asked on a first run before."""
    for statement in SCHEMA.split(";")[2:]:
        db.execute(statement)
    for session, data in db.execute(
        "SELECT session, data FROM events WHERE kind = 'AnswerGiven' ORDER BY session, n"
    ).fetchall():
        told = json.loads(data)
        if told["question"] in ("consulted", "condition") and told["answer"] != "unanswered":
            row = (told["question"], json.dumps(told["answer"]), session)
            db.execute("INSERT OR REPLACE INTO profile VALUES (?, ?, ?)", row)


_STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_notes_to_facts, _add_profile)

_RED_FLAGS = {
    "flag_1": "saddle_numbness",
    "flag_2": "bladder_or_bowel",
    "flag_3": "leg_weakness",
    "flag_3b": "both_legs_or_worsening",
    "flag_4": "injury",
    "flag_5": "unwell",
    "flag_6": "unbearable",
    "flag_7": "chest_or_breath",
}


def _fact(kind: str, detail: str) -> tuple[str, dict[str, Any]]:
    """The name and the fields of the fact in a Note of version 0."""
    match kind:
        case "pain":
            words, exercise, report = detail.split("|")
            return "PainReported", {"words": words, "exercise": exercise, "report": int(report)}
        case "pain again":
            return "PainRepeated", {"words": detail}
        case "answer":
            question, _, answer = detail.partition("=")
            value = int(answer) if answer.isdecimal() else answer
            return "AnswerGiven", {"question": _RED_FLAGS.get(question, question), "answer": value}
        case "hold":
            start_ms, end_ms = map(int, detail.split())
            return "HoldBegan", {"start_ms": start_ms, "end_ms": end_ms}
        case "screened":
            return "Screened", {"baseline": int(detail) if detail.isdecimal() else None}
        case "summary":
            done, planned = map(int, detail.split("/"))
            return "Summarised", {"done": done, "planned": planned}
        case "exercise done":
            return "ExerciseDone", {"exercise": detail}
        case "eased":
            return "EasedOff", {"exercise": detail}
        case "doubtful":
            return "Doubted", {"command": detail}
        case "advice":
            return "AdviceGiven", {"outcome": detail}
        case "deaf":
            return "WentDeaf", {"reason": detail}
        case "hears again":
            return "HearingRegained", {}
        case "quit":
            return "LeaveAsked", {"reason": detail}
    return "Note", {"kind": kind, "detail": detail}
