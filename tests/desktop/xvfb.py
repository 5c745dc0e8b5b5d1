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
