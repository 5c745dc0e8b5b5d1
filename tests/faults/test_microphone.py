"""A microphone that fails during a session: noticed, said, and nothing moves until the user says so."""

from pathlib import Path

import pytest

from tests.faults.report import Measured
from tests.faults.stage import Answers, Failing, Stage, counting, stage
from voicecoach.audio import FileMicrophone, Source, Wiring
from voicecoach.care import Outcome
from voicecoach.language import ListeningState
from voicecoach.session import Mode
from voicecoach.sound import Samples, silence
from voicecoach.testing import FIXTURES

WIRED = Wiring(source="desk microphone", sink="desk speaker")


@pytest.mark.fault(
    "the microphone is unplugged in a hold",
    "deaf within 0.5 s, said within 1.5 s, the hold frozen; heard again, it goes on only by a word or key",
)
def test_a_microphone_that_goes_in_a_hold_freezes_it_and_is_named(tmp_path: Path, measured: Measured) -> None:
    gone_s = paused_s = back_s = 0.0

    def then(it: Stage) -> None:
        nonlocal gone_s, paused_s, back_s
        if not gone_s and counting(it):
            gone_s, it.devices.hears = it.now_s, False
        if gone_s and not paused_s and it.mode is Mode.PAUSED:
            paused_s = it.now_s
        if paused_s and not back_s and it.now_s > gone_s + 20:
            back_s, it.devices.hears = it.now_s, True
        if back_s and it.now_s > back_s + 30:
            assert it.mode is Mode.PAUSED, "it must not go on by itself"
            it.player.inbox.append("enough")

    it = stage(tmp_path).plays(Answers(then))
    said_s = it.said("The microphone has gone")
    assert round(paused_s - gone_s, 3) <= 0.52
    assert said_s - gone_s <= 1.5
    measured(f"deaf after {paused_s - gone_s:.2f} s, said after {said_s - gone_s:.2f} s")
    counted = [line for at_ms, line in it.screen.coach_lines if line == "three" and at_ms / 1000 > gone_s]
    assert not counted, "the count went on, deaf"
    assert [line for _, line in it.screen.coach_lines].count("I can hear you again.") == 1
    assert it.said("I can hear you again.") >= back_s + 2.0


@pytest.mark.fault("no microphone, and pain is reported by key", "the safety stop goes on, led by keys")
def test_without_a_microphone_pain_by_key_leads_to_the_questions_and_to_an_answer(tmp_path: Path) -> None:
    pressed = False

    def then(it: Stage) -> None:
        nonlocal pressed
        if counting(it):
            it.devices.hears = False
        if it.mode is Mode.PAUSED and not pressed:
            pressed = True
            it.press("p")
        state = it.player.state
        if it.mode is Mode.SAFETY and state.asking and state.prompt_id is None:
            it.press("9" if state.listening is ListeningState.NUMBER else "y")

    it = stage(tmp_path).plays(Answers(then))
    assert it.player.outcome is Outcome.EMERGENCY


class TwoSources:
    """A microphone that is silent until `live`, then is a recording."""

    def __init__(self, recording: Source) -> None:
        self.live = False
        self._recording = recording

    def read(self, samples: int) -> Samples:
        return self._recording.read(samples) if self.live else silence(samples)


@pytest.mark.fault(
    "the system gives the coach its own sound in place of a microphone", "nothing heard counts"
)
def test_what_comes_from_the_monitor_of_the_loudspeaker_is_not_obeyed(tmp_path: Path) -> None:
    """It heard its own voice as a sure "ouch"."""
    microphone = TwoSources(FileMicrophone(FIXTURES / "words" / "pain_festival-slt.flac"))
    began_s = 0.0

    def then(it: Stage) -> None:
        nonlocal began_s
        if not began_s and counting(it):
            began_s, microphone.live = it.now_s, True
            it.devices.wiring = Wiring(source="desk speaker.monitor", own_sound=True, sink="desk speaker")
        if began_s and it.now_s > began_s + 6:
            it.player.inbox.append("enough")

    it = stage(tmp_path, Failing(microphone, wiring=WIRED)).plays(Answers(then))
    assert it.said("I only hear myself") <= began_s + 0.5
    assert not [line for at_ms, line in it.screen.user_lines if at_ms / 1000 > began_s]
    assert it.player.state.report is None


@pytest.mark.fault(
    "a busy computer loses sound", "it is called busy, once, and not a microphone that has gone"
)
def test_a_busy_computer_is_called_that_and_does_not_flap(tmp_path: Path) -> None:
    """It was told "The microphone has gone" and "I can hear you again" in turn, for minutes."""
    began_s = 0.0

    def then(it: Stage) -> None:
        nonlocal began_s
        if counting(it):
            began_s = began_s or it.now_s
        it.devices.lost = began_s > 0 and int(it.now_s * 50) % 7 == 0 and it.now_s < began_s + 60
        if began_s and it.now_s > began_s + 80:
            it.player.inbox.append("enough")

    it = stage(tmp_path).plays(Answers(then))
    told = [line for line in it.screen.notices if "The computer is too busy" in line]
    assert len(told) == 1
    assert not any("microphone has gone" in line for line in it.screen.notices)
    assert [line for _, line in it.screen.coach_lines].count("I can hear you again.") == 1
