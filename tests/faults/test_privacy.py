"""Nothing leaves the computer (R9), and nothing is kept but journal, prompts, lock and log; no sound of the
user (R10)."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.faults.process import SHORT
from tests.faults.report import Measured
from voicecoach.testing import FIXTURES

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = """
import os, sys
def forbidden(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        os.write(2, f"{event} {arguments}\\n".encode())
        os._exit(99)
sys.addaudithook(forbidden)
"""
"""Python reports every connection and every look-up of a name to such a hook, whatever library makes it. (To
bind is allowed: on import, urllib3 looks whether there is IPv6.)"""
BEGIN = "import sys; sys.argv[0] = 'voicecoach'; from voicecoach.__main__ import main; main()"
SOUND = (b"RIFF", b"fLaC", b"OggS")


def played(home: Path, *arguments: str, before: str = "", within: tuple[str, ...] = ()) -> str:
    """What the command `arguments` shows."""
    env = {**os.environ, "VOICECOACH_HOME": str(home), "TMPDIR": str(home / "tmp"), "PYTHONPATH": str(ROOT)}
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    command = [*within, sys.executable, "-c", f"{before}\n{BEGIN}", *arguments]
    ran = subprocess.run(
        command, env=env, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode in (0, 10), ran.stderr
    return ran.stdout


def test_the_hook_that_forbids_sockets_sees_one(tmp_path: Path) -> None:
    use = f"{FORBIDDEN}\nimport socket; socket.create_connection(('127.0.0.1', 9))"
    assert subprocess.run([sys.executable, "-c", use]).returncode == 99


@pytest.mark.fault("connections are forbidden, and the demo is played", "it makes none")
def test_a_whole_session_opens_no_socket(tmp_path: Path) -> None:
    shown = played(tmp_path, "demo", before=FORBIDDEN)
    assert "Session ended: ended by pain." in shown


@pytest.mark.fault("there is no network at all, and the demo is played", "it does not notice")
def test_a_whole_session_is_played_without_a_network(tmp_path: Path, measured: Measured) -> None:
    alone = ("unshare", "-rn")
    try:
        works = subprocess.run([*alone, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        works = False
    if not works:
        pytest.skip("this system makes no network namespace (unshare -rn)")
    assert "Session ended: ended by pain." in played(tmp_path, "demo", within=alone)
    measured("played to its end in an empty network namespace")


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


KEPT = {"data/journal.sqlite3", "data/session.lock", "log/sound.log"}


@pytest.mark.fault(
    "a whole session in a fresh home", "journal, prompts, lock and log are left; no sound of the user"
)
def test_a_session_leaves_a_journal_prompts_a_lock_and_a_log_and_nothing_else(
    tmp_path: Path, measured: Measured
) -> None:
    """The user's recording is beyond the home, and so is the coach's, which the user asked for."""
    home, speaker = tmp_path / "home", tmp_path / "coach.wav"
    microphone = FIXTURES / "scenes" / "pain_strong.flac"
    played(
        home, "start", SHORT, "--microphone", str(microphone), "--speaker", str(speaker), "--speed", "virtual"
    )
    left = files(home)
    prompts = {name for name in left if name.startswith("cache/prompts/")}
    assert left - prompts == KEPT
    assert files(tmp_path) == {f"home/{name}" for name in left} | {"coach.wav"}
    spoken = {name for name in left if (home / name).read_bytes()[:4] in SOUND}
    assert spoken == prompts, "the only sound is the coach's"
    heard = soundfile.read(microphone, dtype="int16")[0]
    loudest = int(np.argmax(np.abs(heard.astype(np.int32))))
    words = [heard[loudest : loudest + 240].astype(kind).tobytes() for kind in (np.int16, np.float32)]
    assert not [name for name in files(tmp_path) for word in words if word in (tmp_path / name).read_bytes()]
    assert (home / "data" / "journal.sqlite3").stat().st_size < 1_000_000
    measured(f"{len(KEPT)} files and {len(prompts)} prompts")


@pytest.mark.skipif(sys.platform == "win32", reason="there a user's folders are the user's alone")
@pytest.mark.fault(
    "another user of the computer", "may read nothing of a session, its settings or its recording"
)
def test_nobody_else_may_read_what_a_session_leaves(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    (home / "tmp").mkdir(parents=True)
    ours = {home, home / "tmp"}
    microphone = FIXTURES / "scenes" / "pain_strong.flac"
    played(home, "profile", "number", "112")
    sound = ("--microphone", str(microphone), "--speaker", str(tmp_path / "coach.wav"))
    played(home, "start", SHORT, *sound, "--speed", "virtual", "--out", str(out))
    found = {path for path in tmp_path.rglob("*") if not path.is_symlink()} - ours
    assert {out / "session.wav", home / "config" / "settings.toml"} <= found
    assert {path.name: oct(path.stat().st_mode) for path in found if path.stat().st_mode & 0o077} == {}
