"""A session in a process of its own, in real time, with files in place of devices and a terminal of its
own."""

import contextlib
import os
import pty
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from voicecoach.testing import FIXTURES, prepare_home

ROOT = Path(__file__).resolve().parents[2]
SHORT = str(FIXTURES / "scenes" / "short.toml")
LEAVES_WITHIN_S = 5.0
"""Two seconds is what is promised; a busy machine gets more. `Session.left_s` says how long it took."""
BEGIN = "import sys; sys.argv[0] = 'voicecoach'; from voicecoach.__main__ import main; "


@dataclass
class Session:
    process: "subprocess.Popen[bytes]"
    home: Path
    terminal: int
    """the other end of its terminal"""
    shown: bytearray = field(default_factory=bytearray)

    def read(self) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(self.terminal, 65_536):
                self.shown += data

    def until(self, text: str, within_s: float = 60.0) -> None:
        until_s = time.monotonic() + within_s
        while text not in self.transcript:
            assert time.monotonic() < until_s, f"{text!r} did not come:\n{self.transcript}"
            assert self.process.poll() is None, f"it ended:\n{self.transcript}"
            time.sleep(0.02)

    @property
    def transcript(self) -> str:
        return self.shown.decode("utf-8", "replace")

    def press(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def left_s(self) -> float:
        """How long it takes from now until the process has ended."""
        began_s = time.monotonic()
        self.process.wait(LEAVES_WITHIN_S)
        return time.monotonic() - began_s

    def outcomes(self) -> list[str]:
        return [outcome for (outcome,) in rows(self.home, "SELECT outcome FROM sessions ORDER BY rowid")][1:]

    def speaker_s(self) -> float:
        return (self.home / "coach.wav").stat().st_size / 96_000


def rows(home: Path, query: str) -> list[tuple[str]]:
    with contextlib.closing(sqlite3.connect(home / "data" / "journal.sqlite3")) as db:
        return db.execute(query).fetchall()


@contextlib.contextmanager
def session(home: Path, before: str = "", *arguments: str) -> Iterator[Session]:
    """A returning user's session. `before`: Python statements that run in its process first."""
    prepare_home({"returning": True, "settings": {"wording": "minimal"}}, home)
    command = [sys.executable, "-c", f"{before}\n{BEGIN}main()", "start", SHORT]
    command += ["--microphone", str(FIXTURES / "words" / "oov_hum.flac")]
    command += ["--speaker", str(home / "coach.wav"), "--speed", "real", *arguments]
    env = {**os.environ, "VOICECOACH_HOME": str(home), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True
    )
    os.close(theirs)
    it = Session(process, home, ours)
    threading.Thread(target=it.read, daemon=True).start()
    try:
        yield it
    finally:
        process.kill()
        process.wait(10)
        with contextlib.suppress(OSError):
            os.close(ours)
