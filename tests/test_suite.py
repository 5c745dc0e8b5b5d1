"""The suite's own promises: groups stay together, slow tests are named, nothing is left behind."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = """
import pytest, tempfile

@pytest.mark.slow
def test_slow():
    pass

def test_untidy(request):
    tempfile.mkdtemp(prefix="forgotten-")

@pytest.mark.parametrize("n", range(4))
@pytest.mark.xdist_group("one worker")
def test_together(n, worker_id):
    assert worker_id == "gw0"
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The example's tests under this suite's conftest."""
    (folder / "test_example.py").write_text(EXAMPLE)
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest"]
    command += ["-p", "no:cacheprovider", f"--rootdir={folder}", str(folder), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**env, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )


def test_a_slow_test_is_left_out_by_name_and_a_forgotten_file_fails_the_run(tmp_path: Path) -> None:
    ran = run(tmp_path, "-k", "not together")
    assert "1 slow tests were left out: scripts/test --all" in ran.stdout
    assert "left behind in the folder for temporary files: forgotten-" in ran.stdout
    assert "1 passed" in ran.stdout
    assert ran.returncode == 1
    assert "2 passed" in run(tmp_path, "-k", "not together", "--all").stdout


def test_in_parallel_the_tests_of_a_group_share_a_worker(tmp_path: Path) -> None:
    """pytest 9.2 and pytest-xdist 3.8 spread them without a word."""
    ran = run(tmp_path, "-n", "2", "--dist", "loadgroup", "-k", "together or slow")
    assert "4 passed" in ran.stdout
    assert "1 slow tests were left out" in ran.stdout
    assert ran.returncode == 0
