"""Runs a long command with one line of progress. Its output goes to a log, whose end is shown if it fails."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence


class Cannot(Exception):
    """voicecoach cannot be started. The message says what happened, what was done, what the user can do."""


def say(text: str, end: str = "\n") -> None:
    if sys.stderr is not None:
        sys.stderr.write(text + end)
        sys.stderr.flush()


def run(
    what: str,
    command: list[str],
    log: str,
    cwd: str | None = None,
    env: dict[str, str] | None = None,
    keep_open: Sequence[int] = (),
) -> int:
    """Run command and return its exit code. It inherits the file descriptors in keep_open."""
    begun = time.monotonic()
    step = ""
    with open(log, "ab") as record:
        record.write(("\n$ " + " ".join(command) + "\n").encode("utf-8", "replace"))
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            pass_fds=() if os.name == "nt" else tuple(keep_open),
        )

        def read() -> None:
            nonlocal step
            assert child.stdout is not None
            with contextlib.suppress(ValueError):  # the log is already closed if the start was interrupted
                for line in child.stdout:
                    record.write(line)
                    record.flush()
                    step = step_of(line.decode("utf-8", "replace")) or step

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        try:
            _show(what, lambda: step, reader, begun)
            code = child.wait()
        except BaseException:
            child.terminate()
            child.wait()
            reader.join(2)  # let the reader log the last lines before the log is closed
            raise
    if code == 0:
        say(f"voicecoach: {what}: done in {time.monotonic() - begun:.0f} s")
    return code


def _show(what: str, step: Callable[[], str], reader: threading.Thread, begun: float) -> None:
    on_terminal = sys.stderr is not None and sys.stderr.isatty()
    shown = ""
    try:
        while reader.is_alive():
            text = f"voicecoach: {what}" + (f": {step()}" if step() else "")
            if on_terminal:
                width = max(20, shutil.get_terminal_size().columns - 9)
                say(f"\r\033[K{text[:width]} {time.monotonic() - begun:4.0f} s", end="")
            elif text != shown:
                say(text)
            shown = text
            reader.join(0.2)
    finally:
        if on_terminal:
            say("\r\033[K", end="")


def step_of(line: str) -> str:
    """A line of pip's or apt-get's output, reworded for the user; "" if it says nothing useful."""
    words = line.split()
    if len(words) > 1 and words[0] == "Collecting":
        return words[1]
    if len(words) > 1 and words[0] == "Downloading":
        return "downloading " + " ".join(words[1].rsplit("/", 1)[-1].split("-")[:2])
    if line.startswith("Installing collected packages"):
        return f"unpacking {line.count(',') + 1} packages"
    if len(words) > 1 and words[0] in ("Unpacking", "Setting"):
        return " ".join(words[:3]).removesuffix(" ...")
    return ""


def last_lines(log: str, count: int = 8) -> str:
    with open(log, encoding="utf-8", errors="replace") as file:
        lines = [line.rstrip() for line in file if line.strip()]
    return "\n".join("  | " + line for line in lines[-count:])
