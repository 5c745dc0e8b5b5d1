"""A real browser, without a window: prints a page and photographs it."""

import html
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

PROGRAM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
PATIENCE_S = 90


def printed_pages(page: Path) -> int:
    """On how many sheets of paper `page` is printed."""
    pdf = page.with_suffix(".pdf")
    _run(page, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf.read_bytes()))


def photographed(page: Path, picture: Path, width: int, height: int) -> None:
    _run(page, f"--window-size={width},{height}", "--hide-scrollbars", f"--screenshot={picture}")


def ran(page: Path, *arguments: str, within_ms: int = 20_000) -> str:
    """The text of `page` after so many milliseconds, which a browser without a window does not wait for."""
    document = _run(page, f"--virtual-time-budget={within_ms}", "--dump-dom", *arguments)
    return html.unescape(re.sub(r"<[^>]*>", "", document.partition("<body")[2].partition(">")[2])).strip()


def _run(page: Path, *arguments: str) -> str:
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory() as profile:  # the user's own is not touched
        done = subprocess.run(
            [PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             f"--user-data-dir={profile}", *arguments, page.as_uri()],
            check=True, capture_output=True, timeout=PATIENCE_S,
            env={**os.environ, "TMPDIR": profile},  # it leaves files there
        )  # fmt: skip
    return done.stdout.decode("utf-8", "replace")
