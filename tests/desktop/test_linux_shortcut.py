"""The desktop shortcut on Linux: it starts the program, and its removal leaves nothing behind."""

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.desktop.conftest import COMMAND, a_shortcut, files_below
from tests.desktop.xvfb import choose_action, end, launch_under_xvfb, needs_actions, needs_xvfb
from voicecoach.desktop import Action, HotKey, Shortcut, linux
from voicecoach.desktop.entry import exec_value
from voicecoach.desktop.shortcut import file_stem

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="freedesktop entries")
NASTY = (
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
)
STEM = file_stem("Back exercises (floor)")


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
    assert exec_value(["/bin/x", argument]) == f"/bin/x {written}"


def test_the_entry_lies_in_the_menu_and_on_the_desktop(home: Path) -> None:
    written = linux.install(a_shortcut()).files
    assert written == (
        home / f".local/share/applications/{STEM}.desktop",
        home / f"Desktop/{STEM}.desktop",
    )
    assert sorted(files_below(home)) == sorted(written)
    assert written[1].stat().st_mode & stat.S_IXUSR
    assert written_in(written[0], "Exec") == " ".join(COMMAND)
    assert Path(written_in(written[0], "Icon")).is_file()


def test_no_desktop_folder_means_no_icon_in_the_home_folder(home: Path) -> None:
    (home / "Desktop").rmdir()
    assert linux.install(a_shortcut()).files == (home / f".local/share/applications/{STEM}.desktop",)


def test_the_data_folder_may_lie_elsewhere(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data; of mine"))
    installed = linux.install(a_shortcut())
    assert installed.files[0] == tmp_path / f"data; of mine/applications/{STEM}.desktop"
    assert len(linux.remove(installed)) == 2


def test_several_lie_side_by_side_and_each_is_removed_alone(home: Path) -> None:
    floor = linux.install(a_shortcut())
    chosen = linux.install(a_shortcut("Back exercises", None))
    named = linux.install(a_shortcut("Rücken; \\ 100 %"))
    assert len(files_below(home)) == 6
    kept = {(each.name, each.program, tuple(sorted(each.files))) for each in linux.installed()}
    assert kept == {(each.name, each.program, tuple(sorted(each.files))) for each in (floor, chosen, named)}
    assert sorted(linux.remove(named)) == sorted(named.files)
    assert sorted(files_below(home)) == sorted((*floor.files, *chosen.files))


def test_names_that_look_alike_are_two_shortcuts(home: Path) -> None:
    for name in ("morning", "Morning", "morning!", "朝", "夜"):
        linux.install(a_shortcut(name))
    assert len(linux.installed()) == 5


def test_removing_leaves_nothing_behind(home: Path) -> None:
    installed = linux.install(a_shortcut())
    assert sorted(linux.remove(installed)) == sorted(installed.files)
    assert files_below(home) == []
    assert linux.installed() == []
    assert linux.remove(installed) == []


def test_removing_finds_the_copy_after_the_desktop_folder_has_moved(home: Path, tmp_path: Path) -> None:
    first = linux.install(a_shortcut())
    elsewhere = home / "Schreib;tisch"
    elsewhere.mkdir()
    (tmp_path / "programs/xdg-user-dir").write_text('#!/bin/sh\necho "$HOME/Schreib;tisch"\n')
    second = linux.install(a_shortcut())
    assert not first.files[1].exists()
    assert second.files[1].parent == elsewhere
    linux.remove(linux.installed()[0])
    assert files_below(home) == []


def test_installing_twice_under_one_name_renews_it(home: Path) -> None:
    linux.install(a_shortcut("mine"))
    again = linux.install(a_shortcut("mine", "chair", (*COMMAND[:4], "chair", *COMMAND[5:])))
    assert sorted(files_below(home)) == sorted(again.files)
    assert "start chair" in written_in(again.files[0], "Exec")
    assert linux.installed()[0].program == "chair"


def test_an_entry_of_the_users_own_making_is_neither_overwritten_nor_removed(home: Path) -> None:
    own = home / f"Desktop/{STEM}.desktop"
    own.write_text("[Desktop Entry]\nName=mine\n")
    with pytest.raises(FileExistsError, match="not made by voicecoach"):
        linux.install(a_shortcut())
    assert linux.installed() == []
    assert files_below(home) == [own]


def test_a_full_disk_leaves_no_half_written_entry(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        linux.install(a_shortcut())
    assert files_below(home) == []


def test_plasma_reads_the_hot_key_from_the_entry_and_no_other_desktop_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    entry = linux.install(a_shortcut(hotkey="<Super><Shift>b")).files[0]
    assert written_in(entry, "X-KDE-Shortcuts") == "Meta+Shift+B"
    assert linux.installed()[0].hotkey == HotKey.of("Super+Shift+B")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "XFCE")
    assert linux.install(a_shortcut(hotkey="<Super><Shift>b")).hotkey is None
    assert "Shortcuts" not in entry.read_text()


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-validate is missing")
def test_the_entry_is_valid_even_with_strange_arguments(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    strange = ("/opt/my python/bin/python", *NASTY)
    for command in (COMMAND, strange):
        actions = (Action("desk", "Desk; \\ break", command), Action("open", "Home page", command))
        entry = linux.install(a_shortcut("floor; \\ two", "x;y", command, actions, "Ctrl+Alt+F9")).files[0]
        checked = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True)
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def stand_in(home: Path) -> tuple[str, Path]:
    """A program whose path has a space; it writes its arguments to the marker file beside it."""
    program, marker = home / "a program", home / "a marker"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"with open({str(marker)!r} + '.part', 'w') as file:\n"
        "    json.dump([sys.argv[1:], os.environ.get('DISPLAY')], file)\n"
        f"os.rename({str(marker)!r} + '.part', {str(marker)!r})\n"
    )
    program.chmod(0o755)
    return str(program), marker


def told(marker: Path) -> tuple[list[str], str | None]:
    """What the stand-in was started with; desktops do not wait for what they have started."""
    for _ in range(300):
        if marker.exists():
            break
        time.sleep(0.05)
    arguments, display = json.loads(marker.read_text())
    marker.unlink()
    return arguments, display


@needs_xvfb
def test_a_double_click_starts_the_program_of_this_icon_and_not_of_the_other(home: Path) -> None:
    program, marker = stand_in(home)
    icons = [
        linux.install(a_shortcut(name, None, (program, "start", name, "--hands-free"))).files[1]
        for name in ("two words", "other")
    ]
    for icon, name in zip(icons, ("two words", "other"), strict=True):
        launched = launch_under_xvfb(icon, {"HOME": str(home)})
        try:
            launched.wait(30)
            arguments, display = told(marker)
        finally:
            end(launched)
        assert arguments == ["start", name, "--hands-free"]
        assert display


@pytest.mark.skipif(shutil.which("gio") is None, reason="gio (GLib: GNOME, Xfce) is missing")
def test_a_real_desktop_passes_on_every_character(home: Path) -> None:
    program, marker = stand_in(home)
    entry = linux.install(a_shortcut(command=(program, *NASTY))).files[0]
    subprocess.run(["gio", "launch", str(entry)], check=True, timeout=30)
    assert told(marker)[0] == list(NASTY)


@needs_actions
def test_a_right_click_offers_the_other_ways_to_begin(home: Path) -> None:
    program, marker = stand_in(home)
    actions = (
        Action("desk", "Desk break", (program, "start", "desk")),
        Action("all", "All", (program, *NASTY)),
    )
    entry = linux.install(Shortcut("Back", None, (program, "start"), actions)).files[0]
    for action in actions:
        choose_action(entry, action.id, {})
        assert told(marker)[0] == list(action.command[1:])
