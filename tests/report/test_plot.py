"""Pain and minutes as a picture: of no session, of one, and of many."""

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.report.journals import as_full_as_can_be, played, realistic
from voicecoach.report import plot
from voicecoach.report.weeks import Week, weeks
from voicecoach.session.facts import AnswerGiven
from voicecoach.storage import Account, Places, record_of
from voicecoach.testing import LIBRARY

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.inside(tmp_path)


def accounts(places: Places) -> tuple[Account, ...]:
    return record_of(places.journal, (), LIBRARY.protocol).accounts


def test_of_no_session_there_is_nothing_to_plot(places: Places) -> None:
    assert list(plot.as_text(accounts(places))) == [plot.NOTHING]
    assert plot.as_png(accounts(places)).startswith(PNG)
    assert weeks(accounts(places), date(2026, 11, 4), 8) == ()


def test_one_session_is_one_column_and_one_week(places: Places) -> None:
    played(places, datetime(2026, 11, 4, 9), AnswerGiven("afterwards", 2), pain=5, minutes=20)
    lines = list(plot.as_text(accounts(places)))
    assert lines[1:12] == [
        " 10 |", "  9 |", "  8 |", "  7 |", "  6 |", "  5 |○", "  4 |", "  3 |", "  2 |●", "  1 |", "  0 |"
    ]  # fmt: skip
    assert lines[13].strip() == "2026-11-04"
    assert lines[-1] == f"2026-11-02  {'█' * 40}  20 min, 1 session"
    assert plot.as_png(accounts(places)).startswith(PNG)


def test_many_sessions_fit_a_terminal(places: Places) -> None:
    as_full_as_can_be(places)
    lines = list(plot.as_text(accounts(places)))
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 30
    assert plot.as_png(accounts(places)).startswith(PNG)


def test_a_session_of_which_no_pain_was_told_has_no_mark(places: Places) -> None:
    played(places, datetime(2026, 11, 4, 9), AnswerGiven("afterwards", "unanswered"))
    assert next(iter(plot.as_text(accounts(places)))) == "Minutes a week"


def test_a_terminal_that_knows_ascii_alone_shows_the_same(places: Places) -> None:
    realistic(places)
    unicode, plain = (list(plot.as_text(accounts(places), unicode=u)) for u in (True, False))
    assert "\n".join(plain).isascii()
    assert len(plain) == len(unicode)


def test_a_week_without_a_session_is_there_with_0(places: Places) -> None:
    for day in (datetime(2026, 11, 1, 23, 59), datetime(2026, 11, 9, 0, 0), datetime(2026, 11, 15, 23)):
        played(places, day, minutes=10)
    played(places, datetime(2026, 11, 15, 12), minutes=2, screened=False)  # nothing moved
    assert weeks(accounts(places), date(2026, 11, 15), 8) == (
        Week(date(2026, 10, 26), 1, 10),
        Week(date(2026, 11, 2), 0, 0),
        Week(date(2026, 11, 9), 2, 20),
    )
    assert "2026-11-02" + " " * 43 + "  0 min, 0 sessions" in list(plot.as_text(accounts(places)))
