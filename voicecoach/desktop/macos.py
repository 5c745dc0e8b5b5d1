"""An application bundle in the user's Applications folder, and a link to it on the desktop.

It runs in the background, without Terminal. macOS asks once whether it may use the microphone, and shows the
words of NSMicrophoneUsageDescription. Read back in tests, and not tried on a Mac. pyshortcuts does not serve:
it escapes neither XML nor shell, deletes whatever bears the same name, and has no word for the microphone.
"""

import plistlib
import secrets
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import msgspec

from .hotkey import Binding, HotKey
from .shortcut import Installed, Shortcut, file_stem, shown_stem

ICON = Path(__file__).resolve().with_name("icon.icns")
_OURS = "VoicecoachShortcut"
MICROPHONE = (
    'The coach listens for words such as "stop" and "pain". Nothing is recorded or leaves this computer.'
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What `list` tells about a bundle."""

    name: str
    program: str = ""
    """empty: the coach chooses, since a property list knows no null"""


def install(shortcut: Shortcut) -> Installed:
    """Raises OSError."""
    app, link = _places(shown_stem(shortcut.name))
    for path in (app, link):
        ours = path.is_symlink() and path.readlink() == app
        if (path.exists() or path.is_symlink()) and not ours and _read(path) is None:
            raise FileExistsError(f"{path} was not made by voicecoach and was left as it is; rename it first")
    part = app.with_name(f".{app.name}.{secrets.token_hex(6)}")
    try:
        _write(part, shortcut)
        if app.exists():
            shutil.rmtree(app)
        part.rename(app)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    if link.parent.is_dir():
        link.unlink(missing_ok=True)
        link.symlink_to(app)
    return _installed(app)


def remove(shortcut: Installed) -> list[Path]:
    removed = [path for path in shortcut.files if _read(path) is not None]
    for path in sorted(removed, key=lambda path: not path.is_symlink()):
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path)
    return removed


def installed() -> list[Installed]:
    return [_installed(app) for app in sorted(_places("*")[0].parent.glob("*.app")) if _read(app)]


def binding(hotkey: HotKey) -> Binding:
    """macOS gives hot keys to the commands of the Shortcuts app alone, which has no files to write."""
    return Binding.BY_HAND


def _write(app: Path, shortcut: Shortcut) -> None:
    contents = app / "Contents"
    for folder in ("MacOS", "Resources"):
        (contents / folder).mkdir(parents=True)
    kept = _Kept(shortcut.name, shortcut.program or "")
    about = {
        "CFBundleName": shortcut.name,
        "CFBundleDisplayName": shortcut.name,
        "CFBundleIdentifier": f"org.voicecoach.{file_stem(shortcut.name)}",
        "CFBundleExecutable": "start",
        "CFBundleIconFile": ICON.name,
        "CFBundlePackageType": "APPL",
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleVersion": "1",
        "LSUIElement": True,  # no window of its own, so nothing in the Dock that would never respond
        "NSMicrophoneUsageDescription": MICROPHONE,
        _OURS: msgspec.to_builtins(kept),
    }
    (contents / "Info.plist").write_bytes(plistlib.dumps(about))
    program = contents / "MacOS" / "start"
    program.write_text(f"#!/bin/sh\nexec {shlex.join(shortcut.command)}\n", encoding="utf-8")
    program.chmod(0o755)
    shutil.copyfile(ICON, contents / "Resources" / ICON.name)


def _places(stem: str) -> tuple[Path, Path]:
    """The bundle and the link to it."""
    return Path.home() / "Applications" / f"{stem}.app", Path.home() / "Desktop" / f"{stem}.app"


def _installed(app: Path) -> Installed:
    kept = _read(app)
    assert kept is not None
    link = _places(app.stem)[1]
    files = (app, link) if link.is_symlink() and _read(link) else (app,)
    return Installed(kept.name, kept.program or None, None, files)


def _read(app: Path) -> _Kept | None:
    """None if the bundle is missing or not ours."""
    try:
        about = plistlib.loads((app / "Contents" / "Info.plist").read_bytes())
        return msgspec.convert(about[_OURS], _Kept)
    except (OSError, KeyError, plistlib.InvalidFileException, msgspec.ValidationError):
        return None
