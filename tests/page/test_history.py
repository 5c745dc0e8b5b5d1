"""How sessions went, on the page."""

import csv
import io
import json

from tests.page.pages import Pages, text
from tests.report.journals import as_full_as_can_be, realistic


def test_before_the_first_session_there_is_nothing_to_be_ashamed_of(pages: Pages) -> None:
    assert "No session yet." in text(pages.get("history"))
    assert pages.get("report").status_code == 200


def test_the_newest_sessions_are_seen_with_pain_and_what_hurt(pages: Pages) -> None:
    realistic(pages.places)
    shown = text(pages.get("history"))
    assert "28 Nov 2026, 18:34" in shown
    assert "Knee rolls 6 into the leg" in shown
    assert "8 Sep 2026" not in shown
    assert "8 Sep 2026" in text(pages.get("history?all"))


def test_the_drawings_say_in_words_what_they_show(pages: Pages) -> None:
    realistic(pages.places)
    shown = text(pages.get("history"))
    assert "in the last 30 sessions. Before the first of them it was 5, before the last 2." in shown
    assert "Minutes in each of the last 12 weeks:" in shown


def test_the_fullest_journal_is_shown(pages: Pages) -> None:
    as_full_as_can_be(pages.places, sessions=60)
    for path in ("", "history", "history?all", "report", "profile", "program/full"):
        assert pages.get(path).status_code == 200


def test_the_sheet_alone_brings_its_own_style_and_no_script(pages: Pages) -> None:
    realistic(pages.places)
    policy = pages.get("report").headers["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in pages.get("history").headers["Content-Security-Policy"]


def test_copies_are_whole(pages: Pages) -> None:
    realistic(pages.places)
    assert len(json.loads(pages.get("history/json").text)) == 30
    assert len([*csv.reader(io.StringIO(pages.get("history/csv").text))]) == 31
    assert len(json.loads(pages.get("history/export").text)["sessions"]) == 30
    assert "attachment" in pages.get("history/export").headers["Content-Disposition"]


def test_a_journal_that_cannot_be_read_is_told_and_left_alone(pages: Pages) -> None:
    pages.places.journal.parent.mkdir(parents=True)
    pages.places.journal.write_bytes(b"no journal")
    for path in ("", "history", "profile", "report"):
        answer = pages.get(path)
        assert answer.status_code == 422
        assert "journal.sqlite3 cannot be read" in text(answer)
    assert pages.places.journal.read_bytes() == b"no journal"
