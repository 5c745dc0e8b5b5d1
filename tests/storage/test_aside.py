"""A journal that cannot be used is set aside: nothing is lost, and no lock is forgotten."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from voicecoach.care import Outcome
from voicecoach.cli.history import history
from voicecoach.session.facts import AdviceGiven, PainReported
from voicecoach.storage import Earlier, Journal, SessionRow, aside
from voicecoach.storage.migrations import VERSION

PAIN = PainReported("it hurts", "bridge", 1)
ASK = "If your last session ended with advice to see a doctor or to call for help, ask them before you go on."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data/journal.sqlite3"


@pytest.fixture
def spares(tmp_path: Path) -> tuple[Path, ...]:
    return (tmp_path / "spare",)


def session(path: Path, outcome: str, screened: bool = True) -> None:
    opened = Journal(path, pytest.fail)
    opened.record(0, "Started", {})
    opened.close(SessionRow(opened.began, "floor", 60_000, outcome, screened))


def changed(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def later(path: Path, *statements: str) -> bytes:
    """Make the journal one of a later version."""
    changed(path, f"PRAGMA user_version = {VERSION + 1}", *statements)
    return path.read_bytes()


def garbage(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all " * 1000)


def torn_pages(path: Path) -> None:
    """The header is intact, so the file opens; the first read of a table fails."""
    for _ in range(60):
        session(path, "completed")
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)


def set_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("journal-set-aside-*.sqlite3"))


@pytest.mark.parametrize("damage", [garbage, torn_pages])
@pytest.mark.fault(
    "the journal is damaged", "set aside under a new name, which is said once; a fresh one remembers"
)
def test_a_damaged_journal_is_set_aside_and_a_fresh_one_remembers(
    path: Path, damage: Callable[[Path], None]
) -> None:
    """It used to be tried again at every start: until somebody moved it away, nothing was remembered."""
    damage(path)
    before = path.read_bytes()
    said: list[str] = []
    opened = Journal(path, said.append)
    assert opened.earlier() == Earlier(first_run=True, locked=False)
    opened.record(0, "Started", {})
    opened.close(SessionRow(opened.began, "floor", 60_000, "completed", True))
    (kept,) = set_aside(path)
    assert kept.read_bytes() == before
    assert len(said) == 1
    assert kept.name in said[0]
    assert ASK in said[0], "nobody knows whether the last session locked"
    assert Journal(path, pytest.fail).earlier() == Earlier(first_run=False, locked=False)


@pytest.mark.fault("a journal of a later version", "renamed, not changed; the new name is said once")
def test_a_journal_of_a_later_version_is_renamed_with_the_time_and_not_changed(path: Path) -> None:
    session(path, "completed")
    before = later(path)
    said: list[str] = []
    assert Journal(path, said.append).earlier() == Earlier(first_run=True, locked=False)
    (kept,) = set_aside(path)
    assert kept.read_bytes() == before
    datetime.strptime(kept.stem, "journal-set-aside-%Y%m%d-%H%M%S")
    (told,) = said
    assert f"version {VERSION + 1}" in told
    assert kept.name in told
    assert ASK not in told, "its last outcome could be read: it was no advice"


def unknown_outcome(path: Path) -> None:
    """A later version may have more outcomes that lock."""
    session(path, "see a nurse", screened=False)
    later(path)


def other_columns(path: Path) -> None:
    session(path, "emergency")
    later(path, "ALTER TABLE sessions RENAME COLUMN outcome TO ending")


def other_tables(path: Path) -> None:
    session(path, "emergency")
    later(path, "DROP TABLE sessions")


@pytest.mark.parametrize("made", [unknown_outcome, other_columns, other_tables])
@pytest.mark.fault(
    "the last outcome of a journal set aside cannot be read", "a first run; the user is told whom to ask"
)
def test_where_the_last_outcome_cannot_be_read_the_user_is_told_to_ask(
    path: Path, made: Callable[[Path], None]
) -> None:
    said: list[str] = []
    made(path)
    assert Journal(path, said.append).earlier() == Earlier(first_run=True, locked=False)
    assert ASK in said[0]


@pytest.mark.parametrize("outcome", [Outcome.EMERGENCY, Outcome.TODAY, Outcome.UNANSWERED, Outcome.LOCKED])
@pytest.mark.fault("a journal of a later version, and its last session locked", "the lock holds")
def test_a_lock_of_a_later_version_holds_until_a_session_was_screened(
    path: Path, spares: tuple[Path, ...], outcome: Outcome
) -> None:
    session(path, outcome.value)
    later(path)
    assert Journal(path, lambda _: None, spares).earlier() == Earlier(first_run=True, locked=True)
    session(path, "interrupted", screened=False)
    again = Journal(path, pytest.fail, spares)
    assert again.earlier() == Earlier(first_run=True, locked=True), "leaving at the question releases nothing"
    assert again.history()[-1].outcome == outcome.value
    session(path, "completed")
    assert Journal(path, pytest.fail, spares).earlier() == Earlier(first_run=False, locked=False)


@pytest.mark.parametrize("grave", [PAIN, AdviceGiven(Outcome.EMERGENCY)], ids=["pain", "advice"])
def test_a_crash_after_pain_in_a_journal_of_a_later_version_locks(
    path: Path, spares: tuple[Path, ...], grave: PainReported | AdviceGiven
) -> None:
    """Advice that locks did so after a crash under this version, but not under a later one."""
    session(path, "completed")
    opened = Journal(path, pytest.fail)
    opened.record(100, type(grave).__name__, asdict(grave))
    assert opened.flush()
    later(path)
    assert Journal(path, lambda _: None, spares).earlier() == Earlier(first_run=True, locked=True)


def test_a_lock_that_was_released_under_a_later_version_does_not_come_back(
    path: Path, spares: tuple[Path, ...]
) -> None:
    for outcome in ("emergency", "completed"):
        session(path, outcome)
    later(path)
    assert not Journal(path, lambda _: None, spares).earlier().locked


def test_a_lock_in_a_journal_damaged_elsewhere_holds(path: Path, spares: tuple[Path, ...]) -> None:
    """The rows of sessions are whole; an older page of events is not."""
    opened = Journal(path, pytest.fail)
    for n in range(3000):
        opened.record(n, "Heard", {"text": "words " * 20})
    opened.close(SessionRow(opened.began, "floor", 60_000, "emergency", True))
    data = bytearray(path.read_bytes())
    data[-4096 * 20 : -4096 * 10] = os.urandom(4096 * 10)
    path.write_bytes(data)
    said: list[str] = []
    memory = Journal(path, said.append, spares).earlier()
    assert len(set_aside(path)) == 1
    assert memory.first_run
    assert memory.locked or ASK in said[0]


@pytest.mark.fault("a crash while a journal that locks is set aside", "the lock holds")
def test_a_lock_survives_a_crash_between_setting_aside_and_the_fresh_journal(
    path: Path, spares: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    session(path, "emergency")
    later(path)
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "_open_for_reading", lambda _: crash_after_the_rename(path))
        with pytest.raises(SystemExit):
            Journal(path, lambda _: None, spares)
    assert not path.exists()
    assert Journal(path, pytest.fail, spares).earlier() == Earlier(first_run=True, locked=True)


def crash_after_the_rename(path: Path) -> None:
    if not path.exists():
        raise SystemExit
    error = sqlite3.DatabaseError("malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    raise error


@pytest.mark.fault("no disk keeps the lock of a journal to be set aside", "it stays where it is; locked")
def test_a_journal_whose_lock_nothing_else_can_keep_stays_where_it_is(path: Path) -> None:
    session(path, "emergency")
    before = later(path)
    said: list[str] = []
    assert Journal(path, said.append).earlier() == Earlier(first_run=True, locked=True)
    assert path.read_bytes() == before
    assert set_aside(path) == []
    assert len(said) == 1
    assert "cannot be used" in said[0]


def test_what_a_session_left_in_a_spare_reaches_the_fresh_journal(
    path: Path, spares: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicecoach.storage.journal.CLOSE_S", 0.1)
    session(path, "completed")
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        opened = Journal(path, lambda _: None, spares)
        opened.close(SessionRow(opened.began, "floor", 60_000, "emergency", True))
    later(path)
    again = Journal(path, lambda _: None, spares)
    assert again.earlier().locked
    # once, or twice if the disk took it in the end, while the spare was there already
    assert {row.outcome for row in again.history()} == {"emergency"}
    assert list(spares[0].iterdir()) == []


def test_the_newest_records_go_with_it(path: Path) -> None:
    """While a program has a journal open, its newest records stand in the file -wal beside it."""
    session(path, "completed")
    with closing(sqlite3.connect(path)) as running:
        running.execute("PRAGMA wal_autocheckpoint = 0")
        running.execute("UPDATE sessions SET program = 'newest'")
        running.execute(f"PRAGMA user_version = {VERSION + 1}")
        running.commit()
        assert Path(f"{path}-wal").stat().st_size
        Journal(path, lambda _: None).earlier()
        (kept,) = set_aside(path)
        with closing(sqlite3.connect(kept)) as db:
            assert db.execute("SELECT program FROM sessions").fetchall() == [("newest",)]
    assert Journal(path, pytest.fail).history() == []


def test_two_in_one_second_do_not_overwrite_each_other(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Noon(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Noon":
            return cls(2026, 11, 29, 12)

    monkeypatch.setattr(aside, "datetime", Noon)
    for n in range(3):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%d " % n * 1000)
        Journal(path, lambda _: None)
        path.unlink()
    assert [p.read_bytes()[:1] for p in set_aside(path)] == [b"1", b"2", b"0"]


@pytest.mark.usefixtures("_quick")
@pytest.mark.fault("another program holds the journal", "it is not set aside")
def test_a_journal_that_another_program_holds_is_not_set_aside(path: Path) -> None:
    session(path, "emergency")
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        Journal(path, lambda _: None).earlier()
    assert set_aside(path) == []
    assert Journal(path, pytest.fail).earlier().locked


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicecoach.storage.journal._BUSY_S", 0.05)


@pytest.mark.fault("the journal is read-only at the start", "it is not set aside")
def test_a_read_only_journal_is_not_set_aside(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session(path, "emergency")
    session(path, "interrupted", screened=False)
    changed(path, "DELETE FROM sessions WHERE outcome = 'interrupted'")  # a row that has to be written
    connect = sqlite3.connect
    with monkeypatch.context() as patch:

        def only_reads(p: Path | str, *a: Any, **k: Any) -> sqlite3.Connection:
            db: sqlite3.Connection = connect(f"{path.as_uri()}?mode=ro", *a, **{**k, "uri": True})
            return db

        patch.setattr(sqlite3, "connect", only_reads)
        said: list[str] = []
        assert Journal(path, said.append).earlier().locked
    assert "readonly" in said[0]
    assert set_aside(path) == []
    assert Journal(path, pytest.fail).earlier().locked


def test_history_says_where_the_earlier_sessions_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
    path = tmp_path / "data/journal.sqlite3"
    session(path, "completed")
    later(path)
    result = CliRunner().invoke(history)
    assert result.exit_code == 0
    assert set_aside(path)[0].name in result.output
