"""The live page is readable from the floor, in any window, and usable without being seen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.page.browsing import needs_browser
from tests.page.floor import SETTLE_MS
from tests.page.moments import MOMENTS, page_of, put_on
from voicecoach.control import Control

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Page

pytestmark = [needs_browser, pytest.mark.xdist_group("page")]

WINDOWS = {"full": (1920, 1080), "laptop": (1280, 720), "phone": (390, 844), "enlarged": (640, 360)}
"""Enlarged: a laptop's window at 200 %."""


class Sight:
    def __init__(self, page: "Page", control: Control) -> None:
        self.page, self.control = page, control

    def of(self, moment: str, window: str = "laptop") -> "Page":
        """The page at a moment; what moves has arrived."""
        from playwright.sync_api import expect

        width, height = WINDOWS[window]
        self.page.set_viewport_size({"width": width, "height": height})
        put_on(self.control, MOMENTS[moment]())
        body = {
            "safety": "alarm",
            "advice": "alarm",
            "deaf": "paused",
            "question": "intake",
            "number": "intake",
        }
        mode = body.get(moment, moment if moment in ("paused", "stopped") else "moving")
        expect(self.page.locator("body")).to_have_attribute("data-mode", mode)
        self.page.wait_for_timeout(200)
        return self.page


@pytest.fixture(scope="module")
def sight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sight]:
    with page_of(tmp_path_factory.mktemp("page")) as (page, control):
        yield Sight(page, control)


def box(page: "Page", place: str) -> "FloatRect":
    found = page.locator(place).bounding_box()
    assert found is not None, place
    return found


@pytest.mark.parametrize("window", ["full", "laptop", "phone"])
def test_digits_are_a_tenth_of_the_height_and_stop_a_quarter_of_the_page(sight: Sight, window: str) -> None:
    page = sight.of("hold", window)
    width, height = WINDOWS[window]
    font = page.locator("#digit").evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
    assert 0.7 * font >= height / 10, "digits are seven tenths as high as their font"
    stop = box(page, "#stop")
    assert stop["width"] * stop["height"] >= 0.24 * width * height


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_is_cut_off(sight: Sight, moment: str, window: str) -> None:
    """STOP is in sight, and what does not fit can be scrolled to, never sideways."""
    page = sight.of(moment, window)
    width, height = WINDOWS[window]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for place in page.locator("main :is(h1, h2, p, button):visible").all():
        wide = place.evaluate("each => [each.scrollWidth - each.clientWidth, each.textContent]")
        assert wide[0] <= 1, wide
        found = place.bounding_box()
        assert found is not None
        assert found["x"] >= 0
        assert found["x"] + found["width"] <= width + 1
    if window != "enlarged":
        stop = box(page, "#stop")
        assert stop["y"] + stop["height"] <= height, "STOP can be reached without scrolling"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_axe_finds_nothing_serious(sight: Sight, moment: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    sight.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page = sight.of(moment)
    page.wait_for_timeout(400)  # colours change softly
    found = Axe().run(page).response["violations"]
    grave = [
        (each["id"], [n["html"] for n in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert grave == []


def test_the_drawing_moves_into_the_hold(sight: Sight) -> None:
    page = sight.of("rest")
    page.locator("#picture svg").wait_for()
    page.wait_for_timeout(2000)
    lying = page.locator("#picture svg").inner_html()
    page = sight.of("hold")
    page.wait_for_timeout(2000)
    assert page.locator("#picture svg").inner_html() != lying
    assert page.locator("#picture svg").get_attribute("aria-label") == "Bridge"


def test_what_changes_every_second_is_not_read_out(sight: Sight) -> None:
    """A screen reader would talk over the coach, who says it all."""
    page = sight.of("hold")
    for place in ("#digit", "#caption", "#picture"):
        assert page.locator(place).get_attribute("aria-hidden") == "true"
    assert page.locator("#notice").get_attribute("role") == "alert"


def test_a_deaf_coach_is_seen_to_be_deaf(sight: Sight) -> None:
    page = sight.of("deaf")
    assert "cannot hear you" in page.inner_text("#ear")


def test_an_answer_is_given_to_the_question_that_was_seen(sight: Sight) -> None:
    given: list[tuple[str, str | None]] = []
    sight.control._give = lambda command, source, asking: given.append((command.value, asking))
    sight.of("hold")
    page = sight.of("safety")
    page.locator("[data-command=one]").click()  # the second press of a finger that trembles
    page.keyboard.press("1")
    page.wait_for_timeout(SETTLE_MS)
    page.locator("[data-command=two]").click()
    page.locator("#stop").click()
    page.keyboard.press("4")
    page.wait_for_timeout(500)
    assert given == [("two", "level"), ("stop", None), ("four", "level")]
