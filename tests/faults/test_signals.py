"""Every way to leave a session at once: hushed, in the journal, gone within two seconds, the terminal as
before."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.faults.report import Measured
from voicecoach.testing import SHARED_PROMPTS

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

import termios

from tests.faults.process import SHORT, Session, command_line, session


def left_behind(children: dict[int, str]) -> dict[int, str]:
    """Those of `children` that do not end soon. They notice by themselves that nobody asks any more."""
    until_s = time.monotonic() + 5.0
    while left := {n: line for n, line in children.items() if line and command_line(n) == line}:
        if time.monotonic() > until_s:
            break
        time.sleep(0.05)
    return left


STAYS = "import voicecoach.speaking.cache as cache; cache._IDLE_S = 1_000.0"
"""The voice's process does not end when it has nothing to do."""


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
        children = it.children()
        it.process.send_signal(number)
        left_s = it.left_s()
        assert it.process.returncode == 130
        assert it.outcomes() == ["interrupted"]
        assert echoes(it)
        assert "Traceback" not in it.transcript
        assert left_behind(children) == {}
    measured(f"gone after {left_s:.2f} s")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.fault(
    "SIGTERM, or kill -9, while the voice and the second ear have their processes",
    "none of the session's processes is left, and no temporary file",
)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_session_that_started_it(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.delenv(SHARED_PROMPTS, raising=False)  # so there is much to render
    with session(tmp_path, STAYS) as it:
        it.until("If anything hurts")
        children = it.children()
        assert all(name in str(children) for name in ("voicecoach.speaking", "voicecoach.listening"))
        it.process.send_signal(number)
        it.left_s()
        assert left_behind(children) == {}
        assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.fault("two Ctrl-C 30 ms apart", "as one: the journal has its row, the terminal its echo")
def test_a_second_ctrl_c_does_not_cut_the_leaving_short(tmp_path: Path, measured: Measured) -> None:
    """It left a terminal without echo, and no row."""
    with session(tmp_path) as it:
        it.until("If anything hurts")
        it.press("\x03")
        it.process.send_signal(signal.SIGINT)
        time.sleep(0.03)
        it.process.send_signal(signal.SIGINT)
        left_s = it.left_s()
        assert it.process.returncode == 130
        assert it.outcomes() == ["interrupted"]
        assert echoes(it)
    measured(f"gone after {left_s:.2f} s")


@pytest.mark.fault("the terminal is closed", "the session ends as by Ctrl-C, without an apology")
def test_a_terminal_that_is_closed_ends_the_session_with_its_code(tmp_path: Path, measured: Measured) -> None:
    with session(tmp_path) as it:
        it.until("If anything hurts")
        os.close(it.terminal)
        it.process.send_signal(signal.SIGHUP)
        left_s = it.left_s()
        assert it.process.returncode == 130
        assert it.outcomes() == ["interrupted"]
    measured(f"gone after {left_s:.2f} s")


@pytest.mark.fault("SIGTERM in a safety stop", "the next start is locked")
def test_a_signal_in_a_safety_stop_locks_the_next_start(tmp_path: Path, measured: Measured) -> None:
    with session(tmp_path) as it:
        it.until("If anything hurts")
        it.press("p")
        it.until("Let go of the position")
        it.process.send_signal(signal.SIGTERM)
        left_s = it.left_s()
        assert it.process.returncode == 10
        assert it.outcomes() == ["no answer"]
    measured(f"gone after {left_s:.2f} s")


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
