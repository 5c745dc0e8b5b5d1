"""A user's home with a desktop; and GNOME's settings, the real ones, kept in a file of the test's own."""

import os
from pathlib import Path

import pytest

from voicecoach.desktop import Action, HotKey, Shortcut, gnome

COMMAND = ("/opt/python", "-m", "voicecoach", "start", "floor", "--hands-free", "--page")
KEYS = "org.gnome.settings-daemon.plugins.media-keys"


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
    monkeypatch.setenv("GSETTINGS_BACKEND", "keyfile")  # else the settings of whoever runs the tests
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CURRENT_DESKTOP"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def at_gnome(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a user of GNOME."""
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    if not gnome.serves():
        pytest.skip("gsettings or GNOME's schemas are missing")
    return home


def a_shortcut(
    name: str = "Back exercises (floor)",
    program: str | None = "floor",
    command: tuple[str, ...] = COMMAND,
    actions: tuple[Action, ...] = (),
    hotkey: str | None = None,
) -> Shortcut:
    return Shortcut(name, program, command, actions, HotKey.of(hotkey) if hotkey else None)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if not path.is_dir()]
