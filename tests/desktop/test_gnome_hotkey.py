"""Hot keys in GNOME's real settings, read and written by the real gsettings."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

from tests.desktop.conftest import COMMAND, KEYS, a_shortcut, files_below
from voicecoach.desktop import linux
from voicecoach.tables import InputError

OTHERS = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/custom0/"


def gsettings(*arguments: str) -> str:
    return subprocess.run(
        ["gsettings", *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


def paths() -> list[str]:
    found: list[str] = ast.literal_eval(gsettings("get", KEYS, "custom-keybindings").removeprefix("@as "))
    return found


def value(path: str, key: str) -> str:
    return str(ast.literal_eval(gsettings("get", f"{KEYS}.custom-keybinding:{path}", key)))


@pytest.fixture
def terminal(at_gnome: Path) -> Path:
    """A user who has a hot key of their own."""
    for key, text in (("name", "Terminal"), ("command", "xterm"), ("binding", "<Super>t")):
        gsettings("set", f"{KEYS}.custom-keybinding:{OTHERS}", key, text)
    gsettings("set", KEYS, "custom-keybindings", f"['{OTHERS}']")
    return at_gnome


def test_a_hot_key_starts_the_command_of_the_shortcut(terminal: Path) -> None:
    command = ("/opt/my python", "it's", 'a "b"', "grüße")
    linux.install(a_shortcut('Say "hi", it\'s \\ grüße', command=command, hotkey="<Super>b"))
    mine = paths()[1]
    assert value(mine, "name") == 'Say "hi", it\'s \\ grüße'
    assert value(mine, "binding") == "<Super>b"
    words = f'for word in {value(mine, "command")}; do echo "$word"; done'
    assert subprocess.check_output(["sh", "-c", words], text=True).splitlines() == list(command)


def test_removing_the_shortcut_removes_its_hot_key_and_nobody_elses(terminal: Path) -> None:
    first = linux.install(a_shortcut("first", hotkey="<Super>b"))
    second = linux.install(a_shortcut("second", hotkey="<Super>j"))
    mine, other = paths()[1:]
    linux.remove(first)
    assert paths() == [OTHERS, other]
    assert value(mine, "binding") == ""
    linux.remove(second)
    assert paths() == [OTHERS]
    assert [value(OTHERS, key) for key in ("name", "command", "binding")] == ["Terminal", "xterm", "<Super>t"]


def test_the_last_hot_key_may_be_removed(at_gnome: Path) -> None:
    linux.remove(linux.install(a_shortcut(hotkey="<Super>b")))
    assert paths() == []


def test_a_shortcut_has_one_hot_key_however_often_it_is_installed(at_gnome: Path) -> None:
    for key in ("<Super>b", "<Super>b", "<Super>j"):
        linux.install(a_shortcut(hotkey=key))
    (mine,) = paths()
    assert value(mine, "binding") == "<Super>j"


@pytest.mark.parametrize("key", ["<Super>t", "<Super>l"])
def test_a_hot_key_of_somebody_else_or_of_gnome_is_refused_before_anything_is_written(
    terminal: Path, key: str
) -> None:
    before = sorted(files_below(terminal / "Desktop"))
    with pytest.raises(InputError, match=r"belongs to '(Terminal|screensaver)' already"):
        linux.install(a_shortcut(hotkey=key))
    assert sorted(files_below(terminal / "Desktop")) == before
    assert paths() == [OTHERS]


def test_a_hot_key_is_removed_from_another_desktop_too(
    at_gnome: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linux.install(a_shortcut(hotkey="<Super>b"))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "XFCE")
    linux.remove(linux.installed()[0])
    assert paths() == []


def test_elsewhere_nothing_is_written_into_the_settings(
    at_gnome: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GNOME's schemas are installed on many computers whose desktop does not read them."""
    for desktop in ("", "XFCE", "KDE", "X-Cinnamon"):
        monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
        linux.install(a_shortcut(hotkey="<Super>b"))
        assert paths() == []


def test_settings_that_cannot_be_written_are_told_and_leave_no_icon(
    at_gnome: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = subprocess.check_output(["which", "gsettings"], text=True).strip()
    broken = tmp_path / "programs" / "gsettings"
    broken.write_text(f'#!/bin/sh\n[ "$1" = set ] && {{ echo no bus >&2; exit 1; }}\nexec {real} "$@"\n')
    broken.chmod(0o755)
    with pytest.raises(OSError, match="no bus"):
        linux.install(a_shortcut(hotkey="<Super>b"))
    assert files_below(at_gnome / "Desktop") == []


def test_a_full_disk_leaves_no_hot_key_behind(at_gnome: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        linux.install(a_shortcut(hotkey="<Super>b"))
    assert paths() == []


def test_a_computer_without_gsettings_has_a_shortcut_without_a_hot_key(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "GNOME")
    monkeypatch.setenv("PATH", os.environ["PATH"].split(":")[0])
    assert linux.install(a_shortcut(command=COMMAND, hotkey="<Super>b")).hotkey is None
    assert len(linux.remove(linux.installed()[0])) >= 1
