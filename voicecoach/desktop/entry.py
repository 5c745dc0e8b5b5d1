"""The text of a freedesktop entry, with its actions. Pure: linux.py has the files.

The rules for Exec are those of the Desktop Entry Specification, "The Exec key".
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from voicecoach.tables import InputError

from .hotkey import HotKey
from .shortcut import Installed, Shortcut

ICON = Path(__file__).resolve().with_name("icon.svg")
# Marks the file as ours to delete, and lists its copies, because the desktop folder may move later.
_COPIES = "X-Voicecoach-Copies"
_PROGRAM, _HOTKEY = "X-Voicecoach-Program", "X-Voicecoach-Hotkey"
_RESERVED = set(" \t\n\r\"'\\><~|&;$*?#()`")


def entry_text(shortcut: Shortcut, copies: Iterable[Path], for_kde: bool = False) -> str:
    """`for_kde`: Plasma shall read the hot key from this file (docs/desktop.md#hot-keys)."""
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.1",
        f"Name={escaped(shortcut.name)}",
        "GenericName=Voice-guided exercise session",
        f"Comment={escaped(shortcut.about)}",
        f"TryExec={escaped(shortcut.command[0])}",
        f"Exec={exec_value(shortcut.command)}",
        f"Icon={escaped(str(ICON))}",
        "Terminal=false",
        "Categories=Utility;",
        "Keywords=back;exercise;physiotherapy;voice;",
        f"Actions={''.join(f'{action.id};' for action in shortcut.actions)}",
        f"{_COPIES}={''.join(_list_item(str(copy)) for copy in copies)}",
    ]
    if shortcut.program is not None:
        lines.append(f"{_PROGRAM}={escaped(shortcut.program)}")
    if shortcut.hotkey is not None:
        lines.append(f"{_HOTKEY}={shortcut.hotkey}")
        if for_kde:
            lines.append(f"X-KDE-Shortcuts={shortcut.hotkey.kde}")
    for action in shortcut.actions:
        lines += ["", f"[Desktop Action {action.id}]"]
        lines += [f"Name={escaped(action.name)}", f"Exec={exec_value(action.command)}"]
    return "\n".join(lines) + "\n"


def read_entry(path: Path) -> Installed | None:
    """The shortcut that `path` is the entry or a copy of; its files are the copies, then `path`.

    None if the file is missing or not ours.
    """
    try:
        keys = dict(_keys(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    if _COPIES not in keys:
        return None
    copies = [Path(_unescaped(item)) for item in re.findall(r"(?:\\.|[^\\;])+", keys[_COPIES])]
    program = keys.get(_PROGRAM)
    try:
        hotkey = HotKey.of(keys[_HOTKEY]) if _HOTKEY in keys else None
    except InputError:  # edited by hand
        hotkey = None
    name = _unescaped(keys.get("Name", path.stem))
    return Installed(name, None if program is None else _unescaped(program), hotkey, (*copies, path))


def _keys(text: str) -> Iterator[tuple[str, str]]:
    """Those of the group [Desktop Entry], which is the first."""
    for line in text.splitlines()[1:]:
        if line.startswith("["):
            return
        key, _, value = line.partition("=")
        yield key, value


def exec_value(command: Iterable[str]) -> str:
    """The Exec value that makes a desktop run exactly this argument list."""
    return escaped(" ".join(_exec_argument(argument) for argument in command))


def _exec_argument(argument: str) -> str:
    argument = argument.replace("%", "%%")  # a lone % begins a field code such as %f
    if argument and not _RESERVED.intersection(argument):
        return argument
    for special in ("\\", '"', "`", "$"):  # the backslash first, or it would escape the others' escapes
        argument = argument.replace(special, "\\" + special)
    return f'"{argument}"'


def escaped(value: str) -> str:
    """Escape a string value. Exec is escaped twice, by its own rules first: a backslash becomes four."""
    for plain, escape in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        value = value.replace(plain, escape)
    return value


def _list_item(value: str) -> str:
    return escaped(value).replace(";", "\\;") + ";"


def _unescaped(value: str) -> str:
    special = {"n": "\n", "t": "\t", "r": "\r", "s": " "}
    return re.sub(r"\\(.)", lambda match: special.get(match[1], match[1]), value)
