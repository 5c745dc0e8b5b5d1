"""A freedesktop entry in the applications menu, and a copy on the desktop.

The rules for Exec are those of the Desktop Entry Specification, "The Exec key".
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from voicecoach.files import write_whole

ENTRY_NAME = "voicecoach.desktop"
ICON = Path(__file__).resolve().with_name("icon.svg")
# Marks the file as ours to delete, and lists its copies, because the desktop folder may move later.
COPIES_KEY = "X-Voicecoach-Copies"
_RESERVED = set(" \t\n\r\"'\\><~|&;$*?#()`")


def install(program: str, command: list[str]) -> list[Path]:
    entry = _menu_folder() / ENTRY_NAME
    desktop = _desktop_folder()
    copies = [desktop / ENTRY_NAME] if desktop else []
    remove()  # an earlier copy may be in a folder that is no longer the desktop
    for path in [entry, *copies]:
        if path.exists():
            raise FileExistsError(
                f"{path} already exists and was not made by voicecoach. It was left as it is; "
                "rename it and install the shortcut again"
            )
    text = entry_text(program, command, copies)
    write_whole(entry, text, mode=0o644)
    for copy in copies:
        write_whole(copy, text, mode=0o755)  # outside the menu, desktops only start executable files
    return [entry, *copies]


def remove() -> list[Path]:
    entry = _menu_folder() / ENTRY_NAME
    copies = _copies_of(entry)
    if copies is None:
        return []
    removed = []
    # The menu entry is deleted last: if a removal fails half-way, it still lists the copies.
    for path in [*copies, entry]:
        if _copies_of(path) is not None:
            path.unlink()
            removed.append(path)
    return removed


def entry_text(program: str, command: list[str], copies: list[Path]) -> str:
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.0",
        f"Name={escaped(f'Back exercises ({program})')}",
        "GenericName=Voice-guided exercise session",
        f"Comment={escaped(f'Start the {program} session and follow the voice; no screen needed')}",
        f"TryExec={escaped(command[0])}",
        f"Exec={exec_value(command)}",
        f"Icon={escaped(str(ICON))}",
        "Terminal=false",
        "Categories=Utility;",
        "Keywords=back;exercise;physiotherapy;voice;",
        f"{COPIES_KEY}={''.join(_list_item(str(copy)) for copy in copies)}",
    ]
    return "\n".join(lines) + "\n"


def exec_value(command: list[str]) -> str:
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


def _copies_of(entry: Path) -> list[Path] | None:
    """The copies that our entry lists; None if the file is missing or not ours."""
    try:
        lines = entry.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    for line in lines:
        key, _, value = line.partition("=")
        if key == COPIES_KEY:
            return [Path(_unescaped(item)) for item in re.findall(r"(?:\\.|[^\\;])+", value)]
    return None


def _list_item(value: str) -> str:
    return escaped(value).replace(";", "\\;") + ";"


def _unescaped(value: str) -> str:
    special = {"n": "\n", "t": "\t", "r": "\r", "s": " "}
    return re.sub(r"\\(.)", lambda match: special.get(match[1], match[1]), value)


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
