"""Deleting leaves no trace, except of what keeps the coach locked."""

import sqlite3
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.report.journals import hurt, played
from voicecoach.care import Outcome
from voicecoach.session.facts import AdviceGiven, AnswerGiven
from voicecoach.storage import (
    AlreadyRunning,
    Earlier,
    Forgotten,
    Journal,
    JournalError,
    Places,
    alone,
    forget,
)

SECRET = "unmistakable"
ADVICE = AdviceGiven(Outcome.EMERGENCY)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.inside(tmp_path)


def day(n: int) -> datetime:
    return datetime(2026, 11, n, 9)


def session(places: Places, n: int, outcome: Outcome = Outcome.COMPLETED, screened: bool = True) -> str:
    facts = (*hurt(SECRET, 7), AnswerGiven("injury", "yes"), *((ADVICE,) if outcome in LOCKS else ()))
    return played(places, day(n), *facts, outcome=outcome, screened=screened, words=SECRET)


LOCKS = (Outcome.EMERGENCY, Outcome.TODAY, Outcome.UNANSWERED, Outcome.LOCKED)


def deleted(places: Places, before: date | None = None) -> Forgotten:
    return forget(places.journal, places.spares[:1], before)


def earlier(places: Places) -> Earlier:
    return Journal(places.journal, pytest.fail, places.spares[:1]).earlier()


def kept(places: Places, query: str) -> list[Any]:
    with closing(sqlite3.connect(places.journal)) as db:
        return [row[0] for row in db.execute(query)]


def traces(places: Places) -> list[str]:
    """Files of the user in which what was deleted still lies."""
    files = [p for folder in (places.data, places.cache) for p in folder.rglob("*") if p.is_file()]
    return [path.name for path in files if SECRET.encode() in path.read_bytes()]


def test_everything_goes_and_no_byte_of_it_is_left_on_the_disk(places: Places) -> None:
    for n in range(1, 6):
        session(places, n)
    played(places, day(6), profile={"consulted": "yes"}, words=SECRET)
    assert traces(places)
    assert deleted(places) == Forgotten(6, 1)
    assert traces(places) == []
    for table in ("events", "sessions", "profile"):
        assert kept(places, f"SELECT COUNT(*) FROM {table}") == [0]
    assert earlier(places) == Earlier(first_run=True, locked=False)


def test_the_file_keeps_no_empty_pages_in_which_something_older_could_lie(places: Places) -> None:
    for n in range(1, 29):
        session(places, n)
    played(places, day(29))
    before = places.journal.stat().st_size
    deleted(places, date(2026, 11, 29))
    assert kept(places, "PRAGMA freelist_count") == [0]
    assert places.journal.stat().st_size < before


def test_what_began_before_a_day_goes_and_the_answers_about_oneself_stay(places: Places) -> None:
    played(places, day(1), profile={"consulted": "yes"})
    for n in (2, 3, 4):
        session(places, n)
    assert deleted(places, date(2026, 11, 3)) == Forgotten(2, 0)
    assert kept(places, "SELECT session FROM sessions ORDER BY rowid") == [
        "2026-11-03T09:00:00.000", "2026-11-04T09:00:00.000"
    ]  # fmt: skip
    assert {s[:10] for s in kept(places, "SELECT session FROM events")} == {"2026-11-03", "2026-11-04"}
    assert kept(places, "SELECT question FROM profile") == ["consulted"]


@pytest.mark.parametrize("outcome", LOCKS)
@pytest.mark.parametrize("before", [None, date(2027, 1, 1)])
def test_a_lock_stays_with_its_session_whatever_is_deleted(
    places: Places, outcome: Outcome, before: date | None
) -> None:
    played(places, day(1), profile={"consulted": "yes"}, words=SECRET)
    locking = session(places, 2, outcome)
    events = kept(places, f"SELECT data FROM events WHERE session = '{locking}' ORDER BY n")
    session(places, 3, Outcome.INTERRUPTED, screened=False)
    assert earlier(places).locked
    assert deleted(places, before) == Forgotten(2, 0, locked=locking)
    assert earlier(places).locked
    assert kept(places, "SELECT session FROM sessions") == [locking]
    assert kept(places, "SELECT data FROM events ORDER BY n") == events
    assert kept(places, "SELECT question FROM profile") == ["consulted"]
    assert deleted(places, before) == Forgotten(0, 0, locked=locking), "however often"
    assert earlier(places).locked


def test_a_lock_that_was_released_is_deleted_like_anything_else(places: Places) -> None:
    session(places, 1, Outcome.EMERGENCY)
    session(places, 2)
    assert deleted(places) == Forgotten(2, 0)
    assert traces(places) == []


def test_deleting_what_came_before_does_not_bring_an_old_lock_back_nor_lose_a_new_one(places: Places) -> None:
    session(places, 1, Outcome.EMERGENCY)
    session(places, 2)
    assert deleted(places, date(2026, 11, 2)).locked == ""
    assert not earlier(places).locked
    session(places, 3, Outcome.TODAY)
    assert deleted(places, date(2026, 12, 1)).locked == "2026-11-03T09:00:00.000"
    assert earlier(places).locked


def test_a_clock_that_was_set_back_deletes_no_lock(places: Places) -> None:
    session(places, 9)
    locking = session(places, 3, Outcome.EMERGENCY)
    assert deleted(places, date(2026, 11, 5)).locked == locking
    assert earlier(places).locked


def test_a_session_that_crashed_in_a_safety_stop_locks_and_stays(places: Places) -> None:
    session(places, 1)
    crashed = Journal(places.journal, pytest.fail, (), day(2))
    crashed.record(0, "PainReported", {"words": SECRET, "exercise": "bridge", "report": 1})
    crashed.flush()
    assert deleted(places).locked == crashed.began
    assert earlier(places).locked


def test_what_waits_in_a_spare_goes_and_its_lock_stays(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicecoach.storage.journal._BUSY_S", 0.05)
    session(places, 1)
    for n, outcome in ((2, Outcome.COMPLETED), (3, Outcome.EMERGENCY)):
        with closing(sqlite3.connect(places.journal)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused = Journal(places.journal, lambda _: None, places.spares[:1], day(n))
            refused.record(0, "Heard", {"text": SECRET})
            refused.record(1, "AdviceGiven", asdict(AdviceGiven(outcome)))
            assert refused.flush(), "an attempt still waiting would succeed once the lock is free"
            refused._spare()
    assert len(list(places.spares[0].iterdir())) == 2
    done = deleted(places)
    assert done.locked == day(3).isoformat(timespec="milliseconds")
    assert list(places.spares[0].iterdir()) == []
    assert earlier(places).locked


def test_while_a_session_is_played_nothing_is_deleted(places: Places) -> None:
    session(places, 1)
    lock = alone(places.data)
    assert lock is not None
    try:
        with pytest.raises(AlreadyRunning, match=r"Nothing was deleted.*End it first"):
            deleted(places)
    finally:
        lock.release()
    assert traces(places)
    assert deleted(places).sessions == 1, "and afterwards it is"
    again = alone(places.data)
    assert again is not None, "the coach can be started again"
    again.release()


@pytest.mark.fault("the journal refuses in the middle of deleting", "all of it is still there")
def test_a_refusal_in_the_middle_leaves_everything(places: Places) -> None:
    session(places, 1)
    played(places, day(2), profile={"consulted": "yes"})
    with closing(sqlite3.connect(places.journal)) as db:
        db.execute(
            "CREATE TRIGGER refuses BEFORE DELETE ON profile BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        db.commit()
    before = kept(places, "SELECT data FROM events")
    with pytest.raises(JournalError, match=r"Nothing was deleted.*disk full"):
        deleted(places)
    assert kept(places, "SELECT data FROM events") == before
    assert kept(places, "SELECT COUNT(*) FROM sessions") == [2]


@pytest.mark.fault("the journal that is to be deleted cannot be read", "it is not touched, and that is said")
def test_a_journal_that_cannot_be_read_is_not_touched(places: Places) -> None:
    places.data.mkdir()
    places.journal.write_text(SECRET * 100)
    with pytest.raises(JournalError, match="cannot be read"):
        deleted(places)
    assert places.journal.read_text() == SECRET * 100


def test_a_journal_that_was_set_aside_is_named_and_left(places: Places) -> None:
    session(places, 1)
    aside = places.data / "journal-set-aside-20261101-090000.sqlite3"
    aside.write_text("old")
    assert deleted(places).set_aside == (aside.name,)
    assert aside.exists()


def test_where_there_is_nothing_nothing_is_deleted_and_no_folder_made(places: Places) -> None:
    assert deleted(places) == Forgotten(0, 0)
    assert not places.data.exists()


def test_somebody_who_reads_the_journal_is_told_of_traces_that_may_be_left(places: Places) -> None:
    session(places, 1)
    with closing(sqlite3.connect(places.journal)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM events").fetchone()
        with pytest.raises(JournalError, match=r"1 sessions were deleted.*Traces may be left"):
            deleted(places)
    assert deleted(places).sessions == 0
    assert traces(places) == []
