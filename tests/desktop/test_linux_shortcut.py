"""The desktop shortcut: it starts the program, and its removal leaves nothing behind."""

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from voicecoach.cli.shortcut import shortcut
from voicecoach.desktop import linux

from .xvfb import end, launch_under_xvfb, needs_xvfb

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="freedesktop entries")
COMMAND = ["/opt/python", "-m", "voicecoach", "start", "floor", "--hands-free"]
NASTY = [
    "two words",
    'a "quoted" word',
    "it's",
    "back\\slash",
    "trailing\\",
    "\\\\server\\new",
    "$HOME",
    "`id`",
    "100% %f %%",
    "semi;colon&pipe|",
    "",
    "tab\there",
    "line\nbreak",
    "grüße",
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user whose home folder has a space in it, with a desktop folder that xdg-user-dir knows."""
    home = tmp_path / "my home"
    (home / "Desktop").mkdir(parents=True)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "xdg-user-dir").write_text('#!/bin/sh\necho "$HOME/Desktop"\n')
    (programs / "xdg-user-dir").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return home


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if not path.is_dir()]


def written_in(entry: Path, key: str) -> str:
    lines = entry.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix(f"{key}=") for line in lines if line.startswith(f"{key}="))


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ("plain", "plain"),
        ("/home/u/.venv/bin/python3", "/home/u/.venv/bin/python3"),
        ("two words", '"two words"'),
        ("a\\b", r'"a\\\\b"'),
        ('say "hi"', r'"say \\"hi\\""'),
        ("$HOME", r'"\\$HOME"'),
        ("`id`", r'"\\`id\\`"'),
        ("50%", "50%%"),
        ("", '""'),
    ],
)
def test_every_argument_is_written_as_the_specification_asks(argument: str, written: str) -> None:
    assert linux.exec_value(["/bin/x", argument]) == f"/bin/x {written}"


def test_the_entry_lies_in_the_menu_and_on_the_desktop(home: Path) -> None:
    written = linux.install("floor", COMMAND)
    assert written == [
        home / ".local/share/applications/voicecoach.desktop",
        home / "Desktop/voicecoach.desktop",
    ]
    assert sorted(files_below(home)) == sorted(written)
    assert written[1].stat().st_mode & stat.S_IXUSR
    assert written_in(written[0], "Exec") == " ".join(COMMAND)
    assert Path(written_in(written[0], "Icon")).is_file()


def test_no_desktop_folder_means_no_icon_in_the_home_folder(home: Path) -> None:
    (home / "Desktop").rmdir()
    assert linux.install("floor", COMMAND) == [home / ".local/share/applications/voicecoach.desktop"]


def test_the_data_folder_may_lie_elsewhere(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data; of mine"))
    assert linux.install("floor", COMMAND)[0] == tmp_path / "data; of mine/applications/voicecoach.desktop"
    assert len(linux.remove()) == 2


def test_removing_leaves_nothing_behind(home: Path) -> None:
    written = linux.install("floor", COMMAND)
    assert sorted(linux.remove()) == sorted(written)
    assert files_below(home) == []
    assert linux.remove() == []


def test_removing_finds_the_copy_after_the_desktop_folder_has_moved(home: Path, tmp_path: Path) -> None:
    written = linux.install("floor", COMMAND)
    elsewhere = home / "Schreib;tisch"
    elsewhere.mkdir()
    (tmp_path / "programs/xdg-user-dir").write_text('#!/bin/sh\necho "$HOME/Schreib;tisch"\n')
    second = linux.install("floor", COMMAND)
    assert not written[1].exists()
    assert second[1].parent == elsewhere
    linux.remove()
    assert files_below(home) == []


def test_installing_twice_leaves_one_shortcut_to_the_second_program(home: Path) -> None:
    linux.install("floor", COMMAND)
    written = linux.install("chair", [*COMMAND[:4], "chair", COMMAND[5]])
    assert sorted(files_below(home)) == sorted(written)
    assert "start chair" in written_in(written[0], "Exec")


def test_an_entry_of_the_users_own_making_is_neither_overwritten_nor_removed(home: Path) -> None:
    own = home / "Desktop/voicecoach.desktop"
    own.write_text("[Desktop Entry]\nName=mine\n")
    with pytest.raises(FileExistsError, match="not made by voicecoach"):
        linux.install("floor", COMMAND)
    assert linux.remove() == []
    assert files_below(home) == [own]


def test_a_full_disk_leaves_no_half_written_entry(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        linux.install("floor", COMMAND)
    assert files_below(home) == []


def test_the_commands_say_what_was_written_and_removed(home: Path) -> None:
    wrote = CliRunner().invoke(shortcut, ["install"])
    assert wrote.exit_code == 0, wrote.output
    entry = home / ".local/share/applications/voicecoach.desktop"
    assert f"wrote {entry}" in wrote.output
    assert written_in(entry, "Exec").endswith("-m voicecoach start floor --hands-free")
    removed = CliRunner().invoke(shortcut, ["remove"])
    assert f"removed {entry}" in removed.output
    assert "no shortcut" in CliRunner().invoke(shortcut, ["remove"]).output


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-validate is missing")
def test_the_entry_is_valid_even_with_strange_arguments(home: Path) -> None:
    for command in (COMMAND, ["/opt/my python/bin/python", *NASTY]):
        entry = linux.install("floor; \\ two", command)[0]
        checked = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True)
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def stand_in(home: Path) -> tuple[Path, Path]:
    """A program whose path has a space; it writes its arguments to the marker file beside it."""
    program, marker = home / "a program", home / "a marker"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"with open({str(marker)!r} + '.part', 'w') as file:\n"
        "    json.dump([sys.argv[1:], os.environ.get('DISPLAY')], file)\n"
        f"os.rename({str(marker)!r} + '.part', {str(marker)!r})\n"
    )
    program.chmod(0o755)
    return program, marker


@needs_xvfb
def test_a_double_click_starts_the_program(home: Path) -> None:
    program, marker = stand_in(home)
    copy = linux.install("floor", [str(program), "start", "two words", "--hands-free"])[1]
    launched = launch_under_xvfb(copy, {"HOME": str(home)})
    try:
        launched.wait(30)
        arguments, display = json.loads(marker.read_text())
    finally:
        end(launched)
    assert arguments == ["start", "two words", "--hands-free"]
    assert display


@pytest.mark.skipif(shutil.which("gio") is None, reason="gio (GLib: GNOME, Xfce) is missing")
def test_a_real_desktop_passes_on_every_character(home: Path) -> None:
    program, marker = stand_in(home)
    entry = linux.install("floor", [str(program), *NASTY])[0]
    subprocess.run(["gio", "launch", str(entry)], check=True, timeout=30)
    for _ in range(300):  # gio does not wait for what it has started
        if marker.exists():
            break
        time.sleep(0.05)
    assert json.loads(marker.read_text())[0] == NASTY
