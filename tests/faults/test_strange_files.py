"""What lies where a file belongs may be no file: a pipe that nobody writes to, a device that never ends."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from voicecoach.library.loader import PACKS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices with names")
ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 20.0
"""An answer takes one second; it used to take for ever."""


def typed(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "VOICECOACH_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "voicecoach", *arguments]
    return subprocess.run(
        command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=WITHIN_S
    )


def pipe(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def zeros(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to("/dev/zero")


@pytest.mark.fault(
    "a pipe, or /dev/zero, in the place of a program, a pack's file or the settings",
    "refused at once with its name",
)
@pytest.mark.parametrize("strange", [pipe, zeros])
@pytest.mark.parametrize(
    ("place", "command"),
    [
        ("data/programs/mine.toml", "show mine"),
        ("data/programs/mine.toml", "start mine --no-microphone"),
        ("config/settings.toml", "list"),
        ("data/packs/lower_back/en.toml", "list"),
        ("data/packs/en/coach.toml", "doctor"),
        ("data/packs/lower_back/exercises/bridge.toml", "list"),
    ],
)
def test_a_pipe_or_a_device_in_the_place_of_a_file_is_refused_at_once(
    tmp_path: Path, place: str, command: str, strange: Callable[[Path], None]
) -> None:
    for pack in ("lower_back", "en"):
        copytree(PACKS / pack, tmp_path / "data/packs" / pack)
    strange(tmp_path / place)
    ran = typed(tmp_path, *command.split())
    told = ran.stdout + ran.stderr
    assert place in told
    assert "no regular file" in told
    assert "Traceback" not in told
    assert ran.returncode != 0


@pytest.mark.fault("a pipe among the programs", "the others are listed, and it with the reason")
def test_a_program_that_is_a_pipe_does_not_keep_the_others_from_being_listed(tmp_path: Path) -> None:
    pipe(tmp_path / "data/programs/mine.toml")
    ran = typed(tmp_path, "list")
    assert ran.returncode == 0
    assert "mine.toml: cannot be read (it is no regular file)" in ran.stdout
    assert "floor" in ran.stdout


@pytest.mark.fault("a pipe in the place of the list of a model's files", "named at once")
def test_the_list_of_a_models_files_that_is_a_pipe_is_named(tmp_path: Path) -> None:
    pipe(tmp_path / "data/models/mine/voicecoach.toml")
    ran = typed(tmp_path, "model", "list")
    assert "mine/voicecoach.toml" in ran.stdout
    assert "no regular file" in ran.stdout


@pytest.mark.fault(
    "a pipe, or /dev/zero, in the place of the journal's spare or of the rehearsals", "passed over"
)
@pytest.mark.parametrize("strange", [pipe, zeros])
def test_a_spare_of_the_journal_or_a_rehearsal_that_is_no_file_is_passed_over(
    tmp_path: Path, strange: Callable[[Path], None]
) -> None:
    """`start` reads both before anything is said."""
    code = (
        "import sys; from pathlib import Path\n"
        "from voicecoach.storage import rehearsals, spares\n"
        "home = Path(sys.argv[1])\n"
        "print(rehearsals.passed(home / 'rehearsals.json', 'a | b'), spares.kept((home / 'spares',)))\n"
    )
    strange(tmp_path / "rehearsals.json")
    strange(tmp_path / "spares/voicecoach-unwritten-1.json")
    (tmp_path / "spares").chmod(0o700)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, str(tmp_path)]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=WITHIN_S)
    assert ran.stdout == "False []\n", ran.stderr
