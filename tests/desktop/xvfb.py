"""Start a desktop entry as a desktop does: from the file, on an X server, without a terminal."""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

_MISSING = [program for program in ("xvfb-run", "xauth", "Xvfb", "dex") if shutil.which(program) is None]
needs_xvfb = pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}")


def launch_under_xvfb(entry: Path, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Launch entry (a .desktop file) on a virtual screen of its own; env is added to this process's.

    dex starts the program and waits for it, so the returned process ends after the program has. Its stdout
    is what the program printed. It leads a process group of its own, which `end` kills: temporary files
    may remain, so they are put beside the entry.
    """
    return subprocess.Popen(
        ["xvfb-run", "--auto-servernum", "dex", "--wait", str(entry)],
        env={**os.environ, **env, "TMPDIR": str(entry.parent)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def end(launched: "subprocess.Popen[bytes]") -> None:
    """End the program, dex and the X server, whatever has become of them."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(launched.pid, signal.SIGTERM)
    try:
        launched.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(launched.pid, signal.SIGKILL)
        launched.wait()
    if launched.stdout:
        launched.stdout.close()


_GLIB = "/usr/bin/python3"
_ACTION = """
import sys
try:
    from gi.repository.GioUnix import DesktopAppInfo
except ImportError:
    from gi.repository.Gio import DesktopAppInfo
from gi.repository.Gio import AppLaunchContext
entry, action = DesktopAppInfo.new_from_filename(sys.argv[1]), sys.argv[2]
def tell(_, __, about):
    with open(sys.argv[3], "w") as file:
        file.write(str(about.lookup_value("pid").get_int32()))
assert action in entry.list_actions(), entry.list_actions()
context = AppLaunchContext()
context.connect("launched", tell)
entry.launch_action(action, context)
"""


def _glib_is_there() -> bool:
    try:
        return subprocess.run([_GLIB, "-c", "import gi.repository.Gio"], capture_output=True).returncode == 0
    except OSError:
        return False


needs_actions = pytest.mark.skipif(not _glib_is_there(), reason="not installed: python3-gi")


def choose_action(entry: Path, action: str, env: dict[str, str]) -> int:
    """Choose an action of `entry` as GNOME's menu does, through GLib; the process that it has started."""
    pid = entry.with_suffix(".pid")  # what it starts inherits its streams, and keeps a pipe open
    command = [_GLIB, "-c", _ACTION, str(entry), action, str(pid)]
    subprocess.run(command, env={**os.environ, **env}, check=True, timeout=30, stdout=subprocess.DEVNULL)
    return int(pid.read_text())
