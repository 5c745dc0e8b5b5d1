"""Opens an address in the user's browser: as a window of its own where the browser can, else as a page."""

import contextlib
import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

_LINUX = (
    "google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge",
    "brave-browser", "brave",
)  # fmt: skip
_MACOS = ("Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser")
_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe",
    r"BraveSoftware\Brave-Browser\Application\brave.exe",
)  # fmt: skip


@contextlib.contextmanager
def _usual_rights() -> Iterator[None]:
    """What the user downloads with a browser is not to get the rights of our own files (`__main__.py`)."""
    ours = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(ours)


@_usual_rights()
def browse(address: str) -> bool:
    """Whether there was a browser to open `address` in. It is not waited for."""
    program = with_windows()
    if program is not None and _run(program, f"--app={address}", *_as_root()):
        return True
    if not _has_screen():
        return False  # webbrowser would start one inside the terminal
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False


def with_windows() -> str | None:
    """A browser that shows a page as a window of its own (`--app`); None if there is none, or no screen."""
    if not _has_screen():
        return None
    if sys.platform == "win32":
        folders = [os.environ.get(name, "") for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        return _there(*(Path(folder) / name for name in _WINDOWS for folder in folders if folder))
    if sys.platform == "darwin":
        return _there(*(Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in _MACOS))
    return next((found for name in _LINUX if (found := shutil.which(name))), None)


def _there(*paths: Path) -> str | None:
    return next((str(path) for path in paths if path.exists()), None)


def _has_screen() -> bool:
    unix = sys.platform not in ("win32", "darwin")
    return not unix or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _as_root() -> list[str]:
    """Chromium runs as root, as in a container, only without its sandbox."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _run(*command: str) -> bool:
    try:
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError:
        return False
    return True
