"""Finds the environment, and checks whether it is up to date. Imported at every start: keep it small."""

import os
import sys
from hashlib import sha256

STAMP = "voicecoach-stamp"
LOCKS = "locks"
"""The folder of exact versions and hashes, one file per group of pyproject.toml; made by scripts/lock."""
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"


def fingerprint(root: str) -> str:
    """A hash that changes whenever the environment must be installed again.

    It covers the checkout's path, because an editable install points there: after a move, it must be redone.
    """
    digest = sha256()
    locks = sorted(name for name in os.listdir(os.path.join(root, LOCKS)) if name.endswith(".txt"))
    for name in ("pyproject.toml", *(f"{LOCKS}/{name}" for name in locks)):
        with open(os.path.join(root, name), "rb") as file:
            digest.update(file.read() + b"\0")
    digest.update(f"{PYTHON} {root}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def read_stamp(venv: str) -> tuple[str, list[str]]:
    """The fingerprint and groups of the last complete install; "" and no groups if there was none."""
    try:
        with open(os.path.join(venv, STAMP), encoding="utf-8") as file:
            words = file.read().split()
    except (OSError, UnicodeDecodeError):
        return "", []
    return (words[0], words[1:]) if words else ("", [])


def write_stamp(venv: str, mark: str, groups: list[str]) -> None:
    part = os.path.join(venv, STAMP + ".part")
    with open(part, "w", encoding="utf-8") as file:
        file.write(" ".join([mark, *groups]) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, os.path.join(venv, STAMP))


def is_ready(venv: str, mark: str, group: str = "") -> bool:
    stamp, groups = read_stamp(venv)
    # exists() follows the link, which may be dead after an upgrade of the system's Python.
    return stamp == mark and (not group or group in groups) and os.path.exists(python_of(venv))


def python_of(venv: str) -> str:
    return os.path.join(venv, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def choose_venv(root: str, mark: str, group: str = "") -> str:
    """The checkout's .venv if it is up to date or can be written; otherwise one in the user's own folders."""
    venv = os.path.join(root, ".venv")
    if is_ready(venv, mark, group) or os.access(venv if os.path.isdir(venv) else root, os.W_OK):
        return venv
    return personal_venv()


def personal_venv() -> str:
    if os.name == "nt":
        data = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    elif sys.platform == "darwin":
        data = os.path.expanduser("~/Library/Application Support")
    else:
        data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return os.path.join(data, "voicecoach", "venv")
