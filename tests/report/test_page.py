"""The sheet for a health professional: one page, the same bytes, nothing that runs or is fetched."""

import os
import re
import subprocess
import sys
from datetime import date, datetime
from html import unescape
from pathlib import Path

import pytest

from tests.report import browser, journals
from tests.report.journals import FIRST, FLOOR, as_full_as_can_be, hurt, played, realistic
from voicecoach.care import Outcome
from voicecoach.library import Library, Own
from voicecoach.report.page import NOTICE, page
from voicecoach.report.sheet import WEEKS, sheet
from voicecoach.session.facts import AnswerGiven, ExerciseDone
from voicecoach.storage import Places, record_of
from voicecoach.testing import LIBRARY

ROOT = Path(__file__).resolve().parents[2]
in_browser = pytest.mark.skipif(browser.PROGRAM is None, reason="there is no Chromium on this computer")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.inside(tmp_path)


def made(
    places: Places, until: date | None = None, conditions: tuple[str, ...] = (), library: Library = LIBRARY
) -> str:
    record = record_of(places.journal, places.spares[:1], library.protocol)
    return page(sheet(record, library, "floor", conditions, until))


def text_of(html: str) -> str:
    """What a reader sees, without what belongs to the markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html.split("</style>")[1])))


@in_browser
@pytest.mark.parametrize("journal", [realistic, as_full_as_can_be])
def test_the_sheet_is_printed_on_one_side_of_a4(
    places: Places, tmp_path: Path, journal: journals.Maker
) -> None:
    """Also two hundred sessions in which everything hurt, with every red flag and condition there is."""
    out = tmp_path / "report.html"
    out.write_text(made(journal(places), conditions=("osteoporosis",)), "utf-8")
    assert browser.printed_pages(out) == 1


@in_browser
def test_names_of_any_length_leave_it_one_page(places: Places, tmp_path: Path) -> None:
    for n in range(40):
        began = datetime(2026, 10, 1 + n % 28, n % 24)
        played(places, began, *hurt("long name " * 40, 5, spread="no"), program="p" * 300, pain=3)
    out = tmp_path / "report.html"
    out.write_text(made(places), "utf-8")
    assert browser.printed_pages(out) == 1


def test_the_same_journal_gives_the_same_bytes_in_every_process_and_on_every_day(
    places: Places, tmp_path: Path
) -> None:
    as_full_as_can_be(places, 40)
    pages = []
    for seed in ("1", "2"):  # for the order of sets
        env = {
            **os.environ,
            "VOICECOACH_HOME": str(tmp_path),
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(ROOT),
        }
        out = tmp_path / f"{seed}.html"
        subprocess.run([sys.executable, "-m", "voicecoach", "report", str(out)], env=env, check=True)
        pages.append(out.read_bytes())
    assert pages[0] == pages[1] == made(places).encode("utf-8")
    assert made(places, until=date(2026, 9, 26)) == made(places), "the day of the last session is the default"
    assert made(places, until=date(2026, 9, 20)) != made(places)


def test_an_earlier_day_knows_nothing_of_what_came_later(places: Places) -> None:
    realistic(places)
    early = text_of(made(places, until=date(2026, 11, 1)))
    assert "Knee to chest" in early
    assert "red flags: no yes" in early
    assert "red flag: yes" in text_of(made(places))
    assert "4 Nov 2026" not in early


def test_it_says_who_has_not_looked_at_it(places: Places) -> None:
    for html in (made(places), made(realistic(places))):
        assert NOTICE in html
    assert "No clinician has reviewed this program" in NOTICE
    assert "what the user told" in NOTICE
    assert "not a finding" in NOTICE


@pytest.mark.parametrize("journal", [realistic, as_full_as_can_be])
def test_it_claims_nothing_that_only_a_professional_could(places: Places, journal: journals.Maker) -> None:
    words = text_of(made(journal(places)))
    assert re.findall(r"(?i)\b(?:treat|heal(?!th)|cure|diagnos|improv|recover)\w*", words) == []


def test_nothing_the_user_said_in_their_own_words_is_on_it(places: Places) -> None:
    html = made(realistic(places))
    assert "killing" not in html
    assert "it hurts" not in html


def test_a_page_fetches_nothing_and_runs_nothing(places: Places) -> None:
    html = made(realistic(places))
    assert re.findall(r"(?i)<(script|link|img|iframe|object|embed|form|base)\b", html) == []
    assert re.findall(r"(?i)\b(src|href|action|on\w+)\s*=", html) == []
    assert re.findall(r"(?i)url\(|@import|https?:", html) == []
    assert "default-src 'none'" in html


def test_whatever_a_name_holds_is_text_and_no_markup(places: Places) -> None:
    """A program may be a file of anybody's."""
    places.own_programs.mkdir(parents=True)
    evil = '<script>alert("1")</script>'
    (places.own_programs / "mine.toml").write_text(
        f"name = '{evil}'\ndescription = 'x'\nexercises = [{{ id = 'bridge' }}]\n"
    )
    library = Library(Own(places.own_programs, places.own_packs))
    played(places, datetime(2026, 11, 2, 9), *hurt("<img src=x>", 3), program="mine", pain=3)
    html = made(places, library=library)
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(&quot;1&quot;)" in html
    assert "&lt;img src=x&gt;" in html


def test_a_journal_without_a_session_gives_a_page_that_says_so(places: Places) -> None:
    for until in (None, FIRST):
        assert "no session" in text_of(made(places, until))
    realistic(places)
    assert "no session until 1 Jan 2026" in text_of(made(places, date(2026, 1, 1)))


def test_every_red_flag_of_all_the_time_has_its_question_and_its_day(places: Places) -> None:
    """Also one from before the weeks of the sheet, and one that was answered no later in the same session."""
    flags = [AnswerGiven("both_legs", "yes"), AnswerGiven("both_legs", "no")]
    played(places, datetime(2026, 1, 5, 9), *flags, outcome=Outcome.EMERGENCY, pain=3)
    played(places, datetime(2026, 11, 2, 9), AnswerGiven("unwell", "unanswered"), pain=3)
    words = text_of(made(places))
    assert "Any new pain in both legs? 5 Jan 2026 (emergency)" in words
    assert "Any new fever, or feeling unwell? 2 Nov 2026 (no answer; completed)" in words


def test_a_lock_is_the_first_thing_one_reads(places: Places) -> None:
    played(places, datetime(2026, 11, 2, 9), outcome=Outcome.EMERGENCY, pain=3)
    played(places, datetime(2026, 11, 3, 9), outcome=Outcome.LOCKED, screened=False)
    assert "locked since 3 Nov 2026: locked" in text_of(made(places)).split("What hurt")[0]
    played(places, datetime(2026, 11, 4, 9), pain=3)
    assert "locked since" not in text_of(made(places))


def test_a_report_of_pain_has_its_exercise_level_and_direction(places: Places) -> None:
    told = hurt("knee_rolls", 6, spread="yes", further_down="yes")
    played(places, datetime(2026, 11, 2, 9), *told, outcome=Outcome.ENDED_BY_PAIN, pain=2)
    html = made(places)
    assert "2 Nov 2026 Knee rolls 6 yes yes ended by pain" in text_of(html)
    assert "Left out: Knee rolls (hurt on 2 Nov 2026, level 6" in text_of(html)


def test_doses_that_were_raised_or_lowered_are_told(places: Places) -> None:
    day = iter(range(1, 20))
    for _ in range(3):
        played(places, datetime(2026, 11, next(day), 9), *map(ExerciseDone, FLOOR), pain=2)
    step = AnswerGiven("step", "yes")
    played(places, datetime(2026, 11, next(day), 9), step, *map(ExerciseDone, FLOOR), pain=2)
    words = text_of(made(places))
    assert "Raised in small steps: Cat and cow 10 breaths → 11 breaths" in words
    for _ in range(2):
        mild = hurt("bridge", 2, spread="no")
        played(places, datetime(2026, 11, next(day), 9), *mild, *map(ExerciseDone, FLOOR), pain=2)
    assert "Lowered after pain: Bridge 8 × 5 s → 8 × 3 s" in text_of(made(places))


def test_conditions_that_were_told_or_set_are_on_it_with_what_they_leave_out(places: Places) -> None:
    played(places, datetime(2026, 11, 2, 9), pain=2, profile={"disc_problem": "yes", "consulted": "no"})
    words = text_of(made(places, conditions=("pregnancy",)))
    assert "Conditions: disc problem (2 Nov 2026), pregnancy (in the settings)" in words
    assert "asked a health professional about exercising? no" in words
    assert "Left out: Knee to chest ( disc problem; pregnancy)".replace("( ", "(") in words


def test_a_week_without_a_session_is_a_week_of_0_and_no_reproach(places: Places) -> None:
    words = text_of(made(realistic(places)))
    assert "19 Oct 0 0" in words
    assert re.findall(r"(?i)missed|streak|only|failed|skipped|lapse", words) == []


def test_what_is_older_than_the_weeks_of_the_sheet_is_one_line(places: Places) -> None:
    realistic(places)
    words = text_of(made(places))
    assert f"The sheet shows the newest {WEEKS} weeks. Until 4 Oct 2026: 10 sessions in 4 weeks" in words
    assert words.count("The sheet shows") == 1
    assert "How they ended: completed 17, finished early 1, ended by pain 1, see a doctor today 1" in words
