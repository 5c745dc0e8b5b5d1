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
LEAVES_WITHIN_S = 4.0
"""Two seconds is what is promised; a busy machine gets twice that, but not the 4.75 s that leaving once took.
`Session.left_s` says how long it took, for the table in docs/promises.md."""
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
        return left_s(self.process)

    def children(self) -> dict[int, str]:
        """Every process that it has started, and that those have: by number, with its command line. Each has
        a session of its own, and an orphan has another parent: they are to be asked for while it lives."""
        parents = {int(stat.parent.name): parent(stat) for stat in Path("/proc").glob("[0-9]*/stat")}
        found: dict[int, str] = {}
        new = {self.process.pid}
        while new := {number for number, of in parents.items() if of in new}:
            found |= {number: command_line(number) for number in new}
        return found

    def outcomes(self) -> list[str]:
        return [outcome for (outcome,) in rows(self.home, "SELECT outcome FROM sessions ORDER BY rowid")][1:]

    def speaker_s(self) -> float:
        return (self.home / "coach.wav").stat().st_size / 96_000


def left_s(process: "subprocess.Popen[bytes]") -> float:
    """How long it takes from now until `process` has ended; too long is a failure."""
    began_s = time.monotonic()
    process.wait(LEAVES_WITHIN_S)
    return time.monotonic() - began_s


def parent(stat: Path) -> int:
    """0 if the process has ended."""
    try:
        state, of, *_ = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if state in "ZX" else int(of)


def command_line(number: int) -> str:
    """Empty if the process has ended."""
    try:
        return Path(f"/proc/{number}/cmdline").read_text("utf-8", "replace").replace("\0", " ").strip()
    except OSError:
        return ""


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
