"""The process that renders: real voices, and everything that can go wrong with a process."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.faults.report import Measured
from voicecoach.speaking import PromptCache, SynthesisError, VoiceLost
from voicecoach.speaking.loudness import LOUDNESS_LUFS, loudness_lufs
from voicecoach.speaking.pace import words
from voicecoach.speaking.rendering import VoiceProcess
from voicecoach.testing import ENGLISH

HIBARI, ESPEAK = ENGLISH.voices


@pytest.fixture(params=[HIBARI, ESPEAK])
def voice(request: pytest.FixtureRequest) -> Iterator[VoiceProcess]:
    process = VoiceProcess(request.param)
    yield process
    process.close()


def test_a_line_comes_back_at_its_pace_and_in_the_loudness_of_all(voice: VoiceProcess) -> None:
    text = "Let your hips sink slowly to the floor."
    pcm, rate_hz = voice.render(text, 150)
    assert pcm.dtype == np.int16
    assert words(text) * 60 * rate_hz / len(pcm) == pytest.approx(150, rel=0.05)
    assert loudness_lufs((pcm / 32_768).astype(np.float32), rate_hz) == pytest.approx(LOUDNESS_LUFS, abs=1.0)


def test_a_line_that_cannot_be_said_is_refused_and_the_next_one_said(voice: VoiceProcess) -> None:
    with pytest.raises(SynthesisError, match=r"'\.'") as refusal:
        voice.render(".", 150)
    assert not isinstance(refusal.value, VoiceLost)
    assert len(voice.render("Rest a moment.", 150)[0])


@pytest.mark.fault("the voice's process is killed", "started again; the line is said")
def test_a_killed_process_is_started_again(measured: Measured) -> None:
    started: list[VoiceProcess] = []

    def start(name: str) -> VoiceProcess:
        started.append(VoiceProcess(name))
        return started[-1]

    lines = PromptCache(None, (ESPEAK,), start)
    lines.clip("Rest a moment.", 150)
    started[0]._child._process.kill()
    began_s = time.monotonic()
    assert len(lines.clip("Let us go on.", 150))
    assert len(started) == 2
    assert time.monotonic() - began_s < 30
    lines.close()
    measured("the line came from a second process")


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no SIGSTOP")
@pytest.mark.fault(
    "the voice's process hangs", "ended after its deadline, started again; nobody waits for it"
)
def test_a_process_that_hangs_is_ended() -> None:
    process = VoiceProcess(ESPEAK, line_s=0.3)
    process.render("Rest a moment.", 150)
    os.kill(process._child._process.pid, signal.SIGSTOP)
    goes_on = threading.Timer(20.0, os.kill, (process._child._process.pid, signal.SIGCONT))
    goes_on.start()  # so that a render that waits for ever fails this test
    with pytest.raises(VoiceLost, match="hung"):
        process.render("Let us go on.", 150)
    goes_on.cancel()
    assert process._child._process.wait(5) == -signal.SIGKILL
    process.close()


def test_closing_ends_a_process_that_is_busy_or_hangs() -> None:
    process = VoiceProcess(ESPEAK)
    process.render("Rest a moment.", 150)
    if hasattr(signal, "SIGSTOP"):
        os.kill(process._child._process.pid, signal.SIGSTOP)

    def ask() -> None:
        with pytest.raises(VoiceLost):
            process.render("Let us go on.", 150)

    asking = threading.Thread(target=ask)
    asking.start()
    process.close()
    asking.join(5)
    assert not asking.is_alive()
    assert process._child._process.poll() is not None


@pytest.mark.fault("the voice's package is absent", "the second voice speaks; said once")
def test_a_package_that_is_absent_leaves_the_second_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hibari.py").write_text("raise ImportError('no such package')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    lines = PromptCache(None, ENGLISH.voices)
    assert len(lines.clip("Rest a moment.", 150))
    assert lines.voice == ESPEAK
    assert "hibari:heart" in lines.failure
    assert "no such package" in lines.failure
    lines.close()


SILENT_HIBARI = """
import numpy as np
class Hibari:
    sample_rate = 24_000
    def __init__(self, voice):
        pass
    def __call__(self, text, speed, seed):
        return {sound}
"""


@pytest.mark.fault("the voice returns nothing, or silence", "the second voice speaks; said once")
@pytest.mark.parametrize(
    "sound",
    [
        "np.zeros(0)",
        "np.zeros(24_000)",
        "np.full(24_000, np.nan)",
        "np.random.default_rng(0).choice([-1, 1], 24_000) / 32_767",
        "1 / 0",
    ],
    ids=["nothing", "silence", "no numbers", "the noise of one bit", "an exception"],
)
def test_a_voice_that_returns_no_sound_leaves_the_second_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sound: str
) -> None:
    (tmp_path / "hibari").mkdir()
    (tmp_path / "hibari" / "__init__.py").write_text(SILENT_HIBARI.format(sound=sound))
    (tmp_path / "hibari" / "voices.py").write_text("def voice_path(name, download_missing): pass\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    lines = PromptCache(None, ENGLISH.voices)
    assert len(lines.clip("Rest a moment.", 150))
    assert len(lines.clip("Let us go on.", 150))
    assert lines.voice == ESPEAK
    assert "'hibari:heart'" in lines.failure
    assert "'Rest a moment.'" in lines.failure
    lines.close()


@pytest.mark.fault("the voice's process answers nonsense", "the second voice speaks")
def test_a_process_that_answers_nonsense_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.Popen

    def nonsense(arguments: list[str], **more: object) -> "subprocess.Popen[bytes]":
        if HIBARI in arguments:
            arguments = [sys.executable, "-c", "print('Warning: this is no answer', flush=True); input()"]
        return real(arguments, **more)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", nonsense)
    lines = PromptCache(None, ENGLISH.voices, lambda name: VoiceProcess(name, start_s=1.0))
    assert len(lines.clip("Rest a moment.", 150))
    assert lines.voice == ESPEAK
    lines.close()


def test_the_process_ends_with_the_one_that_started_it() -> None:
    """Killed, it can close nothing."""
    code = (
        "import sys\n"
        "from voicecoach.speaking.rendering import VoiceProcess\n"
        f"voice = VoiceProcess({ESPEAK!r})\n"
        "voice.render('Rest a moment.', 150)\n"
        "print(voice._child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    deadline_s = time.monotonic() + 10
    while _runs(child) and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0]
    except OSError:
        return False
