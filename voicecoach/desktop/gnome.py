"""Hot keys of GNOME: its custom keyboard shortcuts, which `gsettings` reads and writes.

Each is a name, a command and a binding at a path of its own; a list names the paths. Ours end in the file
name of the shortcut, so that nobody else's is ever touched.
"""

import ast
import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator

from voicecoach.tables import InputError

from .hotkey import HotKey
from .shortcut import Shortcut

_KEYS = "org.gnome.settings-daemon.plugins.media-keys"
_ONE = f"{_KEYS}.custom-keybinding"
_FOLDER = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/"
_OTHERS = (
    "org.gnome.desktop.wm.keybindings",
    "org.gnome.shell.keybindings",
    "org.gnome.mutter.keybindings",
    _KEYS,
)
_PATIENCE_S = 10


def serves() -> bool:
    """Whether this is a GNOME desktop, or one with its settings, as Ubuntu's and Budgie are."""
    here = os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")
    return "GNOME" in here and _paths() is not None


def owner(key: HotKey) -> str | None:
    """The name of what `key` does already."""
    for path in _paths() or []:
        if _is(_read(f"{_ONE}:{path}", "binding"), key):
            return str(_read(f"{_ONE}:{path}", "name"))
    for schema in _OTHERS:
        for name, bound in _bindings(schema):
            if any(_is(one, key) for one in bound):
                return name
    return None


def bind(shortcut: Shortcut, stem: str) -> None:
    """Raises OSError."""
    assert shortcut.hotkey is not None
    path = f"{_FOLDER}{stem}/"
    _write(f"{_ONE}:{path}", "name", shortcut.name)
    _write(f"{_ONE}:{path}", "command", shlex.join(shortcut.command))
    _write(f"{_ONE}:{path}", "binding", shortcut.hotkey.gnome)
    paths = _paths() or []
    if path not in paths:
        _write(_KEYS, "custom-keybindings", [*paths, path])


def unbind(stem: str) -> None:
    """Raises OSError."""
    path, paths = f"{_FOLDER}{stem}/", _paths() or []
    if path in paths:
        _write(_KEYS, "custom-keybindings", [other for other in paths if other != path])
        _gsettings("reset-recursively", f"{_ONE}:{path}")


def _paths() -> list[str] | None:
    """Of the custom shortcuts; None if there is no such setting, or nothing that reads it."""
    try:
        found = _read(_KEYS, "custom-keybindings")
    except OSError:
        return None
    return [path for path in found if isinstance(path, str)] if isinstance(found, list) else None


def _bindings(schema: str) -> Iterator[tuple[str, list[object]]]:
    """Every key of a schema that is there, and what it is bound to."""
    try:
        lines = _gsettings("list-recursively", schema).splitlines()
    except OSError:
        return
    for line in lines:
        _, _, rest = line.partition(" ")
        name, _, value = rest.partition(" ")
        found = _value(value)
        yield name, found if isinstance(found, list) else [found]


def _is(binding: object, key: HotKey) -> bool:
    try:
        return isinstance(binding, str) and HotKey.of(binding) == key
    except InputError:  # a media key, or nothing
        return False


def _read(schema: str, key: str) -> object:
    return _value(_gsettings("get", schema, key).strip())


def _value(text: str) -> object:
    """A GVariant in its text form. Those of texts and lists are Python's; no other matters here."""
    try:
        return ast.literal_eval(text.removeprefix("@as "))
    except (ValueError, SyntaxError):
        return None


def _write(schema: str, key: str, value: str | list[str]) -> None:
    _gsettings("set", schema, key, json.dumps(value, ensure_ascii=False))  # its escapes are GVariant's, too


def _gsettings(*arguments: str) -> str:
    program = shutil.which("gsettings")
    if program is None:
        raise FileNotFoundError("gsettings is missing")
    try:
        done = subprocess.run(
            [program, *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE_S,
        )
    except subprocess.TimeoutExpired as error:
        raise OSError("gsettings does not answer") from error
    if done.returncode != 0:
        raise OSError(f"gsettings: {done.stderr.strip()}")
    return done.stdout
