"""A whole session from the page, with real speech on the virtual card, in Debian's Chromium.

Started by a click, led by voice, by clicks and by keys: each does what the other would.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.card.card import Card, needs_card
from tests.page.browsing import Server, chromium, needs_browser, with_program
from tests.page.floor import PATIENCE_MS, SETTLE_MS, Floor, end_session
from voicecoach.care import Outcome
from voicecoach.testing import FIXTURES, prepare_home

pytestmark = [pytest.mark.card, needs_card, needs_browser]
real_time = pytest.mark.slow
"""A browser, a session and a sound card in real time are too much for two busy cores. What a click on STOP
does is tested at every submission (test_readable.py, tests/control)."""

SHORT = FIXTURES / "scenes" / "short.toml"


@pytest.fixture
def floor(card: Card, tmp_path: Path) -> Iterator[Floor]:
    prepare_home({"returning": True, "settings": {"wording": "minimal"}}, tmp_path)
    with_program(tmp_path, SHORT)
    with Server(tmp_path, card.env) as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(server.address)
        try:
            yield Floor(page, card, tmp_path)
        finally:
            end_session(tmp_path)
        assert wrong == []


@real_time
def test_started_by_click_led_by_voice_and_clicks_to_its_end(floor: Floor) -> None:
    floor.page.get_by_role("button", name="Start Short").click()
    floor.until_asked("bladder or bowel")
    floor.click("no")
    floor.until_asked("zero to ten")
    floor.click("two")
    floor.until_hold()
    floor.sees("#name", "Pelvic tilt")
    floor.click("stop")
    floor.until_asked("in pain")
    floor.click("no")
    floor.sees("#name", "Paused")
    floor.page.wait_for_timeout(2500)  # "Good. We pause here." is over
    floor.says("continue")
    floor.until_hold()
    floor.says("next")
    floor.sees("#name", "Bridge")
    floor.until_hold()
    floor.click("pain")
    floor.sees("#name", "Safety stop")
    floor.sees("#call", "112")
    floor.until_asked("How bad")
    floor.click("two")
    for _ in range(6):  # its questions about warning signs
        floor.page.locator("#question:visible").wait_for(timeout=PATIENCE_MS)
        if floor.page.locator("#answers button[data-command='finish']").count():
            break
        asked = floor.page.locator("#question").text_content()
        floor.page.wait_for_timeout(SETTLE_MS)
        floor.click("no")
        floor.page.wait_for_timeout(500)
        if floor.page.locator("#question").text_content() == asked:
            floor.page.wait_for_timeout(3000)
    floor.page.wait_for_timeout(SETTLE_MS)
    floor.click("finish")
    floor.until_asked("zero to ten")
    floor.click("two")
    floor.until_asked("hard")
    floor.click("three")
    assert floor.ended() is Outcome.STOPPED_FOR_PAIN


@real_time
def test_the_keyboard_alone_leads_through_a_session(floor: Floor) -> None:
    button = floor.page.get_by_role("button", name="Start Short")
    button.focus()
    floor.press("Enter")
    floor.until_asked("bladder or bowel")
    floor.press("n")
    floor.until_asked("zero to ten")
    floor.press("1")
    floor.until_hold()
    floor.press("z")  # any key without a meaning stops
    floor.until_asked("in pain")
    floor.press("n")
    floor.sees("#name", "Paused")
    floor.press("Space")
    floor.until_hold()
    floor.press("Tab")  # moves through the page, and stops nothing
    assert floor.page.locator("#name").text_content() == "Pelvic tilt"
    floor.press("n")
    floor.sees("#name", "Bridge")
    floor.press("q")
    floor.until_asked("zero to ten")
    floor.press("2")
    floor.until_asked("hard")
    floor.press("3")
    assert floor.ended() is Outcome.FINISHED_EARLY


def test_a_program_that_cannot_begin_says_why(tmp_path: Path) -> None:
    """Without a loudspeaker nothing would be heard of it."""
    prepare_home({"returning": True}, tmp_path)
    nothing = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PULSE_SERVER": "unix:/nowhere"}
    with Server(tmp_path, nothing) as server, chromium() as browser:
        page = browser.new_page()
        page.goto(server.address)
        page.get_by_role("button", name="Start Gentle").click()
        floor = Floor(page, None, tmp_path)  # type: ignore[arg-type]
        floor.sees("#name", "could not begin")
        floor.sees("#caption", "loudspeaker")
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
