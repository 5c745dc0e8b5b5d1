"""The page beside a session: opened by a process of its own, which a session neither waits for nor misses."""

import contextlib
import subprocess

from voicecoach.child import command


def open_page(problem: str = "") -> None:
    """Open the page, or bring it forward; `problem`: why a session could not begin."""
    more = ("--problem", problem) if problem else ()
    with contextlib.suppress(OSError):
        subprocess.Popen(
            command("voicecoach", "open", *more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
