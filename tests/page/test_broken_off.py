"""What the page says when the session, or its own way to it, is lost."""

from pathlib import Path

import pytest

from tests.page.browsing import needs_browser
from tests.page.moments import MOMENTS, page_of, put_on

pytestmark = [needs_browser, pytest.mark.xdist_group("page")]


@pytest.mark.fault(
    "the session is killed in a safety stop", "the page keeps the emergency number, and begins nothing anew"
)
def test_a_session_that_breaks_off_in_a_safety_stop_leaves_the_number(tmp_path: Path) -> None:
    with page_of(tmp_path) as (page, control):
        put_on(control, MOMENTS["safety"]())
        page.locator("#question:visible").wait_for()
        control.close()
        page.locator("#over").wait_for()
        assert page.locator("body").get_attribute("data-mode") == "alarm"
        assert page.locator("#call").inner_text().split() == ["Emergency", "112"]
        assert "Stay still" in page.inner_text("#caption")
        page.reload()
        page.locator("#over").wait_for()  # nor is it shown as alive after a reload
        assert page.locator("#stop").is_hidden()


def test_a_word_that_does_not_arrive_is_not_passed_over(tmp_path: Path) -> None:
    with page_of(tmp_path) as (page, _):
        page.route("**/give", lambda route: route.fulfill(status=409))
        page.locator("#stop").click()
        page.get_by_text("did not reach the session").wait_for()
