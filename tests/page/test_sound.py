"""Microphone and loudspeaker tried out from the page, on the virtual sound card."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.card.card import Card, needs_card
from tests.page.browsing import Server, chromium, needs_browser

pytestmark = [needs_card, needs_browser, pytest.mark.card, pytest.mark.xdist_group("card")]
PATIENCE_S = 30.0


def streams(card: Card, kind: str) -> int:
    """How many are open; "source-outputs" take sound from a microphone."""
    listed = subprocess.run(
        ["pactl", "list", "short", kind], env=card.env, capture_output=True, text=True, check=True
    )
    return listed.stdout.count("\n")


def soon(holds: Callable[[], bool]) -> bool:
    until_s = time.monotonic() + PATIENCE_S
    while not holds() and time.monotonic() < until_s:
        time.sleep(0.1)
    return holds()


def test_the_level_follows_the_voice_and_the_microphone_is_closed_with_the_page(
    card: Card, tmp_path: Path
) -> None:
    with chromium() as browser, Server(tmp_path, card.env) as server:
        page = browser.new_page()
        page.goto(server.address)
        page.get_by_role("link", name="Settings").click()
        page.get_by_role("button", name="Show how loud I am").wait_for()
        page.wait_for_timeout(1_000)  # it is not opened before somebody asks for it
        before = streams(card, "source-outputs")  # what the card's other tests have left
        page.get_by_role("button", name="Show how loud I am").click()
        page.locator("#level").wait_for()
        assert soon(lambda: streams(card, "source-outputs") == before + 1)
        card.speak("stop_festival-kal").wait(PATIENCE_S)
        page.get_by_text("It hears you.").wait_for()
        page.get_by_role("link", name="History").click()
        assert soon(lambda: streams(card, "source-outputs") == before)


def test_a_sentence_is_heard_on_the_loudspeaker(card: Card, tmp_path: Path) -> None:
    with chromium() as browser, Server(tmp_path, card.env) as server:
        page = browser.new_page()
        page.goto(server.address)
        page.get_by_role("link", name="Settings").click()
        page.get_by_label("Voice").select_option("espeak")
        before = streams(card, "sink-inputs")
        page.get_by_role("button", name="Listen").click()
        assert soon(lambda: streams(card, "sink-inputs") > before)
        page.get_by_text("Did you hear it?").wait_for(timeout=PATIENCE_S * 1000)
