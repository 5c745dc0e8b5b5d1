"""What the journal holds, session by session: for its user, and for whoever the user shows it to."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from voicecoach.care import Answer, Past, Protocol
from voicecoach.storage import spares
from voicecoach.storage.alone import somebody_plays
from voicecoach.storage.migrations import prepare, version_of
from voicecoach.storage.rows import SessionRow, crashed, end, ended, insert, locking
from voicecoach.storage.told import Facts, facts_in, past_of

AFTERWARDS, EFFORT, SPREAD = "afterwards", "effort", "spread"
"""Questions of the care pack: the pain and the effort after a session; in a report, whether it spreads."""
_BUSY_S = 2.0


class JournalError(Exception):
    """The journal cannot be read or changed."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report of pain."""

    exercise: str
    """id of the exercise that hurt; "" before the first"""
    level: int | None
    """0 to 10; None if it was not told"""
    spread: Answer | None
    """into the leg; None if it was not asked"""
    outward: Answer | None
    """whether the exercise sent it further down the leg"""


@dataclass(frozen=True, slots=True)
class Account:
    """One session."""

    row: SessionRow
    past: Past
    given: tuple[tuple[str, Answer], ...] = ()
    """(question, answer): every one, in order"""
    reports: tuple[Report, ...] = ()

    @property
    def began(self) -> datetime:
        return datetime.fromisoformat(self.row.began)

    @property
    def day(self) -> date:
        return self.began.date()

    @property
    def minutes(self) -> float:
        return self.past.minutes

    def number(self, question: str) -> int | None:
        answer = self.past.answers.get(question)
        return answer if isinstance(answer, int) else None

    def skipped(self, question: str) -> bool:
        return self.past.answers.get(question) == "unanswered"


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to a question that is asked once."""

    answer: Answer
    told: str
    """the session in which it was told: when that began"""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that was told."""

    accounts: tuple[Account, ...] = ()
    """the oldest first"""
    profile: Mapping[str, KeptAnswer] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Answer]:
        """The profile as the rules of care look at it."""
        return {question: kept.answer for question, kept in self.profile.items()}

    @property
    def past(self) -> tuple[Past, ...]:
        return tuple(account.past for account in self.accounts)

    @property
    def locking(self) -> SessionRow | None:
        """The session that locks the next start, if one does."""
        return locking(account.row for account in reversed(self.accounts))

    def until(self, day: date | None) -> "Record":
        """What was known at the end of `day`; all of it, if None."""
        if day is None:
            return self
        accounts = tuple(a for a in self.accounts if a.day <= day)
        profile = {q: k for q, k in self.profile.items() if k.told[:10] <= day.isoformat()}
        return Record(accounts, profile)


@contextlib.contextmanager
def _copied(path: Path, spare_folders: tuple[Path, ...]) -> Iterator[sqlite3.Connection]:
    """A copy of the journal in memory, in today's form, with what waits in spares.

    Nothing on the disk is changed, also while a session is being played. Raises JournalError.
    """
    with contextlib.closing(sqlite3.connect(":memory:")) as copy:
        try:
            if path.exists():
                uri = f"{path.absolute().as_uri()}?mode=ro"
                with contextlib.closing(sqlite3.connect(uri, _BUSY_S, uri=True)) as db:
                    version_of(db)
                    db.backup(copy)
            prepare(copy)
            for _, rows in spares.kept(spare_folders):
                insert(copy, [(table, tuple(row)) for table, *row in rows])
            yield copy
        except (sqlite3.Error, OSError, ValueError, KeyError, TypeError) as error:
            raise JournalError(
                f"The journal {path} cannot be read ({error}). It was left as it is; `voicecoach doctor` "
                "says what is wrong."
            ) from error


def record_of(path: Path, spare_folders: tuple[Path, ...], protocol: Protocol) -> Record:
    """The sessions that have ended, crashed ones too. Raises JournalError."""
    with _copied(path, spare_folders) as db:
        if (broken := crashed(db)) and not somebody_plays(path.parent):  # who plays now has no row either
            end(db, broken)
        facts = facts_in(db)
        kept = db.execute("SELECT question, answer, told FROM profile ORDER BY question").fetchall()
        profile = {q: KeptAnswer(json.loads(answer), told) for q, answer, told in kept}
        accounts = tuple(_account(row, facts[row.began], protocol) for row in ended(db, "began, rowid"))
    return Record(accounts, {q: k for q, k in profile.items() if protocol.keeps(q, k.answer)})


def _account(row: SessionRow, told: Facts, protocol: Protocol) -> Account:
    reports = tuple(_report(exercise, said, protocol) for exercise, said in told.reports)
    return Account(row, past_of(row, told, protocol), tuple(told.given), reports)


def _report(exercise: str, said: Mapping[str, Answer], protocol: Protocol) -> Report:
    level = said.get(protocol.level)
    outward = said.get(protocol.memory.further_down)
    return Report(exercise, level if isinstance(level, int) else None, said.get(SPREAD), outward)


def everything(path: Path, spare_folders: tuple[Path, ...]) -> dict[str, Any]:
    """All that the journal holds, for JSON: also sessions that have not ended. Raises JournalError."""
    with _copied(path, spare_folders) as db:
        db.row_factory = sqlite3.Row
        sessions: dict[str, dict[str, Any]] = {}
        for row in db.execute("SELECT * FROM sessions ORDER BY rowid"):
            fields = dict(row)
            fields["screened"] = bool(fields["screened"])
            sessions[fields["session"]] = {**fields, "ended": True, "events": []}
        for session, n, at_ms, kind, data in db.execute("SELECT * FROM events ORDER BY session, n"):
            one = sessions.setdefault(session, {"session": session, "ended": False, "events": []})
            one["events"].append({"n": n, "at_ms": at_ms, "kind": kind, "data": json.loads(data)})
        answers = [
            {"question": question, "answer": json.loads(answer), "told": told}
            for question, answer, told in db.execute("SELECT * FROM profile ORDER BY question")
        ]
    return {"voicecoach_journal": 1, "sessions": list(sessions.values()), "answers": answers}
