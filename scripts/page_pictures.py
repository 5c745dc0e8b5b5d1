"""Make the pictures of the page in docs/ again: moments of a session, and the pages before and after it.

    .venv/bin/python scripts/page_pictures.py

A real page in Chromium; the moments are made as in tests/page, without sound.
"""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.page.browsing import Server, chromium  # noqa: E402
from tests.page.moments import MOMENTS, put_on  # noqa: E402
from tests.report.journals import realistic  # noqa: E402
from voicecoach.control import Control  # noqa: E402
from voicecoach.storage import Places  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Page

SHOWN = ("hold", "rest", "safety", "deaf", "advice", "question")
WIDE, LAPTOP, PHONE = (1920, 1080), (1280, 720), (390, 844)
GAP = 12


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        places = realistic(Places.inside(home))
        with Server(home) as server, chromium() as browser:
            page = browser.new_page(device_scale_factor=1)
            page.goto(server.address)
            root = page.url.rstrip("/")
            between = [shot(page, home, name, LAPTOP, f"{root}/{name}") for name in ("", "history", "report")]
            small = [shot(page, home, name, PHONE, f"{root}/{name}") for name in ("", "history", "profile")]
            dark = browser.new_page(color_scheme="dark")
            dark.goto(f"{root}/settings")
            between.append(shot(dark, home, "settings", LAPTOP))
            small.append(shot(dark, home, "settings", PHONE))
            control = Control(places.session)
            control.open(lambda command, source, asking: None)
            page.goto(f"{root}/session")
            wide, laptop, phone = [], [], []
            for moment in SHOWN:
                put_on(control, MOMENTS[moment]())
                page.wait_for_timeout(2_500)  # the drawing has arrived
                wide.append(shot(page, home, moment, WIDE))
                laptop.append(shot(page, home, moment, LAPTOP))
                phone.append(shot(page, home, moment, PHONE))
            control.close()
    sheet(wide[:4], 2, 960).save(ROOT / "docs" / "session.png", optimize=True)
    sheet(laptop, 3, 640).save(ROOT / "docs" / "session_laptop.png", optimize=True)
    sheet(phone[:4], 4, 390).save(ROOT / "docs" / "session_phone.png", optimize=True)
    sheet(small, 4, 390).save(ROOT / "docs" / "page_phone.png", optimize=True)
    sheet(between, 2, 960).save(ROOT / "docs" / "page.png", optimize=True)


def shot(page: "Page", folder: Path, name: str, size: tuple[int, int], address: str = "") -> Image.Image:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    if address:
        page.goto(address)
    page.wait_for_timeout(300)
    path = folder / f"{name or 'home'}.png"
    page.screenshot(path=path)
    with Image.open(path) as found:
        return found.convert("RGB")


def sheet(pictures: list[Image.Image], columns: int, width: int) -> Image.Image:
    """`pictures` side by side, each `width` wide, in few colours: a document is not to be heavy."""
    small = [each.resize((width, each.height * width // each.width)) for each in pictures]
    height, rows = small[0].height, -(-len(small) // columns)
    whole = Image.new("RGB", (columns * (width + GAP) - GAP, rows * (height + GAP) - GAP), "#888888")
    for n, each in enumerate(small):
        whole.paste(each, (n % columns * (width + GAP), n // columns * (height + GAP)))
    return whole.quantize(255)


if __name__ == "__main__":
    main()
