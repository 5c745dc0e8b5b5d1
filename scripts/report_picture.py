"""Make docs/report.png again: the sheet for a health professional, of a made-up user with twelve weeks.

    .venv/bin/python scripts/report_picture.py

Needs Chromium. The user is the one of tests/report/journals.py.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.report import browser  # noqa: E402
from tests.report.journals import realistic  # noqa: E402
from voicecoach.report.page import page  # noqa: E402
from voicecoach.report.sheet import sheet  # noqa: E402
from voicecoach.storage import Places, record_of  # noqa: E402
from voicecoach.testing import LIBRARY  # noqa: E402

PICTURE = ROOT / "docs" / "report.png"
WIDTH, HEIGHT = 794, 880
"""A4 at 96 dots an inch, without its empty end"""
MOST_BYTES = 200_000


def main() -> None:
    if browser.PROGRAM is None:
        raise SystemExit("There is no Chromium on this computer. On Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        places = realistic(Places.inside(Path(folder)))
        html = Path(folder) / "report.html"
        record = record_of(places.journal, (), LIBRARY.protocol)
        html.write_text(page(sheet(record, LIBRARY, "floor")), "utf-8")
        browser.photographed(html, PICTURE, WIDTH, HEIGHT)
    size = PICTURE.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{PICTURE} has {size} bytes, more than {MOST_BYTES}.")
    print(f"Written to {PICTURE}, {size} bytes")


if __name__ == "__main__":
    main()
