"""The big digits on the page against the numbers in the sound.

A real session on the virtual card, its page in Chromium. The loudspeaker's monitor is recorded in pieces of
10 ms; a number begins where sound follows 150 ms of silence. For every digit of the holds the nearest number
is looked for. Needs an otherwise idle machine, chromium, pulseaudio and the test group.

offset        when the digit was drawn minus when the number began, ms; negative: the digit came first
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from scripts.benches.figures import percentile
from tests.card.card import Card, Loudspeaker
from tests.page.browsing import Server, chromium, needs_browser, with_program
from tests.page.floor import Floor, end_session
from voicecoach.testing import prepare_home

PROGRAM = """\
name = "Count"
description = "Long counts, for the bench."
exercises = [{ id = "bridge", sets = 4, hold_s = 10 }]
"""
LOUD, SILENCE_S, NEAR_S = 600, 0.15, 0.5
OBSERVE = """
globalThis.drawn = [];
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  const [digit, phase] = ["digit", "phase"].map((id) => document.getElementById(id).textContent);
  if (digit) globalThis.drawn.push([performance.timeOrigin + performance.now(), Number(digit), phase]);
}).observe(document.getElementById("digit") ?? document, { childList: true, subtree: true }));
"""


def onsets_s(pieces: list[tuple[float, float]]) -> list[float]:
    """When sound followed silence, on the monotonic clock."""
    found, silent_since = list[float](), None
    for at_s, peak in pieces:
        if peak < LOUD:
            silent_since = at_s if silent_since is None else silent_since
        else:
            if silent_since is not None and at_s - silent_since >= SILENCE_S:
                found.append(at_s)
            silent_since = None
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    if needs_browser.args[0]:
        sys.exit(f"SKIPPED: it {needs_browser.kwargs['reason']}.")
    with tempfile.TemporaryDirectory() as folder:
        drawn, heard_s = measure(Path(folder))
    offsets_ms = []
    for at_s, digit in drawn:
        near = min(heard_s, key=lambda s: abs(s - at_s), default=0.0)
        if digit and abs(near - at_s) < NEAR_S:
            offsets_ms.append(1000 * (at_s - near))
    print(f"{len(offsets_ms)} digits of {len(drawn)} beside a number.")
    print(
        f"offset p5 / p50 / p95: {' / '.join(str(percentile(offsets_ms, q)) for q in (0.05, 0.5, 0.95))} ms"
    )
    print(f"|offset| p95: {percentile([abs(each) for each in offsets_ms], 0.95)} ms")


def measure(home: Path) -> tuple[list[tuple[float, int]], list[float]]:
    """(when, digit) as drawn in the holds, and when numbers began; both on the monotonic clock."""
    prepare_home({"returning": True, "settings": {"wording": "minimal"}}, home)
    program = home / "count.toml"
    program.write_text(PROGRAM)
    with_program(home, program)
    card = Card(home / "card")
    try:
        with Server(home, card.env) as server, chromium() as browser, Loudspeaker(card) as loudspeaker:
            page = browser.new_page()
            page.add_init_script(OBSERVE)
            page.goto(server.address)
            epoch_s = time.time() - time.monotonic()
            floor = Floor(page, card, home)
            page.get_by_role("button", name="Start Count").click()
            floor.until_asked("bladder or bowel")
            floor.press("n")
            floor.until_asked("zero to ten")
            floor.press("1")
            floor.until_hold()
            floor.until_asked("zero to ten")  # the pain after the last hold
            drawn = page.evaluate("globalThis.drawn")
            return (
                [(at_ms / 1000 - epoch_s, digit) for at_ms, digit, phase in drawn if phase == "Hold"],
                onsets_s(loudspeaker.pieces),
            )
    finally:
        end_session(home)
        card.close()


if __name__ == "__main__":
    main()
