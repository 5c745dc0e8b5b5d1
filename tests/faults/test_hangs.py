"""Native code that never returns: the recogniser, and the session's own loop."""

import json
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.faults.report import Measured
from voicecoach import app, request
from voicecoach.audio import AudioUnavailable
from voicecoach.testing import RememberingScreen, prepare_home
from voicecoach.watchdog import ABANDON_S, LEAVE_S

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

from tests.faults.process import session

HANGING_EAR = """
import time
from voicecoach.listening.vosk import VoskRecogniser
from voicecoach.player import Player
accept, frame, hung, now_ms = VoskRecogniser.accept, Player._frame, [], [0]
def hang(self, block, began=time.monotonic()):
    if not hung and time.monotonic() > began + 3.0:
        hung.append(self)
        print(f"HANGS at {now_ms[0]} ms", flush=True)
        time.sleep(1_000)  # as in native code, the interpreter is free
    return accept(self, block)
def timed(self, it):
    now_ms[0] = it.end_ms
    frame(self, it)
VoskRecogniser.accept, Player._frame = hang, timed
"""
"""It tells when it hangs on the session's own clock, that of the samples."""
HANGING_LOOP = """
import time
from voicecoach.player import Player
frame = Player._frame
def hang(self, it):
    if self.frames_handled > 100 and self.state.mode == MODE:
        print("HANGS", flush=True)
        time.sleep(1_000)
    frame(self, it)
Player._frame = hang
"""


@pytest.mark.fault(
    "the recogniser never returns",
    "deaf within 0.5 s, said within 1.5 s, the session paused, another recogniser made",
)
def test_a_recogniser_that_hangs_is_noticed_said_and_replaced(tmp_path: Path, measured: Measured) -> None:
    """The mixer sounded the whole hold; keys, voice and signals did nothing; only kill -9 worked."""
    with session(tmp_path, HANGING_EAR, "--out", str(tmp_path / "out")) as it:
        it.until("HANGS")
        it.until("My speech recognition is stuck", 5)
        it.until("I can hear you again", 20)
        it.press("p")
        it.until("Let go of the position", 10)
        it.process.terminate()
        it.left_s()
        hung_ms = int(it.transcript.partition("HANGS at ")[2].split()[0])
    told = [json.loads(line) for line in (tmp_path / "out" / "events.jsonl").read_text("utf-8").splitlines()]

    def after_ms(name: str, text: str = "") -> int:
        """How long after the recogniser hung the first of these came, on the clock of the samples."""
        found = (float(each["at_s"]) * 1000 for each in told if each["name"] == name and text in str(each))
        return round(next(at_ms for at_ms in found if at_ms >= hung_ms)) - hung_ms

    deaf_ms, said_ms = after_ms("Deaf", "ear_stuck"), after_ms("Say", "My speech recognition is stuck")
    assert deaf_ms <= 520
    assert said_ms <= 1_500
    again_s = after_ms("HearsAgain") / 1000
    measured(f"deaf after {deaf_ms} ms, said after {said_ms} ms, heard again after {again_s:.1f} s")


def test_what_a_hanging_session_is_waited_for_adds_up_to_less_than_two_seconds() -> None:
    """How long it takes in fact depends on the machine; the table of faults has it."""
    assert LEAVE_S + ABANDON_S < 2.0


@pytest.mark.fault(
    "the session's loop never returns, and a signal comes", "gone within 2 s; the journal has its row"
)
def test_a_session_that_hangs_can_be_ended(tmp_path: Path, measured: Measured) -> None:
    with session(tmp_path, HANGING_LOOP.replace("MODE", "'intake'")) as it:
        it.until("HANGS")
        it.until("The session hangs", 5)
        it.process.terminate()
        left_s = it.left_s()
        assert it.process.returncode == 130
        assert it.outcomes() == ["interrupted"]
    measured(f"gone {left_s:.1f} s after SIGTERM")


@pytest.mark.fault(
    "the session's loop never returns in a safety stop", "it is ended, and the next start is locked"
)
def test_a_session_that_hangs_in_a_safety_stop_keeps_the_lock(tmp_path: Path) -> None:
    with session(tmp_path, HANGING_LOOP.replace("MODE", "'safety'")) as it:
        it.until("If anything hurts")
        it.press("p")
        it.until("HANGS")
        it.process.wait(20)  # nobody has to end it
        assert it.process.returncode == 10
        assert it.outcomes() == ["no answer"]
        assert "Traceback" not in it.transcript


@pytest.mark.fault("the session's loop never returns, and a key is pressed", "the key ends it")
def test_a_key_ends_a_session_that_hangs(tmp_path: Path, measured: Measured) -> None:
    with session(tmp_path, HANGING_LOOP.replace("MODE", "'intake'")) as it:
        it.until("HANGS")
        it.until("The session hangs", 5)
        it.press("x")
        left_s = it.left_s()
        assert it.process.returncode == 130
    measured(f"gone {left_s:.1f} s after the key")


@pytest.mark.fault("the sound server hangs while a session starts", "said after ten seconds, exit code 3")
def test_a_sound_server_that_hangs_at_the_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measured: Measured
) -> None:
    """PortAudio asked it for its devices, and the start waited without a word."""
    goes_on = threading.Event()
    monkeypatch.setattr(request, "DEVICES_S", 0.2)
    monkeypatch.setattr(request, "DeviceDuplex", lambda *_: goes_on.wait(30))
    places = prepare_home({"returning": True}, tmp_path)
    began_s = time.monotonic()
    with pytest.raises(AudioUnavailable, match="has not answered"):
        app.assemble(request.Request("floor", deaf=True, keys=True), places, RememberingScreen())
    measured(f"with a patience of 0.2 s: {time.monotonic() - began_s:.1f} s")
    goes_on.set()
