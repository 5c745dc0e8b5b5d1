"""A notification of the desktop, for somebody who neither hears the coach nor looks at its window."""

import contextlib
import shutil
import subprocess
import sys
import threading

_PATIENCE_S = 3.0


def notify(title: str, text: str) -> None:
    """Show it, if there is a program that can, without waiting for anything."""
    threading.Thread(target=_show, args=(title, text), daemon=True, name="notification").start()


def _show(title: str, text: str) -> None:
    command = _command(title, text)
    if command is not None:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_S, check=False
            )


def _command(title: str, text: str) -> list[str] | None:
    if sys.platform == "darwin":
        quoted = [part.replace("\\", "\\\\").replace('"', '\\"') for part in (text, title)]
        return ["osascript", "-e", 'display notification "{}" with title "{}"'.format(*quoted)]
    program = shutil.which("notify-send")
    if sys.platform == "win32" or program is None:
        return None
    return [program, "--urgency=critical", f"--app-name={title}", title, text]
