"""What `say` prints and leaves: a text in the coach's voice, heard or as a file."""

import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner, Result

from tests.card.card import Card, Loudspeaker, needs_card
from voicecoach.cli import cli
from voicecoach.cli.say import LONGEST
from voicecoach.testing import ENGLISH
from voicecoach.units import RATE_HZ

TEXT = "Let your hips sink slowly to the floor."


def say(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["say", *arguments])


def seconds(path: Path) -> float:
    clip, rate_hz = soundfile.read(path)
    assert (clip.ndim, rate_hz) == (1, RATE_HZ)
    assert abs(clip).max() > 0.1
    return float(len(clip) / rate_hz)


def test_a_text_is_left_as_a_file_at_the_pace_that_was_asked_for_and_nothing_is_printed(home: Path) -> None:
    usual, slow = home / "usual.wav", home / "slow.wav"
    done = say(TEXT, "--out", str(usual))
    assert (done.exit_code, done.output) == (0, "")
    assert say(TEXT, "--pace", "110", "--voice", "espeak", "--out", str(slow)).output == ""
    assert seconds(usual) == pytest.approx(8 * 60 / 150, rel=0.05)
    assert seconds(slow) == pytest.approx(8 * 60 / 110, rel=0.05)


def test_a_voice_that_there_is_not_is_told_and_another_one_says_the_text(home: Path) -> None:
    done = say(TEXT, "--voice", "hibari:nobody", "--out", str(home / "said.wav"))
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert "'hibari:nobody'" in done.stderr
    assert "`voicecoach voices`" in done.stderr
    assert done.stderr.endswith(f"{ENGLISH.voices[0]} speaks instead.\n")
    assert seconds(home / "said.wav") > 1.0


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (" ", 2, "1 to 2000 characters"),
        ("a" * (LONGEST + 1), 2, "this one has 2001"),
        ("...", 5, "There is no word in '...'."),
    ],
    ids=["empty", "too long", "no word"],
)
def test_a_text_that_cannot_be_said_is_refused_with_the_reason(
    home: Path, text: str, code: int, told: str
) -> None:
    done = say(text, "--out", str(home / "said.wav"))
    assert done.exit_code == code
    assert told in done.stderr
    assert "Traceback" not in done.output
    assert not (home / "said.wav").exists()


def test_a_file_that_cannot_be_written_is_named(home: Path) -> None:
    done = say("Rest.", "--voice", "espeak", "--out", str(home / "no such folder" / "said.wav"))
    assert done.exit_code == 2
    assert "said.wav cannot be written" in done.stderr


@pytest.mark.card
@needs_card
def test_a_text_is_heard_on_the_loudspeaker_to_its_end_and_nothing_is_printed(card: Card, home: Path) -> None:
    command = [sys.executable, "-m", "voicecoach", "say", TEXT]
    with Loudspeaker(card) as loudspeaker:
        done = subprocess.run(
            command,
            env={**card.env, "VOICECOACH_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert (done.returncode, done.stdout) == (0, "")
    assert "voicecoach" not in done.stderr  # ALSA tells of underruns there on a busy machine
    loud = [at_s for at_s, peak in loudspeaker.pieces if peak > 300]
    assert loud[-1] - loud[0] > 8 * 60 / 150 - 0.3
