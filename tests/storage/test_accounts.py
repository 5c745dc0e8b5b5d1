"""What the journal holds is read whole, and nothing on the disk is changed by it."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from tests.report.journals import hurt, played, realistic
from voicecoach.care import Outcome
from voicecoach.language import Command
from voicecoach.session.facts import AnswerGiven, PainReported, TakenBack
from voicecoach.storage import Journal, JournalError, Places, alone, everything, record_of
from voicecoach.storage.accounts import Report
from voicecoach.testing import LIBRARY

STORED = Path(__file__).parent / "journal_version_0.sql"
DAY = datetime(2026, 11, 2, 9)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places.inside(tmp_path)
    found.journal.parent.mkdir()
    return found


def test_each_report_of_pain_has_the_answers_of_its_own_safety_stop(places: Places) -> None:
    first = hurt("bridge", 3, spread="no")
    second = hurt("knee_rolls", 5, report=2, spread="yes", further_down="unanswered")
    played(places, DAY, *first, *second, AnswerGiven("afterwards", 4), AnswerGiven("effort", "unanswered"))
    (account,) = record_of(places.journal, (), LIBRARY.protocol).accounts
    assert account.reports == (
        Report("bridge", 3, "no", None),
        Report("knee_rolls", 5, "yes", "unanswered"),
    )
    assert account.number("afterwards") == 4
    assert account.number("effort") is None
    assert account.skipped("effort")


def test_a_report_that_was_taken_back_is_none(places: Places) -> None:
    played(places, DAY, PainReported("ouch", "bridge", 1), TakenBack(Command.PAIN))
    (account,) = record_of(places.journal, (), LIBRARY.protocol).accounts
    assert account.reports == ()


def test_every_answer_is_kept_in_its_order_not_only_the_last(places: Places) -> None:
    played(places, DAY, AnswerGiven("both_legs", "yes"), AnswerGiven("both_legs", "no"))
    (account,) = record_of(places.journal, (), LIBRARY.protocol).accounts
    assert account.given == (("both_legs", "yes"), ("both_legs", "no"))


def test_reading_changes_no_byte_of_a_journal_of_an_earlier_version(places: Places) -> None:
    with closing(sqlite3.connect(places.journal)) as db:
        db.executescript(STORED.read_text("utf-8"))
    before = places.journal.read_bytes()
    accounts = record_of(places.journal, (), LIBRARY.protocol).accounts
    assert [a.past.outcome for a in accounts] == [Outcome.COMPLETED, Outcome.ENDED_BY_PAIN]
    assert accounts[1].reports[0].exercise == "pelvic_tilt"
    assert places.journal.read_bytes() == before


def test_a_session_that_is_being_played_can_be_read_and_goes_on(places: Places) -> None:
    realistic(places)
    lock = alone(places.data)
    assert lock is not None
    running = Journal(places.journal, pytest.fail, places.spares[:1])
    running.earlier()
    running.record(100, "PainReported", {"words": "ouch", "exercise": "bridge", "report": 1})
    assert len(record_of(places.journal, (), LIBRARY.protocol).accounts) == 30, "those that have ended"
    (last,) = [s for s in everything(places.journal, ())["sessions"] if not s["ended"]]
    assert [event["kind"] for event in last["events"]] == ["PainReported"]
    running.record(200, "Heard", {"text": "no"})
    assert running.flush()
    lock.release()


def test_a_session_killed_after_pain_locks_for_a_reader_too_though_no_start_has_given_it_its_row(
    places: Places,
) -> None:
    realistic(places)
    killed = Journal(places.journal, pytest.fail, places.spares[:1])
    killed.earlier()
    killed.record(100, "PainReported", {"words": "ouch", "exercise": "bridge", "report": 1})
    assert killed.flush()
    found = record_of(places.journal, (), LIBRARY.protocol)
    assert found.locking is not None
    assert found.locking.outcome == Outcome.UNANSWERED.value
    assert found.accounts[-1].reports[0].exercise == "bridge"


def test_what_waits_in_a_spare_is_read_and_stays_there(places: Places) -> None:
    played(places, DAY)
    spares = places.spares[:1]
    with closing(sqlite3.connect(places.journal)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = Journal(places.journal, lambda _: None, spares, datetime(2026, 11, 3, 9))
        refused.keep("consulted", "yes")
        refused.record(100, "Heard", {"text": "no"})
        assert refused.flush()
        refused._spare()
    found = everything(places.journal, spares)
    assert [(s["session"][:10], s["ended"]) for s in found["sessions"]] == [
        ("2026-11-02", True),
        ("2026-11-03", False),
    ]
    assert [answer["question"] for answer in found["answers"]] == ["consulted"]
    assert len(list(spares[0].iterdir())) == 1


@pytest.mark.parametrize("damage", ["no journal", "of a later version", "a record"])
def test_a_journal_that_cannot_be_read_is_left_as_it_is(places: Places, damage: str) -> None:
    if damage == "no journal":
        places.journal.write_text("no journal " * 100)
    else:
        played(places, DAY, AnswerGiven("afterwards", 4))
        with closing(sqlite3.connect(places.journal)) as db:
            if damage == "a record":
                db.execute("UPDATE events SET data = 'no JSON'")
            else:
                db.execute("PRAGMA user_version = 99")
            db.commit()
    before = places.journal.read_bytes()
    for read in (
        lambda: record_of(places.journal, (), LIBRARY.protocol),
        lambda: everything(places.journal, ()),
    ):
        with pytest.raises(JournalError, match=r"cannot be read .* left as it is"):
            read()
    assert places.journal.read_bytes() == before


def test_without_a_journal_nothing_is_known_and_none_is_made(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "journal.sqlite3"
    assert record_of(path, (), LIBRARY.protocol).accounts == ()
    assert everything(path, ())["sessions"] == []
    assert list(tmp_path.iterdir()) == []


def test_a_start_that_was_broken_off_before_its_questions_releases_no_lock(places: Places) -> None:
    """The page once looked at the last session alone, and said nothing of the lock."""
    played(places, DAY, outcome=Outcome.EMERGENCY)
    locked = played(places, DAY.replace(day=3), outcome=Outcome.UNANSWERED)
    played(places, DAY.replace(day=4), outcome=Outcome.INTERRUPTED, screened=False)
    found = record_of(places.journal, (), LIBRARY.protocol).locking
    assert found is not None
    assert found.began == locked
    played(places, DAY.replace(day=5))
    assert record_of(places.journal, (), LIBRARY.protocol).locking is None
