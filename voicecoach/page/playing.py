"""Starts sessions and rehearsals, each as a process of its own that outlives the page."""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from voicecoach.child import command

MOST_TEXT = 2_000
"""Characters that are kept of what it says to the terminal."""


class Started:
    """A `voicecoach` command that runs."""

    def __init__(self, *arguments: str) -> None:
        """Raises OSError."""
        self._folder = tempfile.TemporaryDirectory(prefix="voicecoach-", ignore_cleanup_errors=True)
        said = Path(self._folder.name) / "said.txt"  # a pipe that nobody reads would block it
        with said.open("wb") as its_own:
            self._said = said.open("rb")
            if sys.platform != "win32":  # it needs no name any more, and after a kill it is not left behind
                self._folder.cleanup()
            self._process = subprocess.Popen(
                command("voicecoach", *arguments),
                stdin=subprocess.DEVNULL,
                stdout=its_own,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # it goes on if the page's server ends
            )
        threading.Thread(target=self._process.wait, daemon=True, name="started").start()  # no zombie is left

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll()

    @property
    def runs(self) -> bool:
        return self.code is None

    @property
    def said(self) -> str:
        self._said.seek(0)
        return self._said.read().decode("utf-8", "replace")[-MOST_TEXT:]
