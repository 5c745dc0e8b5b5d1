"""The suite itself: a group shares a worker, slow tests left out are counted, leftover files fail the run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.script import load_script

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
    with open(__file__ + ".workers", "a") as file:
        file.write(worker_id + " ")
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


def test_slow_tests_are_left_out_with_a_note_and_a_leftover_file_fails_the_run(tmp_path: Path) -> None:
    ran = run(tmp_path, "-k", "not together")
    assert "1 slow tests were left out: scripts/test --all" in ran.stdout
    assert "left behind in the folder for temporary files: forgotten-" in ran.stdout
    assert "1 passed" in ran.stdout
    assert ran.returncode == 1
    assert "2 passed" in run(tmp_path, "-k", "not together", "--all").stdout


def test_in_parallel_the_tests_of_a_group_share_a_worker(tmp_path: Path) -> None:
    """pytest 9.2 with pytest-xdist 3.8 silently spreads them over the workers."""
    ran = run(tmp_path, "-n", "2", "--dist", "loadgroup", "-k", "together or slow")
    assert "4 passed" in ran.stdout, ran.stdout
    workers = (tmp_path / "test_example.py.workers").read_text().split()
    assert len(workers) == 4
    assert len(set(workers)) == 1
    assert "1 slow tests were left out" in ran.stdout
    assert ran.returncode == 0


def test_the_smoke_run_depends_on_the_recipe_and_on_what_it_imports() -> None:
    names = list(load_script("smoke_due").digests())
    assert {"models/recipe/train.py", "locks/recipe.txt", "voicecoach/speaking/pyttsx3_voice.py"} <= set(
        names
    )
    assert "voicecoach/language/commands.py" in names, "imported through a package's __init__"
    assert "voicecoach/player.py" not in names


def test_the_smoke_run_is_due_until_it_has_passed_and_after_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = load_script("smoke_due")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "LIST", tmp_path / "models" / "recipe" / "SMOKE.sha256")
    recipe = tmp_path / "models" / "recipe" / "train.py"
    recipe.parent.mkdir(parents=True)
    recipe.write_text("pass\n")
    assert module.main([]) == 0
    module.main(["--renew"])
    assert module.main([]) == 1
    recipe.write_text("raise\n")
    assert module.main([]) == 0
    assert "models/recipe/train.py" in capsys.readouterr().out
