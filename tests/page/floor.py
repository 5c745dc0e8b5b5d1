"""Somebody on the floor, with the page in sight: waits for what is shown, clicks, presses keys, speaks."""

import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.card.card import Card
from voicecoach.care import Outcome
from voicecoach.control import Address
from voicecoach.library import Library
from voicecoach.storage import Places, record_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_MS = 200_000
"""The first session of a run renders its lines, beside other tests."""
VOICE = "festival-kal"
SETTLE_MS = 900
"""An answer counts a moment after its question has appeared."""


class Floor:
    """Somebody on the floor, with the page in sight."""

    def __init__(self, page: "Page", card: Card, home: Path) -> None:
        self.page, self._card, self._home = page, card, home

    def sees(self, place: str, text: str) -> None:
        """Wait for it. A busy machine pauses the session meanwhile; then somebody says continue."""
        end_s = time.monotonic() + PATIENCE_MS / 1000
        paused = 0
        while True:
            shown = self.page.locator(place)
            if text.lower() in (shown.text_content() or "").lower() and shown.is_visible():
                return
            assert time.monotonic() < end_s, f"{text!r} never came: {self.page.inner_text('main')}"
            paused = paused + 1 if self.page.locator("#name").text_content() == "Paused" else 0
            if paused > 20:
                self.click("resume")
            self.page.wait_for_timeout(200)

    def until_asked(self, text: str) -> None:
        self.sees("#question", text)
        self.page.wait_for_timeout(SETTLE_MS)

    def until_hold(self) -> None:
        self.sees("#phase", "Hold")

    def click(self, command: str) -> None:
        self.page.locator(f"button[data-command='{command}']").first.click(timeout=PATIENCE_MS)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def says(self, word: str) -> None:
        self._card.speak(f"{word}_{VOICE}").wait(20)

    def ended(self) -> Outcome:
        self.page.locator("#over").wait_for(state="visible", timeout=PATIENCE_MS)
        places = Places.inside(self._home)
        end_s = time.monotonic() + 20
        while len(accounts := record_of(places.journal, (), Library().protocol).accounts) < 2:
            assert time.monotonic() < end_s, "the session has left no row"
            time.sleep(0.2)
        return accounts[-1].past.outcome


def end_session(home: Path) -> None:
    """Whatever has become of the page, the session would go on."""
    address = Address.read(Places.inside(home).session)
    if address is not None:
        subprocess.run(["kill", str(address.pid)], check=False)
