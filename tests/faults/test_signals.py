"""Every way to leave a session at once: hushed, in the journal, gone within two seconds, the terminal as
before."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.faults.report import Measured

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

import termios

from tests.faults.process import SHORT, Session, session


def children(pid: int) -> list[str]:
    """Processes whose parent is `pid`, or that it left behind in its session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if str(pid) in (fields[1], fields[3]) and stat.parent.name != str(pid):
            found.append(stat.parent.name)
    return found


def echoes(it: Session) -> bool:
    return bool(termios.tcgetattr(it.terminal)[3] & termios.ECHO)


@pytest.mark.fault(
    "SIGINT, SIGTERM, SIGHUP, SIGQUIT",
    "hushed, journalled, gone within 2 s with code 130, the terminal restored",
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_the_session_at_once_and_tidily(
    tmp_path: Path, number: int, measured: Measured
) -> None:
    with session(tmp_path, "", "--out", str(tmp_path / "out")) as it:
        it.until("If anything hurts")
        assert not echoes(it)
        it.process.send_signal(number)
        left_s = it.left_s()
        assert it.process.returncode == 130
        assert it.outcomes() == ["interrupted"]
        assert echoes(it)
        assert "Traceback" not in it.transcript
        if Path("/proc").exists():
            assert children(it.process.pid) == []
    measured(f"gone after {left_s:.2f} s")


@pytest.mark.fault("two Ctrl-C 30 ms apart", "as one: the journal has its row, the terminal its echo")
def test_a_second_ctrl_c_does_not_cut_the_leaving_short(tmp_path: Path) -> None:
    """It left a terminal without echo, and no row."""
    with session(tmp_path) as it:
        it.until("If anything hurts")
        it.press("\x03")
        it.process.send_signal(signal.SIGINT)
        time.sleep(0.03)
        it.process.send_signal(signal.SIGINT)
        it.left_s()
        assert it.process.returncode == 130
        assert it.outcomes() == ["interrupted"]
        assert echoes(it)


@pytest.mark.fault("the terminal is closed", "the session ends as by Ctrl-C, without an apology")
def test_a_terminal_that_is_closed_ends_the_session_with_its_code(tmp_path: Path) -> None:
    with session(tmp_path) as it:
        it.until("If anything hurts")
        os.close(it.terminal)
        it.process.send_signal(signal.SIGHUP)
        it.left_s()
        assert it.process.returncode == 130
        assert it.outcomes() == ["interrupted"]


@pytest.mark.fault("SIGTERM in a safety stop", "the next start is locked")
def test_a_signal_in_a_safety_stop_locks_the_next_start(tmp_path: Path) -> None:
    with session(tmp_path) as it:
        it.until("If anything hurts")
        it.press("p")
        it.until("Let go of the position")
        it.process.send_signal(signal.SIGTERM)
        it.left_s()
        assert it.process.returncode == 10
        assert it.outcomes() == ["no answer"]


@pytest.mark.fault("the computer sleeps, or the program is stopped, for three seconds", "the session pauses")
def test_after_a_sleep_the_session_has_paused(tmp_path: Path) -> None:
    with session(tmp_path) as it:
        it.until("If anything hurts")
        it.process.send_signal(signal.SIGSTOP)
        time.sleep(3.0)
        it.process.send_signal(signal.SIGCONT)
        it.until("The computer stood still for 3 seconds", 10)
        it.until("Paused.", 10)


@pytest.mark.fault(
    "the terminal takes no more output (Ctrl-S), and a key is pressed", "the key stops the coach"
)
def test_with_ctrl_s_a_key_still_stops_and_a_signal_still_ends(tmp_path: Path, measured: Measured) -> None:
    with session(tmp_path) as it:
        it.until("If anything hurts")
        it.press("\x13")  # Ctrl-S
        time.sleep(0.3)
        it.press("p")
        time.sleep(2.0)
        it.process.send_signal(signal.SIGTERM)
        left_s = it.left_s()
        assert it.process.returncode == 10
        assert it.outcomes() == ["no answer"]
    measured(f"gone {left_s:.2f} s after SIGTERM")


@pytest.mark.fault("a second session is started while one is played", "it says so, and ends with code 6")
def test_a_second_start_says_that_a_session_is_played_and_leaves_it_alone(tmp_path: Path) -> None:
    """They talked over each other, and the second wrote the living first into the journal as crashed."""
    import subprocess

    with session(tmp_path) as it:
        it.until("If anything hurts")
        command = [sys.executable, "-m", "voicecoach", "start", SHORT]
        env = {**os.environ, "VOICECOACH_HOME": str(tmp_path)}
        second = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert second.returncode == 6
        assert "Another session is being played already" in second.stderr
        assert it.outcomes() == []
        it.process.kill()
        it.process.wait(10)
    with session(tmp_path / "other"):
        pass  # a user elsewhere is not kept out


@pytest.mark.fault("kill -9, then a new start", "the system has let go of the lock")
def test_a_killed_session_keeps_nobody_out(tmp_path: Path) -> None:
    with session(tmp_path) as it:
        it.until("If anything hurts")
        it.process.kill()
        it.process.wait(10)
    (tmp_path / "coach.wav").unlink()
    with session(tmp_path) as it:
        it.until("If anything hurts")
