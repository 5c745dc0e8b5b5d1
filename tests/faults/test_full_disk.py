"""A disk that fills up during a session: what is written ends, and the session goes on (R13)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from voicecoach.testing import FIXTURES
from voicecoach.units import RATE_HZ

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file size")
ROOT = Path(__file__).resolve().parents[2]
ROOM_BYTES = 400_000
"""Four seconds of the coach."""


def full_disk() -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, ROOM_BYTES))


@pytest.mark.fault(
    "the disk of `--speaker FILE` is full in a session", "the file ends, and the session is played to its end"
)
def test_a_disk_that_is_full_at_the_loudspeakers_file_does_not_end_the_session(tmp_path: Path) -> None:
    """It ended with the file, in the middle of whatever the coach was saying."""
    command = [sys.executable, "-m", "voicecoach", "start", str(FIXTURES / "scenes/short.toml")]
    command += ["--microphone", str(FIXTURES / "words/oov_hum.flac")]
    command += ["--speaker", str(tmp_path / "coach.wav"), "--speed", "virtual"]
    env = {**os.environ, "VOICECOACH_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        command, env=env, preexec_fn=full_disk, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert "Session ended: not started." in ran.stdout, ran.stderr
    assert ran.returncode == 10
    assert 3 < len(soundfile.read(tmp_path / "coach.wav")[0]) / RATE_HZ < 5
