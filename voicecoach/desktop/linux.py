"""A freedesktop entry in the applications menu, a copy on the desktop, and a hot key in GNOME or KDE."""

import contextlib
import dataclasses
import os
import shutil
import subprocess
from pathlib import Path

from voicecoach.files import write_whole
from voicecoach.tables import InputError

from . import gnome
from .entry import entry_text, read_entry
from .hotkey import Binding, HotKey
from .shortcut import Installed, Shortcut, file_stem


def install(shortcut: Shortcut) -> Installed:
    """Raises InputError if the hot key is taken, or OSError."""
    entry = _menu_folder() / f"{file_stem(shortcut.name)}.desktop"
    how = binding(shortcut.hotkey) if shortcut.hotkey else Binding.BY_HAND
    if how is Binding.BY_HAND:
        shortcut = dataclasses.replace(shortcut, hotkey=None)
    if how is Binding.AT_ONCE:
        _check_free(shortcut)
    desktop = _desktop_folder()
    copies = [desktop / entry.name] if desktop else []
    for earlier in installed():
        if earlier.name == shortcut.name:
            remove(earlier)  # its copy may be in a folder that is no longer the desktop
    for path in [entry, *copies]:
        if path.exists():
            raise FileExistsError(
                f"{path} already exists and was not made by voicecoach. It was left as it is; "
                "rename it and install the shortcut again"
            )
    done = Installed(shortcut.name, shortcut.program, shortcut.hotkey, (entry, *copies))
    try:
        if how is Binding.AT_ONCE:
            gnome.bind(shortcut, entry.stem)
        text = entry_text(shortcut, copies, for_kde=how is Binding.BY_FILE)
        write_whole(entry, text, mode=0o644)
        for copy in copies:
            write_whole(copy, text, mode=0o755)  # outside the menu, desktops only start executable files
    except OSError:
        with contextlib.suppress(OSError):
            remove(done)
        raise
    return done


def remove(shortcut: Installed) -> list[Path]:
    """Raises OSError. The menu entry goes last: if a removal fails half-way, it still lists the copies."""
    *copies, entry = sorted(shortcut.files, key=lambda path: path.parent == _menu_folder())
    gnome.unbind(entry.stem)
    removed = []
    for path in [*copies, entry]:
        if read_entry(path) is not None:
            path.unlink()
            removed.append(path)
    return removed


def installed() -> list[Installed]:
    found = (read_entry(path) for path in sorted(_menu_folder().glob("voicecoach*.desktop")))
    return [shortcut for shortcut in found if shortcut is not None]


def binding(hotkey: HotKey) -> Binding:
    if "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        return Binding.BY_FILE
    return Binding.AT_ONCE if gnome.serves() else Binding.BY_HAND


def _check_free(shortcut: Shortcut) -> None:
    """Raises InputError."""
    assert shortcut.hotkey is not None
    owner = gnome.owner(shortcut.hotkey)
    if owner not in (None, shortcut.name):
        raise InputError(
            f"The hot key {shortcut.hotkey} belongs to {owner!r} already. Nothing was changed. Choose "
            "another, or free it in the keyboard settings."
        )


def _menu_folder() -> Path:
    data = os.environ.get("XDG_DATA_HOME", "")
    # The Base Directory Specification says to ignore a relative path.
    return (Path(data) if os.path.isabs(data) else Path.home() / ".local/share") / "applications"


def _desktop_folder() -> Path | None:
    if shutil.which("xdg-user-dir") is None:
        return None
    try:
        answer = subprocess.run(["xdg-user-dir", "DESKTOP"], capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return None
    folder = Path(answer.stdout.strip() or "/nowhere")
    # Without a desktop folder, xdg-user-dir answers with the home folder, where nobody wants an icon.
    return folder if folder.is_dir() and folder != Path.home() else None
