"""Tab completes what a user would have to look up, in a real shell, whatever state the settings are in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from voicecoach import audio
from voicecoach.audio import Device
from voicecoach.cli import cli


@pytest.fixture(autouse=True)
def user(home: Path) -> Path:
    """A user's folder, with a program of their own."""
    own = home / "data" / "programs" / "evening.toml"
    own.parent.mkdir(parents=True)
    own.write_text('name = "E"\ndescription = "x"\nexercises = [{ id = "bridge" }]\n')
    return home


def offered(line: str) -> list[str]:
    """What is offered for the last word of `line`."""
    *before, incomplete = line.split(" ")
    found = BashComplete(cli, {}, "voicecoach", "_VOICECOACH_COMPLETE").get_completions(before, incomplete)
    return [item.value for item in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sh", ["show", "shortcut"]),
        ("shortcut ", ["install", "list", "remove"]),
        ("start --hands", ["--hands-free"]),
        ("start fl", ["floor"]),
        ("start ev", ["evening"]),
        ("program check ge", ["gentle"]),
        ("shortcut install --program de", ["desk"]),
        ("exercise check bri", ["bridge"]),
        ("show br", ["bridge"]),
        ("show ro", ["roller"]),
        ("say --voice hib", ["hibari", "hibari:heart"]),
        ("voices esp", ["espeak"]),
        ("profile change flo", ["floor"]),
        ("hear --state ques", ["question"]),
    ],
)
def test_the_last_word_is_completed(line: str, expected: list[str]) -> None:
    assert offered(line) == expected


def test_devices_are_offered_by_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = [
        Device(3, "Headset (cable)", "ALSA", 1, 2, True, True),
        Device(30, "Loudspeaker", "ALSA", 0, 2, False, False),
    ]
    monkeypatch.setattr(audio, "list_devices", lambda: devices)
    assert offered("start --microphone 3") == ["3"]
    assert offered("start --speaker 3") == ["3", "30"]


def test_without_sound_files_are_offered_for_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[Device]:
        raise audio.AudioUnavailable("no sound")

    monkeypatch.setattr(audio, "list_devices", broken)
    item = BashComplete(cli, {}, "voicecoach", "_X").get_completions(["start", "--speaker"], "out")[0]
    assert (item.type, item.value) == ("file", "out")


def test_a_broken_settings_file_breaks_no_completion(user: Path) -> None:
    settings = user / "config" / "settings.toml"
    settings.parent.mkdir()
    for text in ("nonsense = ", 'care = "nowhere"', 'voice = ["a"]'):
        settings.write_text(text)
        assert offered("start fl") == ["floor"]
        assert offered("say --voice hibari:") == ["hibari:heart"]


def test_nothing_is_offered_rather_than_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOICECOACH_HOME")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert offered("start fl") in ([], ["floor"])


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is missing")
def test_bash_completes_a_program(user: Path) -> None:
    """As the README switches it on; bash calls the function with the words of the line."""
    program = user / "voicecoach"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m voicecoach "$@"\n')
    program.chmod(0o755)
    script = """
        eval "$(_VOICECOACH_COMPLETE=bash_source voicecoach)"
        COMP_WORDS=(voicecoach start fl); COMP_CWORD=2
        _voicecoach_completion voicecoach fl start
        echo "${COMPREPLY[@]}"
    """
    env = {**os.environ, "PATH": f"{user}:{os.environ['PATH']}"}
    told = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, timeout=60)
    assert (told.stdout.split(), told.stderr) == (["floor"], "")
