"""The profile on the page: each answer is saved by itself, and what follows is shown."""

import re

from tests.page.pages import Pages, text
from voicecoach.care import Answer
from voicecoach.storage import alone, record_of
from voicecoach.testing import LIBRARY


def kept(pages: Pages) -> dict[str, Answer]:
    record = record_of(pages.places.journal, pages.places.spares, LIBRARY.protocol)
    return {question: kept.answer for question, kept in record.profile.items()}


def chosen(page: str, question: str) -> str:
    """Which answer of a question is marked on the page."""
    form = re.search(rf'id="q-{question}".*?</form>', page, re.DOTALL)
    assert form is not None
    found = re.search(r'value="(\w+)" checked', form[0])
    assert found is not None
    return found[1]


def test_an_answer_is_saved_and_seen_again(pages: Pages) -> None:
    saved = pages.post("profile/consulted", reply="yes")
    assert "Saved." in text(saved)
    assert kept(pages) == {"consulted": "yes"}
    assert chosen(pages.get("profile").text, "consulted") == "yes"


def test_not_sure_counts_as_the_careful_answer_and_that_is_said(pages: Pages) -> None:
    assert "Not sure counts as yes" in text(pages.post("profile/lately", reply="unsure"))
    assert "Not sure counts as no" in text(pages.post("profile/floor", reply="unsure"))
    assert kept(pages) == {"lately": "yes", "floor": "no"}


def test_details_are_asked_after_a_yes_only(pages: Pages) -> None:
    assert "Is it a disc problem?" not in pages.get("profile").text
    assert "Is it a disc problem?" in pages.post("profile/condition", reply="yes").text


def test_an_answer_that_stays_in_force_is_shown_although_what_led_to_it_has_changed(pages: Pages) -> None:
    """Otherwise something would be left out, and nobody could see why."""
    pages.post("profile/condition", reply="yes")
    pages.post("profile/disc_problem", reply="yes")
    assert chosen(pages.post("profile/condition", reply="no").text, "disc_problem") == "yes"


def test_an_answer_can_be_taken_back(pages: Pages) -> None:
    pages.post("profile/limbs", reply="no")
    assert "The coach will ask you" in text(pages.post("profile/limbs", reply="unanswered"))
    assert kept(pages) == {}


def test_an_answer_that_is_not_kept_is_not_said_to_be_saved(pages: Pages) -> None:
    assert "asks you this again" in text(pages.post("profile/number", reply="no"))
    assert kept(pages) == {}


def test_what_an_answer_means_is_shown(pages: Pages) -> None:
    pages.post("profile/limbs", reply="yes")
    told = text(pages.post("profile/knee_problem", reply="yes"))
    assert "You have: knee problem." in told
    assert "is left out" in told


def test_while_a_session_plays_nothing_is_saved_and_that_is_told(pages: Pages) -> None:
    pages.places.data.mkdir(parents=True)
    lock = alone(pages.places.data)
    assert lock is not None
    refused = pages.post("profile/consulted", reply="yes")
    lock.release()
    assert refused.status_code == 409
    assert "This was not saved. Another session is being played" in text(refused)
    assert kept(pages) == {}


def test_a_question_or_a_reply_that_there_is_none_of_is_refused(pages: Pages) -> None:
    assert pages.post("profile/shoe_size", reply="yes").status_code == 404
    assert pages.post("profile/consulted", reply="perhaps").status_code == 404
    assert not pages.places.journal.exists()
