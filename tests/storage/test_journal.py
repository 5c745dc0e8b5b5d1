"""The journal: the record of every session, whatever happens to the disk or the computer."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any, Self, get_args

import msgspec
import pytest

from voicecoach.care import Outcome
from voicecoach.language import Command
from voicecoach.session.facts import (
    AdviceGiven,
    AnswerGiven,
    Fact,
    HoldBegan,
    LeaveAsked,
    PainReported,
    TakenBack,
)
from voicecoach.storage import Earlier, Journal, SessionRow, journal
from voicecoach.storage.migrations import VERSION
from voicecoach.testing import LIBRARY
from voicecoach.units import Milliseconds

ROOT = Path(__file__).resolve().parents[2]
PAIN = PainReported("it hurts", "bridge", 1)


class Clock:
    """Stands in for `datetime`: each session begins a second after the one before."""

    began = 0

    @classmethod
    def now(cls) -> type[Self]:
        cls.began += 1
        return cls

    @classmethod
    def isoformat(cls, timespec: str) -> str:
        return f"2026-01-01T10:{cls.began // 60:02d}:{cls.began % 60:02d}.000"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clock, "began", 0)
    monkeypatch.setattr(journal, "datetime", Clock)


@pytest.fixture
def _a_disk_that_never_recovers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a session need not wait for it for long."""
    monkeypatch.setattr(journal, "CLOSE_S", 0.1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data/journal.sqlite3"


def row(opened: Journal, outcome: Outcome, screened: bool = True) -> SessionRow:
    return SessionRow(opened.began, "floor", 60_000, outcome.value, screened)


def session(path: Path, outcome: Outcome, screened: bool = True) -> None:
    opened = Journal(path, pytest.fail)
    opened.record(0, "Started", {})
    opened.close(row(opened, outcome, screened))


def crash(path: Path, *facts: Fact) -> None:
    """A session that began and never ended."""
    opened = Journal(path, pytest.fail)
    opened.record(0, "Started", {})
    for i, fact in enumerate(facts):
        opened.record(100 + i, type(fact).__name__, asdict(fact))
    assert opened.flush()
    opened._let_go()
    assert opened._db is not None
    opened._db.close()


def memory(path: Path) -> Earlier:
    return Journal(path, pytest.fail).earlier()


def test_a_session_is_kept_whole(path: Path) -> None:
    opened = Journal(path, pytest.fail)
    whole = SessionRow(opened.began, "bed", 123_456, "ended by pain", True, 2, 7, "bridge", "2/5")
    opened.close(whole)
    assert Journal(path, pytest.fail).history() == [whole]


def test_history_is_newest_first(path: Path) -> None:
    for outcome in (Outcome.COMPLETED, Outcome.FINISHED_EARLY, Outcome.ENDED_BY_PAIN):
        session(path, outcome)
    assert [r.outcome for r in Journal(path, pytest.fail).history()] == [
        "ended by pain", "finished early", "completed"
    ]  # fmt: skip


def test_every_event_is_kept_in_order(path: Path) -> None:
    opened = Journal(path, pytest.fail)
    for i in range(5):
        opened.record(i * 10, "Heard", {"text": f"word {i}"})
    opened.close(row(opened, Outcome.COMPLETED))
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT n, at_ms, kind, data FROM events ORDER BY n").fetchall()
    assert rows == [(i, i * 10, "Heard", f'{{"text": "word {i}"}}') for i in range(5)]


def test_the_first_session_is_the_first_run(path: Path) -> None:
    assert memory(path) == Earlier(first_run=True, locked=False)


O = Outcome  # noqa: E741
SCREENED, NOT_SCREENED = True, False


@pytest.mark.parametrize(
    ("sessions", "first_run", "locked"),
    [
        ([(O.COMPLETED, SCREENED)], False, False),
        ([(O.INTERRUPTED, NOT_SCREENED)], True, False),
        ([(O.NOT_STARTED, NOT_SCREENED)], True, False),
        ([(O.ENDED_BY_PAIN, SCREENED)], False, False),
        ([(O.EMERGENCY, SCREENED)], False, True),
        ([(O.TODAY, NOT_SCREENED)], True, True),  # the questions themselves gave the advice
        ([(O.UNANSWERED, SCREENED)], False, True),
        # a lock holds until a session was screened again, however many were only begun
        ([(O.EMERGENCY, SCREENED), (O.INTERRUPTED, NOT_SCREENED)], False, True),
        ([(O.EMERGENCY, SCREENED), (O.LOCKED, NOT_SCREENED), (O.INTERRUPTED, NOT_SCREENED)], False, True),
        ([(O.EMERGENCY, SCREENED), (O.COMPLETED, SCREENED)], False, False),
        ([(O.EMERGENCY, SCREENED), (O.INTERRUPTED, SCREENED)], False, False),
        ([(O.EMERGENCY, SCREENED), (O.COMPLETED, SCREENED), (O.TODAY, SCREENED)], False, True),
    ],
)
def test_what_earlier_sessions_mean_for_the_next(
    path: Path, sessions: list[tuple[Outcome, bool]], first_run: bool, locked: bool
) -> None:
    for outcome, screened in sessions:
        session(path, outcome, screened)
    assert memory(path) == Earlier(first_run, locked)


def test_a_session_that_crashed_gets_the_row_it_could_not_write(path: Path) -> None:
    crash(path)
    journal = Journal(path, pytest.fail)
    assert not journal.history(), "reading must not end a session that may still be running"
    journal.earlier()
    (last,) = journal.history()
    assert (last.outcome, last.screened, last.duration_ms) == (Outcome.INTERRUPTED.value, False, 0)
    assert memory(path) == Earlier(first_run=True, locked=False)


@pytest.mark.fault("a crash after a report of pain", "the next start is locked")
def test_a_crash_after_a_report_of_pain_locks(path: Path) -> None:
    """The safety questions were not answered: the next session must not begin as if nothing had happened."""
    session(path, Outcome.COMPLETED)
    crash(path, PAIN)
    assert memory(path) == Earlier(first_run=False, locked=True)


@pytest.mark.fault(
    "a crash while advice that locks is said, before anything moved", "the next start is locked"
)
def test_a_crash_while_advice_that_locks_is_said_locks(path: Path) -> None:
    """Only a report of pain counted: a red flag before the first exercise was forgotten."""
    session(path, Outcome.COMPLETED)
    crash(path, AdviceGiven(Outcome.EMERGENCY))
    assert memory(path).locked


def test_a_crash_while_other_advice_is_said_does_not_lock(path: Path) -> None:
    session(path, Outcome.COMPLETED)
    crash(path, AdviceGiven(Outcome.ENDED_BY_PAIN))
    assert not memory(path).locked


def test_a_crash_without_pain_does_not_release_a_lock(path: Path) -> None:
    session(path, Outcome.EMERGENCY)
    crash(path, HoldBegan(Milliseconds(100), Milliseconds(200)))
    assert memory(path).locked


@pytest.mark.parametrize(
    ("earlier", "later", "locked"),
    [(Outcome.COMPLETED, Outcome.EMERGENCY, True), (Outcome.EMERGENCY, Outcome.COMPLETED, False)],
)
@pytest.mark.fault("the wall clock is set back", "the last session is still the last")
def test_a_clock_that_was_set_back_does_not_change_which_session_was_the_last(
    path: Path, monkeypatch: pytest.MonkeyPatch, earlier: Outcome, later: Outcome, locked: bool
) -> None:
    """`began` is local time: after a flight west, or the night summer time ends, a lock was overlooked."""
    session(path, earlier)
    monkeypatch.setattr(Clock, "isoformat", lambda timespec: "2025-12-31T22:00:00.000")
    session(path, later)
    assert memory(path).locked is locked


def test_the_users_words_are_not_mistaken_for_a_report(path: Path) -> None:
    crash(path, LeaveAsked('"kind": "PainReported"'))
    assert not memory(path).locked


# -- journals of earlier versions

STORED = Path(__file__).parent / "journal_version_0.sql"


@pytest.fixture
def old(path: Path) -> Path:
    """A journal that an earlier version left: its last session ended by a second report of pain."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as db:
        db.executescript(STORED.read_text("utf-8"))
    return path


def kept(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def test_a_journal_of_an_earlier_version_is_migrated_and_nothing_is_lost(old: Path) -> None:
    before = kept(old, "SELECT session, n, at_ms FROM events")
    rows = kept(old, "SELECT * FROM sessions")
    assert [r.outcome for r in Journal(old, pytest.fail).history()] == ["ended by pain", "completed"]
    assert kept(old, "PRAGMA user_version") == [(VERSION,)]
    assert kept(old, "SELECT session, n, at_ms FROM events") == before
    assert kept(old, "SELECT * FROM sessions") == rows
    assert kept(old, "SELECT COUNT(*) FROM events WHERE kind = 'Note'") == [(0,)]


def test_a_migrated_note_becomes_the_fact_it_recorded(old: Path) -> None:
    """Each fact is one that today's session could have recorded: same name, same fields, same types."""
    Journal(old, pytest.fail)
    facts = {fact.__name__: fact for fact in get_args(Fact)}
    found = [
        (k, json.loads(d)) for k, d in kept(old, "SELECT kind, data FROM events ORDER BY n") if k in facts
    ]
    for kind, data in found:
        msgspec.convert(data, facts[kind])
        assert set(data) == set(facts[kind].__dataclass_fields__)
    assert [data for kind, data in found if kind == "PainReported"] == [
        {"words": "pain", "exercise": "pelvic_tilt", "report": 1},
        {"words": "pain", "exercise": "pelvic_tilt", "report": 2},
    ]
    answers = [data for kind, data in found if kind == "AnswerGiven"]
    assert {"question": "baseline", "answer": 1} in answers
    assert {"question": "spread", "answer": "no"} in answers


def test_a_crash_in_a_safety_stop_under_the_earlier_version_still_locks(old: Path) -> None:
    with closing(sqlite3.connect(old)) as db:
        db.execute("DELETE FROM sessions WHERE outcome = 'ended by pain'")
        db.commit()
    assert memory(old).locked


@pytest.mark.fault("a migration fails", "the old journal is as it was")
def test_a_migration_that_fails_leaves_the_old_journal_as_it_was(old: Path) -> None:
    with closing(sqlite3.connect(old)) as db:
        db.execute(
            "UPDATE events SET data = 'no JSON' WHERE n = (SELECT MAX(n) FROM events WHERE kind = 'Note')"
        )
        db.commit()
    before = kept(old, "SELECT * FROM events")
    said: list[str] = []
    Journal(old, said.append)
    assert len(said) == 1
    assert kept(old, "SELECT * FROM events") == before
    assert kept(old, "PRAGMA user_version") == [(0,)]


LAST_WORD = """
import os, sys
from pathlib import Path
from voicecoach.session.facts import AdviceGiven, Fact, HoldBegan, LeaveAsked, PainReported
from voicecoach.storage import Journal
journal = Journal(Path(sys.argv[1]), sys.exit)
journal.record(60_000, "Heard", {"text": "next"})
journal.record(60_100, "PainReported", {"words": "it hurts", "exercise": "bridge", "report": 1})
os._exit(9)
"""


@pytest.mark.fault("a crash in the silence after a report of pain", "the report is on the disk")
def test_a_report_of_pain_survives_a_crash_in_the_silence_that_follows_it(path: Path) -> None:
    """It used to be committed with the next record, which after "pain" comes seconds later (R11)."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", LAST_WORD, path], env=env).returncode == 9
    assert memory(path).locked


WRITER = """
import sys
from pathlib import Path
from voicecoach.session.facts import AdviceGiven, Fact, HoldBegan, LeaveAsked, PainReported
from voicecoach.storage import Journal, SessionRow
print("ready", flush=True)
for _ in range(10_000):
    journal = Journal(Path(sys.argv[1]), sys.exit)
    for i in range(20):
        journal.record(i * 400, "Heard", {"text": "stop " * 200})
    journal.close(SessionRow(journal.began, "floor", 8000, "completed", True))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.fault("kill -9 at any moment", "an intact journal; each session has a row")
def test_a_process_killed_at_any_moment_leaves_an_intact_journal(path: Path, seed: int) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, path], env=env, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0.0, 0.2))
        process.kill()
    again = Journal(path, pytest.fail)
    again.earlier()  # a new session begins: the crashed one gets its row
    sessions = again.history()
    again.record(0, "Started", {})
    again.close(row(again, Outcome.COMPLETED))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        begun = db.execute("SELECT COUNT(DISTINCT session) FROM events").fetchone()[0]
    assert begun == len(sessions) + 1, "every session that left an event has a row"
    assert sum(r.outcome == "interrupted" for r in sessions) <= 1


# -- a disk that cannot be written (R13)


def played_on(path: Path, warnings: list[str]) -> Journal:
    """Plays a whole session on a journal that may be broken; it must never raise."""
    opened = Journal(path, warnings.append)
    opened.earlier()
    for i in range(100):
        opened.record(i * 1000, "Heard", {"text": "stop"})
    opened.history()
    opened.close(row(opened, Outcome.COMPLETED))
    opened.close(row(opened, Outcome.COMPLETED))
    return opened


def folder_in_its_place(path: Path) -> None:
    path.mkdir()


def table_of_another_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE sessions (session TEXT PRIMARY KEY, mood TEXT)")
        db.execute("INSERT INTO sessions VALUES ('2025', 'fine')")
        db.commit()


def text_in_the_place_of_a_number(path: Path) -> None:
    session(path, Outcome.COMPLETED)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE events")
        db.execute("CREATE TABLE events (words TEXT)")
        db.commit()


@pytest.mark.usefixtures("_a_disk_that_never_recovers")
@pytest.mark.parametrize(
    "damage",
    [folder_in_its_place, table_of_another_version, text_in_the_place_of_a_number],
)
@pytest.mark.fault("the journal is broken", "one warning; the session goes on")
def test_a_journal_that_is_broken_warns_once_and_the_session_goes_on(
    path: Path, damage: Callable[[Path], None]
) -> None:
    path.parent.mkdir()
    damage(path)
    warnings: list[str] = []
    played_on(path, warnings)
    assert len(warnings) == 1
    assert str(path) in warnings[0]
    assert "The session goes on" in warnings[0]


@pytest.mark.usefixtures("_a_disk_that_never_recovers")
@pytest.mark.fault("the journal's folder cannot be made", "one warning; the session goes on")
def test_a_folder_that_cannot_be_created_warns_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    warnings: list[str] = []
    played_on(tmp_path / "file/journal.sqlite3", warnings)
    assert len(warnings) == 1


@pytest.mark.usefixtures("_a_disk_that_never_recovers")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.fault("the journal is read-only", "one warning; the session goes on")
def test_a_read_only_journal_warns_once(path: Path) -> None:
    session(path, Outcome.COMPLETED)
    path.chmod(0o400)
    path.parent.chmod(0o500)
    warnings: list[str] = []
    played_on(path, warnings)
    path.parent.chmod(0o700)
    assert len(warnings) == 1


class Disk:
    """A connection whose writes fail from the `good`th statement on, as SQLite reports it."""

    def __init__(self, db: sqlite3.Connection, good: int, error: str) -> None:
        self.db, self.good, self.error = db, good, error

    def execute(self, *arguments: Any) -> Any:
        self.good -= 1
        if self.good < 0:
            raise sqlite3.OperationalError(self.error)
        return self.db.execute(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)


@pytest.mark.usefixtures("_a_disk_that_never_recovers")
@pytest.mark.parametrize("good", [0, 1, 2, 3, 50])
@pytest.mark.parametrize(
    "error", ["database or disk is full", "attempt to write a readonly database", "database is locked"]
)
@pytest.mark.fault("the journal's disk fills up at any moment", "one warning; the session goes on")
def test_a_disk_that_fills_up_at_any_moment_warns_once(
    path: Path, monkeypatch: pytest.MonkeyPatch, good: int, error: str
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: Disk(connect(*a, **k), good, error))
    warnings: list[str] = []
    played_on(path, warnings)
    assert len(warnings) == 1
    assert error in warnings[0]


SMALL_DISK = """
import resource, signal, sys
from pathlib import Path
from voicecoach.session.facts import AdviceGiven, Fact, HoldBegan, LeaveAsked, PainReported
from voicecoach.storage import Journal, SessionRow
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
journal = Journal(Path(sys.argv[1]), print)
for i in range(500):
    journal.record(i * 400, "Heard", {"text": "stop " * 200})
journal.close(SessionRow(journal.began, "floor", 8000, "completed", True))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file size")
@pytest.mark.fault("a write that the system refuses", "one warning; an intact journal")
def test_a_real_write_that_fails_warns_once_and_leaves_an_intact_journal(path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", SMALL_DISK, path], env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.splitlines()) == 1
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_without_a_path_nothing_is_kept_and_nothing_is_warned(tmp_path: Path) -> None:
    opened = Journal(None, pytest.fail)
    opened.record(0, "Started", {})
    assert opened.earlier() == Earlier(first_run=True, locked=False)
    opened.close(row(opened, Outcome.COMPLETED))
    assert opened.history() == []
    assert not list(tmp_path.iterdir())


@pytest.mark.fault("another program locks the journal for a while", "nothing is lost")
def test_a_short_refusal_costs_nothing(path: Path) -> None:
    """One refusal, by a lock of 0.1 s, once ended the journal: a later emergency locked nothing."""
    session(path, Outcome.COMPLETED)
    warnings: list[str] = []
    opened = Journal(path, warnings.append)
    opened.earlier()
    opened.record(0, "Started", {})
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        opened.record(100, "Heard", {"text": "pain"})
        opened.record(200, type(PAIN).__name__, asdict(PAIN))
        time.sleep(1.0)
    opened.record(300, "Heard", {"text": "yes"})
    opened.close(row(opened, Outcome.EMERGENCY))
    assert len(warnings) == 1
    assert memory(path) == Earlier(first_run=False, locked=True)
    kept_events = kept(path, "SELECT n FROM events ORDER BY n")
    assert [n for (n,) in kept_events][-4:] == [0, 1, 2, 3]


def nowhere(tmp_path: Path) -> Path:
    """The path of a journal that can never be made."""
    (tmp_path / "file").write_text("in the way")
    return tmp_path / "file" / "journal.sqlite3"


@pytest.mark.usefixtures("_a_disk_that_never_recovers")
@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.fault(
    "the journal's disk takes nothing",
    "kept in a spare file, which the next session takes in",
)
def test_what_no_disk_took_lies_in_a_spare_and_is_taken_in_by_the_next_session(
    path: Path, tmp_path: Path, ended: bool
) -> None:
    session(path, Outcome.COMPLETED)
    spares = (tmp_path / "spare",)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        opened = Journal(path, lambda _: None, spares)
        opened.record(100, type(PAIN).__name__, asdict(PAIN))
        outcome = Outcome.EMERGENCY if ended else Outcome.UNANSWERED
        opened.close(row(opened, outcome))
        assert len(list(spares[0].iterdir())) == 1
        unusable = Journal(nowhere(tmp_path), lambda _: None, spares)
        assert unusable.earlier().locked, "even where there is no journal at all"
    again = Journal(path, pytest.fail, spares)
    assert again.earlier().locked
    assert again.history()[0].outcome == outcome.value
    assert list(spares[0].iterdir()) == []


@pytest.mark.usefixtures("_a_disk_that_never_recovers")
def test_where_no_journal_can_be_read_any_report_of_pain_in_a_spare_locks(tmp_path: Path) -> None:
    """Even of a session that ended well: nothing is known of what followed."""
    spares = (tmp_path / "spare",)
    path = nowhere(tmp_path)
    first = Journal(path, lambda _: None, spares)
    first.record(100, type(PAIN).__name__, asdict(PAIN))
    first.close(row(first, Outcome.FINISHED_EARLY))
    assert Journal(path, lambda _: None, spares).earlier() == Earlier(first_run=True, locked=True)


def test_the_journal_of_a_persons_pain_is_for_nobody_else_to_read(path: Path) -> None:
    session(path, Outcome.ENDED_BY_PAIN)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(sys.platform == "win32", reason="permissions")
@pytest.mark.fault("a spare file that somebody else could have put there", "not believed")
def test_a_spare_that_somebody_else_could_have_put_there_is_not_believed(path: Path, tmp_path: Path) -> None:
    """A planted "completed" would have released the lock."""
    session(path, Outcome.EMERGENCY)
    spare = tmp_path / "spare"
    spare.mkdir(mode=0o777)
    spare.chmod(0o777)
    planted = SessionRow("2027-01-01T00:00:00.000", "floor", 1, Outcome.COMPLETED.value, True)
    row_of_it = ["sessions", planted.began, *astuple(planted)]
    (spare / "voicecoach-unwritten-x.json").write_text(json.dumps([row_of_it]))
    assert Journal(path, pytest.fail, (spare,)).earlier().locked
    spare.chmod(0o700)
    assert not Journal(path, pytest.fail, (spare,)).earlier().locked, "its owner's own spare is believed"


@pytest.mark.usefixtures("_a_disk_that_never_recovers")
def test_what_was_told_in_a_first_meeting_does_not_lose_the_report_of_pain_in_its_spare(
    path: Path, tmp_path: Path
) -> None:
    """A spare that held an answer to be kept was taken for damaged, and passed over with its lock."""
    session(path, Outcome.COMPLETED)
    spares = (tmp_path / "spare",)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        opened = Journal(path, lambda _: None, spares)
        opened.keep("consulted", "yes")
        opened.record(100, type(PAIN).__name__, asdict(PAIN))
        opened.close(row(opened, Outcome.EMERGENCY))
        unusable = Journal(nowhere(tmp_path), lambda _: None, spares)
        assert unusable.earlier().locked, "even where there is no journal at all"
    again = Journal(path, pytest.fail, spares)
    assert again.earlier().locked
    assert again.told(LIBRARY.protocol).profile == {"consulted": "yes"}


@pytest.mark.parametrize(("command", "left"), [(Command.PAIN, 0), (Command.STOP, 1)])
def test_a_word_for_pain_that_was_not_said_is_remembered_as_no_pain(
    path: Path, command: Command, left: int
) -> None:
    """The television said it, the coach took it back; the exercise was halved, or left out, all the same."""
    opened = Journal(path, pytest.fail)
    for fact in (PAIN, TakenBack(command)):
        opened.record(100, type(fact).__name__, asdict(fact))
    opened.close(row(opened, Outcome.COMPLETED))
    again = Journal(path, pytest.fail)
    assert [len(past.hurt) for past in again.told(LIBRARY.protocol).past] == [left]


def test_a_report_that_was_answered_is_not_taken_back(path: Path) -> None:
    opened = Journal(path, pytest.fail)
    for fact in (PAIN, AnswerGiven("level", 5), TakenBack(Command.PAIN)):
        opened.record(100, type(fact).__name__, asdict(fact))
    opened.close(row(opened, Outcome.COMPLETED))
    (past,) = Journal(path, pytest.fail).told(LIBRARY.protocol).past
    assert [hurt.level for hurt in past.hurt] == [5]
