"""A terminal that takes no more output: Ctrl-S, a connection that hangs, a pager that nobody scrolls; one
that shrinks to nothing; and how the screen of a session is left, whatever ends it."""

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
from voicecoach.testing import FIXTURES, prepare_home

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
ROOT = Path(__file__).resolve().parents[2]

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
        measured(f"ended {left_s(process):.1f} s after SIGTERM")
        assert process.returncode == 130
    os.close(reader)
    os.close(writer)
    assert rows(tmp_path) == [("interrupted",)]


if sys.platform != "win32":
    import termios

    from tests.faults.process import SHORT, left_s
    from tests.pseudo_terminal import PseudoTerminal

ENTERED, LEFT = b"\x1b[?1049h", b"\x1b[?1049l"
CURSOR, WRAPS = 25 << 5, 7 << 5
"""Modes of a terminal, as pyte numbers them: the cursor is visible, long lines are continued."""


SHELL = (
    "import fcntl, os, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execvp('bash', ['bash', '--norc', '-i'])"
)
"""A shell that the terminal controls, so that Ctrl-Z and `fg` do what they do."""


def command(home: Path) -> list[str]:
    prepare_home({"returning": True, "settings": {"wording": "minimal"}}, home)
    start = [sys.executable, "-m", "voicecoach", "start", SHORT, "--no-microphone", "--speed", "real"]
    return [*start, "--speaker", str(home / "coach.wav")]


def started(window: "PseudoTerminal", line: list[str], home: Path) -> "subprocess.Popen[bytes]":
    env = {**os.environ, "VOICECOACH_HOME": str(home), "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        env.pop(name, None)
    end = window.theirs
    return subprocess.Popen(line, stdin=end, stdout=end, stderr=end, env=env, start_new_session=True)


@contextlib.contextmanager
def drawn(home: Path) -> Iterator[tuple["subprocess.Popen[bytes]", "PseudoTerminal"]]:
    """A session that is drawn in a terminal of 80 by 24; it has begun to speak."""
    window = PseudoTerminal(80, 24)
    with started(window, command(home), home) as process:
        try:
            window.until(lambda: ENTERED in window.written and "Welcome back." in window.text, 60.0)
            yield process, window
        finally:
            process.kill()
    window.close()


def echoes(window: "PseudoTerminal") -> bool:
    return bool(termios.tcgetattr(window.theirs)[3] & termios.ECHO)


@pytest.mark.fault(
    "the terminal shrinks to one column and one row, and grows again", "the page is there again"
)
def test_a_terminal_that_shrinks_to_nothing_is_drawn_again_when_it_grows(
    tmp_path: Path, measured: Measured
) -> None:
    with drawn(tmp_path) as (process, window):
        for columns, rows in ((1, 1), (300, 1), (1, 200), (0, 0), (1, 1)):
            window.resize(columns, rows)
            time.sleep(0.4)
        assert process.poll() is None
        window.resize(80, 24)
        grown_s = time.monotonic()
        window.until(lambda: "use the keys" in window.text and "stop (s) pain (p)" in window.text, 5.0)
        measured(f"drawn again after {time.monotonic() - grown_s:.1f} s")
        process.terminate()
        left_s(process)
        assert process.returncode == 130
        window.until(lambda: "Session ended: interrupted." in window.text)
    assert b"Traceback" not in window.written


@pytest.mark.fault(
    "SIGINT, SIGTERM, SIGHUP, SIGQUIT while the session is drawn", "the terminal is as it was before"
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_whatever_signal_ends_a_session_its_screen_is_left_and_its_lines_are_there(
    tmp_path: Path, number: int, measured: Measured
) -> None:
    with drawn(tmp_path) as (process, window):
        process.send_signal(number)
        measured(f"gone after {left_s(process):.1f} s")
        assert process.returncode == 130
        window.until(lambda: "Session ended: interrupted." in window.text)
        assert window.written.count(LEFT) == 1
        assert b"coach" in window.written.partition(LEFT)[2]
        assert window.screen.mode >= {CURSOR, WRAPS}
        assert echoes(window)


@pytest.mark.fault(
    "Ctrl-S while the session is drawn, and SIGTERM", "gone within 2 s, the terminal as before"
)
def test_a_screen_that_is_stopped_by_ctrl_s_is_left_all_the_same(tmp_path: Path, measured: Measured) -> None:
    with drawn(tmp_path) as (process, window):
        window.press("\x13")
        time.sleep(1.0)
        process.terminate()
        measured(f"gone {left_s(process):.1f} s after SIGTERM")
        assert process.returncode == 130
        window.until(lambda: "Session ended: interrupted." in window.text)
        assert LEFT in window.written
        assert echoes(window)


@pytest.mark.fault("kill -9 while the session is drawn", "the cursor is visible, and lines are continued")
def test_a_killed_session_leaves_a_terminal_that_can_be_used(tmp_path: Path) -> None:
    with drawn(tmp_path) as (process, window):
        process.kill()
        process.wait(10)
        time.sleep(0.3)
        assert window.screen.mode >= {CURSOR, WRAPS}
        assert window.screen.cursor.y == 23


@pytest.mark.fault("Ctrl-Z, then `fg`", "the shell has its screen in between, and the session is drawn again")
def test_ctrl_z_gives_the_screen_to_the_shell_and_fg_takes_it_back(tmp_path: Path) -> None:
    window = PseudoTerminal(80, 24)
    with started(window, [sys.executable, "-c", SHELL], tmp_path) as process:
        try:
            window.press(" ".join(command(tmp_path)) + "\n")
            window.until(lambda: ENTERED in window.written and "Welcome back." in window.text, 60.0)
            window.press("\x1a")
            window.until(lambda: LEFT in window.written and "Stopped" in window.text, 10.0)
            window.press("echo $((40 + 2))\n")
            window.until(lambda: b"42" in window.written, 10.0)
            assert window.written.count(ENTERED) == 1
            window.press("fg\n")
            window.until(lambda: window.written.count(ENTERED) == 2, 10.0)
            window.until(lambda: "use the keys" in window.text and "(s)" in window.text, 10.0)
            window.press("\x03")
            window.until(lambda: "Session ended: interrupted." in window.text, 10.0)
            assert window.written.count(LEFT) == 2
        finally:
            process.kill()
    window.close()
