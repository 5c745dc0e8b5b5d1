"""scripts/voicecoach, the first command a user types: it works, or says what to type instead."""

import ast
import os
import re
import shutil
import sys
import tomllib
import types
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.script import load_script

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
if TYPE_CHECKING:
    from scripts.launcher import debian, environment, progress, sound, stamp
else:  # as scripts/voicecoach imports it: from beside the script
    sys.path.insert(0, str(SCRIPTS))
    from launcher import debian, environment, progress, sound, stamp


class Runner:
    """A fake venv and pip: records the commands, creates the files they would create, or fails."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.stamp_seen: list[bool] = []
        self.fail_at: str | None = None
        self.interrupt_at: str | None = None

    def __call__(self, what: str, command: list[str], log: str, **_: object) -> int:
        self.commands.append(command)
        venv = Path(log).parent
        self.stamp_seen.append((venv / stamp.STAMP).exists())
        kind = "pip" if "pip" in command else "venv" if "venv" in command else command[0]
        if kind == self.interrupt_at:
            raise KeyboardInterrupt
        if kind == self.fail_at:
            Path(log).write_text("Collecting vosk\nERROR: no route to host\n")
            return 1
        if kind == "venv":
            (venv / "bin").mkdir()
            (venv / "bin/python").touch()
            (venv / "pyvenv.cfg").write_text(f"home = /usr\nversion = {stamp.PYTHON}.1\n")
        return 0

    def kinds(self) -> list[str]:
        """The steps that were started; the several runs of pip of one installation count once."""
        begun = [
            command
            for command in self.commands
            if "locks/build.txt" in command or ("pip" not in command and "compileall" not in command)
        ]
        return ["pip" if "pip" in command else "venv" for command in begun]

    def pips(self) -> list[list[str]]:
        return [command[command.index("off") + 1 :] for command in self.commands if "pip" in command]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "a checkout"
    root.mkdir()
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "locks").mkdir()
    for group in ("build", "runtime", "test", "recipe"):
        (root / "locks" / f"{group}.txt").write_text("click==8.1 --hash=sha256:0\n")
    return root


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    runner = Runner()
    monkeypatch.setattr(environment, "run", runner)
    monkeypatch.setattr(debian, "run", runner)
    monkeypatch.setattr(environment, "_prepare_process", lambda: None)
    return runner


@pytest.fixture
def script(root: Path, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    module = load_script("voicecoach")
    monkeypatch.setattr(module, "ROOT", str(root))
    return module


@pytest.fixture
def started(script: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that the script replaced itself with."""
    commands: list[list[str]] = []

    def become(command: list[str]) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(script, "become", become)
    return commands


class Start(Protocol):
    """`scripts/voicecoach ARGUMENTS`; its exit code."""

    def __call__(self, *arguments: str) -> int: ...


@pytest.fixture
def start(script: types.ModuleType, runner: Runner, started: list[list[str]]) -> Start:
    return lambda *arguments: script.main(list(arguments))


def test_the_script_can_be_read_by_a_python_that_is_too_old() -> None:
    ast.parse((SCRIPTS / "voicecoach").read_text(), feature_version=(3, 8))


def test_an_old_python_is_told_what_is_needed(
    script: types.ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 18, "final", 0))
    assert script.main(["start"]) == 3
    said = capsys.readouterr().err
    assert "needs Python 3.11 or newer; this is Python 3.8" in said
    assert "Nothing was installed" in said


def test_the_first_start_installs_and_the_second_does_not(
    start: Start, runner: Runner, started: list[list[str]], root: Path
) -> None:
    assert start("list") == 0
    assert runner.kinds() == ["venv", "pip"]
    assert start("list", "--all") == 0
    assert runner.kinds() == ["venv", "pip"]
    python = str(root / ".venv/bin/python")
    assert started == [
        [python, "-P", "-m", "voicecoach", "list"],
        [python, "-P", "-m", "voicecoach", "list", "--all"],
    ]


LOCKED = ["--require-hashes", "--no-deps", "--no-build-isolation"]


def test_only_the_locked_files_are_installed_and_the_checkout_itself(start: Start, runner: Runner) -> None:
    start("list")
    assert runner.pips() == [
        [*LOCKED, "-r", "locks/build.txt"],
        [*LOCKED, "-r", "locks/runtime.txt"],
        ["--no-deps", "--no-build-isolation", "-e", "."],
    ]


def test_our_own_package_is_compiled_so_that_no_start_has_to(
    start: Start, runner: Runner, root: Path
) -> None:
    start("list")
    assert runner.commands[-1] == [str(root / ".venv/bin/python"), "-m", "compileall", "-q", "voicecoach"]


def test_requirements_without_a_hash_are_installed_last(start: Start, runner: Runner, root: Path) -> None:
    (root / "locks/recipe-unhashed.txt").write_text("torch==2\n")
    start("--setup", "recipe")
    assert runner.pips()[1] == [*LOCKED, "-r", "locks/runtime.txt", "-r", "locks/recipe.txt"]
    assert runner.pips()[3] == ["-r", "locks/recipe-unhashed.txt"]


def test_every_requirement_of_the_locks_has_a_version_and_a_hash() -> None:
    """Except PyTorch (see scripts/lock). pip would refuse any other, but only at a user's first start."""
    locks = list((SCRIPTS.parent / "locks").glob("*.txt"))
    groups = tomllib.loads((SCRIPTS.parent / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    assert {lock.stem for lock in locks} == {"runtime", "recipe-unhashed", *groups}
    for lock in locks:
        lines = [line for line in lock.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
        if lock.stem == "recipe-unhashed":
            assert [line.partition("==")[0] for line in lines] == ["torch"]
            continue
        requirements = "\n".join(lines).replace("\\\n", " ").splitlines()
        assert requirements
        assert not [line for line in requirements if "==" not in line or "--hash=sha256:" not in line]


def test_a_package_in_two_locks_has_one_version() -> None:
    versions: dict[str, set[str]] = {}
    for lock in (SCRIPTS.parent / "locks").glob("*.txt"):
        found: dict[str, str] = {}
        for name, version in re.findall(r"^(\S+)==(.*)$", lock.read_text("utf-8"), re.MULTILINE):
            found[name] = found.get(name, "") + version
        for name, version in found.items():
            versions.setdefault(name, set()).add(version.partition(" ")[0])
    assert len(versions) > 50
    assert not {name: found for name, found in versions.items() if len(found) > 1}


def test_what_the_groups_ask_for_is_in_their_locks() -> None:
    """A dependency that was added without scripts/lock would be missing from every new environment."""
    project = tomllib.loads((SCRIPTS.parent / "pyproject.toml").read_text("utf-8"))
    asked = {"runtime": project["project"]["dependencies"], **project["dependency-groups"]}
    for group, requirements in asked.items():
        lock = "".join(path.read_text("utf-8") for path in (SCRIPTS.parent / "locks").glob(f"{group}*.txt"))
        for requirement in requirements:
            name = re.match(r"[\w-]+", requirement)
            assert name
            assert f"\n{name[0].lower()}==" in f"\n{lock}", f"{requirement} of {group}: run scripts/lock"


def test_an_unknown_group_is_named_in_the_error(
    start: Start, runner: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start("--setup", "nonsense") == 3
    assert "no group 'nonsense'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["pyproject.toml", "locks/runtime.txt", "locks/test.txt"])
def test_a_changed_dependency_is_installed_without_starting_over(
    start: Start, runner: Runner, root: Path, name: str
) -> None:
    start("list")
    (root / name).write_text("changed")
    start("list")
    assert runner.kinds() == ["venv", "pip", "pip"]
    assert not any(runner.stamp_seen)


def test_a_moved_checkout_is_installed_again(start: Start, root: Path, script: types.ModuleType) -> None:
    start("list")
    before = stamp.fingerprint(str(root))
    moved = root.rename(root.with_name("moved"))
    assert stamp.fingerprint(str(moved)) != before


def test_an_interrupted_installation_starts_over(
    start: Start, runner: Runner, started: list[list[str]], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runner.interrupt_at = "pip"
    assert start("list") == 130
    assert "start over" in capsys.readouterr().err
    (root / ".venv/half a package").touch()
    runner.interrupt_at = None
    assert start("list") == 0
    assert runner.kinds() == ["venv", "pip", "venv", "pip"]
    assert not (root / ".venv/half a package").exists()
    assert len(started) == 1


def test_an_interrupted_update_starts_over(start: Start, runner: Runner, root: Path) -> None:
    start("list")
    (root / "locks/runtime.txt").write_text("changed")
    runner.interrupt_at = "pip"
    start("list")
    runner.interrupt_at = None
    start("list")
    assert runner.kinds() == ["venv", "pip", "pip", "venv", "pip"]


def test_another_python_version_gets_a_new_environment(start: Start, runner: Runner, root: Path) -> None:
    start("list")
    (root / ".venv/pyvenv.cfg").write_text("version = 3.9.2\n")
    (root / "locks/runtime.txt").write_text("changed")
    start("list")
    assert runner.kinds() == ["venv", "pip", "venv", "pip"]


def test_an_environment_whose_python_was_upgraded_away_is_made_again(
    start: Start, runner: Runner, root: Path
) -> None:
    start("list")
    (root / ".venv/bin/python").unlink()
    start("list")
    assert runner.kinds() == ["venv", "pip", "venv", "pip"]


def test_somebody_elses_environment_is_installed_into_but_never_emptied(
    start: Start, runner: Runner, root: Path
) -> None:
    (root / ".venv/bin").mkdir(parents=True)
    for name in ("bin/python", "pyvenv.cfg", "precious"):
        (root / ".venv" / name).touch()
    runner.interrupt_at = "pip"
    start("list")
    runner.interrupt_at = None
    assert start("list") == 0
    assert runner.kinds() == ["pip", "pip"]
    assert (root / ".venv/precious").exists()


def test_the_test_group_is_added_and_survives_an_update(
    start: Start, runner: Runner, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start("list")
    assert start("--setup", "test") == 0
    assert capsys.readouterr().out == f"{root}/.venv/bin/python\n"
    assert runner.pips()[-2] == [*LOCKED, "-r", "locks/runtime.txt", "-r", "locks/test.txt"]
    start("--setup", "test")
    start("list")
    assert runner.kinds() == ["venv", "pip", "pip"]
    (root / "locks/runtime.txt").write_text("changed")
    start("list")
    assert runner.pips()[-2] == [*LOCKED, "-r", "locks/runtime.txt", "-r", "locks/test.txt"]


def test_a_failed_installation_shows_its_last_lines_and_names_the_log(
    start: Start, runner: Runner, started: list[list[str]], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runner.fail_at = "pip"
    assert start("list") == 3
    said = capsys.readouterr().err
    assert "no route to host" in said
    assert str(root / ".venv" / environment.LOG) in said
    assert "Traceback" not in said
    assert started == []


def test_a_debian_without_venv_is_told_which_command_to_type(
    start: Start, runner: Runner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "has_ensurepip", lambda: False)
    monkeypatch.setattr(debian, "may_install", lambda: False)
    assert start("list") == 3
    assert "sudo apt-get install -y python3" in capsys.readouterr().err
    assert runner.commands == []


def test_root_on_a_debian_without_venv_gets_it_installed(
    start: Start, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian, "may_install", lambda: True)
    monkeypatch.setattr(environment, "has_ensurepip", lambda: bool(runner.commands))
    assert start("list") == 0
    assert runner.commands[0][:3] == ["apt-get", "install", "-y"]
    assert runner.commands[0][-1].endswith("-venv")


def test_stale_package_lists_are_fetched_and_the_package_tried_again(runner: Runner, tmp_path: Path) -> None:
    runner.fail_at = "apt-get"
    assert not debian.install(["libportaudio2"], str(tmp_path / "log"))
    assert [command[1] for command in runner.commands] == ["install", "update", "install"]


def test_a_checkout_that_cannot_be_written_uses_the_users_own_folder(
    start: Start, started: list[list[str]], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).startswith(str(root)))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert start("list") == 0
    assert started[0][0] == str(tmp_path / "data/voicecoach/venv/bin/python")
    assert not (root / ".venv").exists()


def test_a_complete_environment_in_a_checkout_that_cannot_be_written_is_used(
    start: Start, started: list[list[str]], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start("list")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    start("list")
    assert started[0] == started[1]


def test_a_second_start_waits_for_the_first_and_finds_it_done(
    root: Path, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, venv = stamp.fingerprint(str(root)), str(root / ".venv")
    real_lock = environment.lock

    def lock_got_after_the_other_was_done(path: str) -> object:
        monkeypatch.setattr(environment, "lock", real_lock)
        environment.install(str(root), venv, mark, "")
        return real_lock(path)

    monkeypatch.setattr(environment, "lock", lock_got_after_the_other_was_done)
    environment.install(str(root), venv, mark, "")
    assert runner.kinds() == ["venv", "pip"]


def test_an_unforeseen_error_is_one_line_and_not_a_traceback(
    start: Start, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "pyproject.toml").unlink()
    assert start("list") == 3
    said = capsys.readouterr().err
    assert "pyproject.toml" in said
    assert "Traceback" not in said


def test_the_program_is_told_which_launcher_installs_portaudio(
    start: Start, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The launcher does not check for it at a start: only the program knows which commands need sound."""
    monkeypatch.setattr(sound, "has_portaudio", lambda: pytest.fail("asked at a start"))
    monkeypatch.delenv("VOICECOACH_LAUNCHER", raising=False)
    assert start("start", "floor") == 0
    assert os.environ["VOICECOACH_LAUNCHER"] == str(SCRIPTS / "voicecoach")
    assert len(started) == 1


def test_a_missing_portaudio_is_installed_where_that_is_allowed(
    start: Start, runner: Runner, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sound, "has_portaudio", lambda: ["apt-get", "install"] in [c[:2] for c in runner.commands]
    )
    monkeypatch.setattr(debian, "may_install", lambda: True)
    assert start("--portaudio") == 0
    assert runner.commands[-1][-2:] == sound.PACKAGES
    assert started == []


@pytest.mark.parametrize(
    ("installer", "line"),
    [
        ("apt-get", "sudo apt-get install -y libportaudio2 libasound2-plugins"),
        ("dnf", "sudo dnf install portaudio alsa-plugins-pulseaudio"),
        ("pacman", "sudo pacman -S portaudio alsa-plugins"),
        ("zypper", "sudo zypper install libportaudio2 alsa-plugins-pulse"),
    ],
)
def test_for_a_missing_portaudio_the_command_to_type_is_shown(
    start: Start,
    installer: str,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sound, "has_portaudio", lambda: False)
    monkeypatch.setattr(debian, "may_install", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda name: name if name == installer else None)
    assert start("--portaudio") == 3
    assert line in capsys.readouterr().err


def test_a_long_step_shows_plain_lines_where_there_is_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", "import time; print('Collecting click', flush=True); time.sleep(0.5)"]
    assert progress.run("installing", command, str(log)) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[:2] == ["voicecoach: installing", "voicecoach: installing: click"]
    assert "\r" not in "".join(said)
    assert "Collecting click" in log.read_text()
