"""A real browser on the real page; and the page's server as a process, with a home of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.card.card import end
from tests.report.browser import PROGRAM

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENCE_S = 60
needs_browser = pytest.mark.skipif(
    PROGRAM is None or find_spec("playwright") is None,
    reason="needs the package chromium, and playwright in this environment",
)


@contextmanager
def chromium() -> "Iterator[Browser]":
    """Debian's Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as left_behind,  # by Chromium, now and then
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=PROGRAM, args=["--no-sandbox"], env={**os.environ, "TMPDIR": left_behind}
        )
        yield browser
        browser.close()


class Server:
    """`voicecoach open --no-browser`, and the address that it prints."""

    def __init__(self, home: Path, env: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "voicecoach", "open", "--no-browser"],
            env={**(env or os.environ), "VOICECOACH_HOME": str(home), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        end(self._process)
        assert self._process.stdout is not None
        self._process.stdout.close()


def with_program(home: Path, program: Path) -> None:
    """Make `program` one of the user's own."""
    own = home / "data" / "programs"
    own.mkdir(parents=True, exist_ok=True)
    shutil.copy(program, own / program.name)
