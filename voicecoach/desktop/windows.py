"""A .lnk in the Start menu and on the desktop. Read back in tests, started in Wine, and not tried on Windows.

pyshortcuts does not serve: it needs the shell itself, so nothing could be tested elsewhere, joins arguments
without quoting, and writes a batch file into Anaconda's folder. pylnk3 loses every letter of a path that is
not ASCII. So shell_link.py writes the bytes.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import platformdirs

from voicecoach.files import replacing
from voicecoach.tables import InputError

from .hotkey import Binding, HotKey
from .shell_link import ShellLink, link_bytes
from .shortcut import Installed, Shortcut, shown_stem

ICON = Path(__file__).resolve().with_name("icon.ico")
_CODE_PAGE = "mbcs" if sys.platform == "win32" else "ascii"
_MARK = b"voicecoach-shortcut:"
"""What follows the link's last block is read by nobody else."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What `list` tells about a link."""

    name: str
    program: str | None
    hotkey: str | None


def install(shortcut: Shortcut) -> Installed:
    """Raises OSError."""
    files = tuple(folder / f"{shown_stem(shortcut.name)}.lnk" for folder in _folders())
    for path in files:
        if path.exists() and _read(path) is None:
            raise FileExistsError(f"{path} was not made by voicecoach and was left as it is; rename it first")
    hotkey = shortcut.hotkey if shortcut.hotkey and binding(shortcut.hotkey) is Binding.BY_FILE else None
    link = ShellLink(
        str(_windowless(Path(shortcut.command[0]))),
        subprocess.list2cmdline(shortcut.command[1:]),
        shortcut.about,
        str(ICON),
        hotkey,
    )
    kept = _Kept(shortcut.name, shortcut.program, str(hotkey) if hotkey else None)
    data = link_bytes(link, _CODE_PAGE) + _MARK + msgspec.json.encode(kept)
    for path in files:
        with replacing(path, suffix=".lnk", durable=True) as part:
            part.write_bytes(data)
    return Installed(shortcut.name, shortcut.program, hotkey, files)


def remove(shortcut: Installed) -> list[Path]:
    removed = [path for path in shortcut.files if _read(path) is not None]
    for path in removed:
        path.unlink()
    return removed


def installed() -> list[Installed]:
    found: dict[str, Installed] = {}
    for folder in _folders():
        for path in sorted(folder.glob("*.lnk")):
            if (kept := _read(path)) is not None:
                files = (*found[kept.name].files, path) if kept.name in found else (path,)
                found[kept.name] = Installed(kept.name, kept.program, _hotkey(kept.hotkey), files)
    return list(found.values())


def binding(hotkey: HotKey) -> Binding:
    return Binding.BY_HAND if "Super" in hotkey.modifiers else Binding.BY_FILE


def _folders() -> tuple[Path, ...]:
    dirs = platformdirs.PlatformDirs("voicecoach", appauthor=False)
    return Path(dirs.user_applications_dir), Path(dirs.user_desktop_dir)


def _windowless(target: Path) -> Path:
    """The Python that opens no console window."""
    windowless = target.with_name("pythonw.exe")
    return windowless if target.name.lower() == "python.exe" and windowless.exists() else target


def _read(path: Path) -> _Kept | None:
    """None if the link is missing or not ours."""
    try:
        _, mark, kept = path.read_bytes().partition(_MARK)
        return msgspec.json.decode(kept, type=_Kept) if mark else None
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def _hotkey(text: str | None) -> HotKey | None:
    try:
        return HotKey.of(text) if text else None
    except InputError:
        return None
