"""The real application, started from its desktop entry: no terminal, a virtual screen, a sound card."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.card.card import Card, Loudspeaker, needs_card
from tests.desktop.xvfb import choose_action, end, launch_under_xvfb, needs_actions, needs_xvfb

pytestmark = [pytest.mark.card, needs_card, needs_xvfb]


def installed(program: str, home: Path) -> Path:
    """The menu entry that `voicecoach shortcut install PROGRAM` writes for a user with this home."""
    env = {"HOME": str(home), "XDG_DATA_HOME": str(home / "share"), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "voicecoach", "shortcut", "install", program]
    subprocess.run(command, env={**os.environ, **env}, check=True, capture_output=True, timeout=60)
    return next(path for path in (home / "share" / "applications").iterdir() if program in path.name)


def wait_for_sound(loudspeaker: Loudspeaker, since_s: float, timeout_s: float) -> bool:
    while time.monotonic() < since_s + timeout_s:
        if loudspeaker.peak_between(since_s, time.monotonic()) > 1000:
            return True
        time.sleep(0.1)
    return False


def test_a_double_click_speaks_to_somebody_who_lies_down(card: Card, tmp_path: Path) -> None:
    entry = installed("gentle", tmp_path)
    validated = subprocess.run(
        ["desktop-file-validate", str(entry)], capture_output=True, text=True, check=False
    )
    assert validated.returncode == 0, validated.stdout
    env = {**card.env, "VOICECOACH_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    with Loudspeaker(card) as loudspeaker:
        started_s = time.monotonic()
        launched = launch_under_xvfb(entry, env)
        try:
            assert wait_for_sound(loudspeaker, started_s, 60), "nothing was spoken"
            time.sleep(2)  # the journal is written once a second
            journal = sqlite3.connect(f"file:{tmp_path}/home/data/journal.sqlite3?mode=ro", uri=True)
            kinds = {kind for (kind,) in journal.execute("SELECT kind FROM events")}
            assert "Started" in kinds
        finally:
            end(launched)


@needs_actions
def test_an_action_of_the_icon_speaks_too(card: Card, tmp_path: Path) -> None:
    """Of two icons, the gentle one; of its actions, the desk break."""
    installed("desk", tmp_path)
    entry = installed("gentle", tmp_path)
    env = {**card.env, "VOICECOACH_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    with Loudspeaker(card) as loudspeaker:
        started_s = time.monotonic()
        started = choose_action(entry, "desk", env)
        try:
            assert wait_for_sound(loudspeaker, started_s, 60), "nothing was spoken"
        finally:
            os.kill(started, signal.SIGKILL)


def test_an_error_is_spoken_and_logged(card: Card, tmp_path: Path) -> None:
    """Without a terminal nobody reads a message: an invalid exercise program is reported aloud."""
    entry = installed("gentle", tmp_path)
    own = tmp_path / "home" / "data" / "programs"
    own.mkdir(parents=True)
    (own / "gentle.toml").write_text('name = "Gentle"\ndescription = "x"\nexercises = [{ id = "nothing" }]\n')
    env = {**card.env, "VOICECOACH_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    with Loudspeaker(card) as loudspeaker:
        started_s = time.monotonic()
        launched = launch_under_xvfb(entry, env)
        try:
            assert wait_for_sound(loudspeaker, started_s, 60), "the error was not spoken"
        finally:
            end(launched)
    log = (tmp_path / "home" / "log" / "voicecoach.log").read_text("utf-8")
    assert "there is no exercise 'nothing'" in log
