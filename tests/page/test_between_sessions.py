"""The pages between sessions in a real browser: clicked through, and looked at as people see them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.page.browsing import Server, chromium, needs_browser
from tests.report.journals import realistic
from voicecoach.own import Kind, begin
from voicecoach.storage import Places

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [needs_browser, pytest.mark.xdist_group("between sessions")]

PAGES = ("", "try", "profile", "history", "own", "settings", "program/floor", "exercise/bird_dog")
SIZES = ((360, 740), (1280, 720))


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with chromium() as browser:
        yield browser


class Seen:
    """A user's page: its address, and where its files are."""

    def __init__(self, browser: "Browser", server: Server, places: Places) -> None:
        self.browser, self.places = browser, places
        page = browser.new_page()
        page.goto(server.address)
        self.root = page.url.rstrip("/")
        page.close()

    def page(self, path: str, width: int = 1280, height: int = 720, **options: Any) -> "Page":
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.goto(f"{self.root}/{path}")
        return page


@pytest.fixture(scope="module")
def old_hand(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Somebody with three months of sessions, a setting that is wrong, and a program that is."""
    home = tmp_path_factory.mktemp("old")
    places = realistic(Places.inside(home))
    begin(places, Kind.PROGRAM, "evening")
    path = begin(places, Kind.PROGRAM, "morning")
    path.write_text(path.read_text("utf-8").replace("hold_s = 5", "hold_s = 500"), "utf-8")
    places.settings.parent.mkdir(parents=True)
    places.settings.write_text("words_a_minute = 300\n", "utf-8")
    with Server(home) as server:
        yield Seen(browser, server, places)


@pytest.fixture
def newcomer(browser: "Browser", tmp_path: Path) -> Iterator[Seen]:
    with Server(tmp_path) as server:
        yield Seen(browser, server, Places.inside(tmp_path))


def test_the_profile_is_answered_by_clicking_and_the_details_appear(newcomer: Seen) -> None:
    page = newcomer.page("profile")
    detail = page.get_by_role("group", name="Are your knees sore?")
    assert detail.count() == 0
    page.get_by_role("group", name="Any trouble with your knees or wrists?").get_by_label("Yes").check()
    detail.wait_for()
    assert page.evaluate("document.activeElement.value") == "yes"  # the keyboard's user is still there
    detail.get_by_label("Not sure").check()
    page.get_by_text("Not sure counts as yes").first.wait_for()
    page.get_by_text("You have: knee problem.").wait_for()


def test_the_profile_is_answered_without_scripts(newcomer: Seen) -> None:
    page = newcomer.page("profile", java_script_enabled=False)
    group = page.get_by_role("group", name="Do you have a known spinal condition or injury?")
    group.get_by_label("Yes").check()
    group.get_by_role("button", name="Save").click()
    assert page.get_by_role("group", name="Is it a disc problem?").count() == 1


def test_the_profile_is_answered_by_the_keyboard_alone(newcomer: Seen) -> None:
    page = newcomer.page("profile")
    page.locator("#q-consulted input:checked").focus()
    page.keyboard.press("ArrowRight")  # from the last round to the first
    page.locator("main .saved").wait_for()
    assert page.locator("#q-consulted input:checked").input_value() == "yes"


def test_a_setting_is_mended_where_it_is_marked(newcomer: Seen) -> None:
    newcomer.places.settings.parent.mkdir(parents=True)
    newcomer.places.settings.write_text("words_a_minute = 300  # too fast\n", "utf-8")
    page = newcomer.page("settings")
    field = page.get_by_label("Words a minute")
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("140")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert newcomer.places.settings.read_text("utf-8") == "words_a_minute = 140  # too fast\n"


def test_without_sound_the_settings_say_what_to_do(newcomer: Seen) -> None:
    """The level's button says why there is none, and the page stays usable."""
    page = newcomer.page("settings")
    page.get_by_role("button", name="Show how loud I am").click()
    page.locator("#heard", has_text=re.compile("microphone|PortAudio|hears|Quiet|Nothing", re.I)).wait_for()


def test_a_session_that_went_well_is_found_in_the_table(old_hand: Seen) -> None:
    page = old_hand.page("history")
    assert page.get_by_role("row").count() == 21
    page.get_by_role("link", name="older ones").click()
    assert page.get_by_role("row").count() == 31
    with page.expect_download() as copy:
        page.get_by_role("link", name="A copy of everything").click()
    assert copy.value.suggested_filename == "voicecoach-journal.json"


def test_the_sheet_is_styled(old_hand: Seen) -> None:
    page = old_hand.page("report")
    assert page.evaluate("getComputedStyle(document.querySelector('.glance')).display") == "flex"


@pytest.mark.parametrize("path", PAGES)
def test_a_screen_reader_and_low_vision_find_no_barrier(old_hand: Seen, path: str) -> None:
    """axe-core, in light and dark, on a phone and on a desk."""
    from axe_playwright_python.sync_playwright import Axe

    for width, height in SIZES:
        for scheme in ("light", "dark"):
            page = old_hand.page(path, width, height, color_scheme=scheme)
            for summary in page.locator("summary").all():
                summary.click()
            found = Axe().run(page).response["violations"]
            grave = [
                (each["id"], node["html"])
                for each in found
                if each["impact"] in ("serious", "critical")
                for node in each["nodes"]
            ]
            assert grave == [], f"{scheme}, {width} px wide"
            page.context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "zoom"), [(360, 1), (1280, 1), (1280, 2), (1280, 4)])
def test_nothing_is_cut_off_on_a_phone_or_when_it_is_made_larger(
    old_hand: Seen, path: str, width: int, zoom: int
) -> None:
    """A browser that enlarges shows the page as to a screen that is smaller by as much."""
    page = old_hand.page(path, width // zoom, 720 // zoom, device_scale_factor=zoom)
    for summary in page.locator("summary").all():
        summary.click()
    assert cut_off(page) == []
    page.context.close()


@pytest.mark.parametrize(("width", "zoom"), [(360, 1), (1280, 2)])
def test_nothing_of_a_first_time_is_cut_off(newcomer: Seen, width: int, zoom: int) -> None:
    assert cut_off(newcomer.page("", width // zoom, 720 // zoom, device_scale_factor=zoom)) == []


def cut_off(page: "Page") -> list[str]:
    """What reaches beyond the right edge, or is hidden by what it is in."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
          .filter((each) => !each.closest(".scroll, .unseen, option"))
          .filter((each) => each.getBoundingClientRect().right > innerWidth + 1
            || (each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX === "hidden"))
          .map((each) => each.outerHTML.slice(0, 100))"""
    )
    return found


def test_the_first_step_of_a_first_time_is_reached_by_one_click(newcomer: Seen) -> None:
    page = newcomer.page("")
    page.get_by_role("link", name="Try it out").click()
    assert page.url.endswith("/try")
