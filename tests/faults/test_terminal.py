"""A terminal that takes no more output: Ctrl-S, a connection that hangs, a pager that nobody scrolls."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.report import Measured
from voicecoach.testing import FIXTURES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
ROOT = Path(__file__).resolve().parents[2]
LEAVES_WITHIN_S = 5.0
"""Two seconds is what is promised; a busy machine gets more."""

SOME_SECONDS_BYTES = 200_000
"""Of what was played: two seconds and more."""


@contextlib.contextmanager
def session(home: Path, output: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A session in real time, whose output goes to `output`."""
    command = [sys.executable, "-m", "voicecoach", "start", str(FIXTURES / "scenes" / "short.toml")]
    command += ["--microphone", str(FIXTURES / "words" / "oov_hum.flac")]
    command += ["--speaker", str(home / "coach.wav"), "--speed", "real"]
    env = {**os.environ, "VOICECOACH_HOME": str(home), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def under_way(process: "subprocess.Popen[bytes]", played: Path) -> None:
    """Wait until some seconds of the session have been played, however busy the machine is."""
    until_s = time.monotonic() + 20.0
    while not played.exists() or played.stat().st_size < SOME_SECONDS_BYTES:
        assert process.poll() is None
        assert time.monotonic() < until_s, "the session did not begin"
        time.sleep(0.1)


def rows(home: Path) -> list[tuple[str]]:
    with contextlib.closing(sqlite3.connect(home / "data" / "journal.sqlite3")) as db:
        return db.execute("SELECT outcome FROM sessions").fetchall()


@pytest.mark.fault("the terminal takes no more output", "SIGTERM ends the session, and the journal has it")
def test_a_terminal_that_hangs_does_not_keep_a_signal_from_ending_the_session(
    tmp_path: Path, measured: Measured
) -> None:
    """The transcript was written inside the loop: with it, keys, words and SIGTERM waited for ever."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, b"x" * 65_536)  # nobody reads: the next line blocks whoever writes it
    os.set_blocking(writer, True)
    with session(tmp_path, writer) as process:
        under_way(process, tmp_path / "coach.wav")
        process.send_signal(signal.SIGTERM)
        sent_s = time.monotonic()
        assert process.wait(LEAVES_WITHIN_S) == 130
        measured(f"ended {time.monotonic() - sent_s:.1f} s after SIGTERM")
    os.close(reader)
    os.close(writer)
    assert rows(tmp_path) == [("interrupted",)]
