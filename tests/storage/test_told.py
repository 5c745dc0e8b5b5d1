"""What the user has told, read back from the journal of real sessions."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from voicecoach.care import Answer, Hurt, Outcome
from voicecoach.storage import Journal, SessionRow, Told, days_of
from voicecoach.testing import LIBRARY

PROTOCOL = LIBRARY.protocol
MONDAY = datetime(2026, 1, 5, 18)


def session(
    path: Path, now: datetime, *facts: tuple[str, dict[str, object]], outcome: str = "completed"
) -> None:
    journal = Journal(path, pytest.fail, (), now)
    for n, (kind, data) in enumerate(facts):
        journal.record(1000 * n, kind, data)
    journal.close(SessionRow(journal.began, "floor", 60_000, outcome, screened=True))


def told(path: Path) -> Told:
    journal = Journal(path, pytest.fail)
    journal.earlier()
    found = journal.told(PROTOCOL)
    journal.close()
    return found


def told_answer(question: str, given: object) -> tuple[str, dict[str, object]]:
    return "AnswerGiven", {"question": question, "answer": given}


def test_a_session_is_told_as_it_went(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    session(
        path,
        MONDAY,
        told_answer("baseline", 2),
        ("ExerciseDone", {"exercise": "cat_cow"}),
        ("AskedForMore", {"exercise": "bridge"}),
        ("PainReported", {"words": "pain", "exercise": "bridge", "report": 1}),
        told_answer("level", 4),
        told_answer("spread", "yes"),
        told_answer("further_down", "yes"),
        ("PainReported", {"words": "ouch", "exercise": "pelvic_tilt", "report": 2}),
        told_answer("level", 1),
        outcome="ended by pain",
    )
    session(
        path,
        MONDAY + timedelta(days=2),
        ("KnewIt", {"exercise": "cat_cow"}),
        told_answer("afterwards", "unanswered"),
    )
    first, second = told(path).past
    assert first.outcome is Outcome.ENDED_BY_PAIN
    assert first.hurt == (Hurt("bridge", 4, outward=True), Hurt("pelvic_tilt", 1))
    assert (first.done, first.more, second.knew) == (("cat_cow",), ("bridge",), ("cat_cow",))
    assert first.answers["baseline"] == 2
    assert second.day - first.day == 2
    assert first.day == days_of(MONDAY)


def test_only_answers_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path, pytest.fail)
    given: list[tuple[str, Answer]] = [("condition", "yes"), ("floor", "unanswered"), ("number", "no")]
    for question, answer in (*given, ("condition", "no")):
        if PROTOCOL.keeps(question, answer):
            journal.keep(question, answer)
    journal.close()
    assert told(path).profile == {"condition": "no"}


def test_an_answer_that_is_kept_only_if_it_is_yes_is_taken_back_by_a_no(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    answers: tuple[Answer, Answer] = ("yes", "no")
    for given in answers:
        journal = Journal(path, pytest.fail)
        journal.keep("cleared", given)
        journal.close()
        assert told(path).profile == ({"cleared": "yes"} if given == "yes" else {})


def test_a_record_that_makes_no_sense_ends_no_session(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    session(path, MONDAY, ("ExerciseDone", {"something": "else"}))
    said: list[str] = []
    journal = Journal(path, said.append)
    journal.earlier()
    assert journal.told(PROTOCOL) == Told()
    assert "makes no sense" in said[0]
    journal.close()


def test_what_no_disk_took_is_told_by_the_next_session_with_its_lock(tmp_path: Path) -> None:
    """Answers to the first meeting beside a report of pain: neither makes the spare unreadable."""
    spares = (tmp_path / "spares",)
    full = Journal(tmp_path / "full" / "journal.sqlite3", lambda _: None, spares)
    (tmp_path / "full" / "journal.sqlite3").unlink()
    (tmp_path / "full" / "journal.sqlite3").mkdir()
    full.keep("floor", "no")
    full.record(0, "PainReported", {"words": "pain", "exercise": "bridge", "report": 1})
    full.close()
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path, pytest.fail, spares)
    assert journal.earlier().locked
    told = journal.told(PROTOCOL)
    assert told.profile == {"floor": "no"}
    assert [hurt.exercise for past in told.past for hurt in past.hurt] == ["bridge"]
    journal.close()


def test_a_journal_of_version_1_brings_its_first_answers_along(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    session(path, MONDAY, told_answer("consulted", "yes"), told_answer("condition", "unanswered"))
    db = sqlite3.connect(path)
    db.executescript("DROP TABLE profile; DROP INDEX by_kind; PRAGMA user_version = 1")
    db.close()
    assert told(path).profile == {"consulted": "yes"}
