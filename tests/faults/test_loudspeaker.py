"""A loudspeaker that fails during a session: it pauses, and the screen, bell and a notification say why."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.faults.report import Measured
from tests.faults.stage import Answers, Failing, Stage, counting, stage
from voicecoach.app import UNATTENDED_S
from voicecoach.audio import Wiring
from voicecoach.care import Outcome
from voicecoach.session import Mode
from voicecoach.speaking import Mixer
from voicecoach.units import BLOCK, RATE_HZ

WIRED = Wiring(source="desk microphone", sink="desk speaker")


@pytest.mark.fault(
    "the loudspeaker is muted in a hold", "the session pauses, and goes on only by a word or key"
)
def test_a_coach_that_is_muted_does_not_go_on_exercising(tmp_path: Path, measured: Measured) -> None:
    muted_s = paused_s = 0.0

    def then(it: Stage) -> None:
        nonlocal muted_s, paused_s
        if not muted_s and counting(it):
            muted_s, it.devices.wiring = it.now_s, replace(WIRED, sink_muted=True)
        if muted_s and not paused_s and it.mode is Mode.PAUSED:
            paused_s = it.now_s
        if paused_s and it.now_s > paused_s + 20:
            it.devices.wiring = WIRED
        if paused_s and it.now_s > paused_s + 60:
            assert it.mode is Mode.PAUSED
            it.player.inbox.append("enough")

    it = stage(tmp_path, Failing(wiring=WIRED)).plays(Answers(then))
    assert paused_s - muted_s < 0.1
    measured(f"paused after {paused_s - muted_s:.2f} s")
    assert sum("The loudspeaker is muted" in line for line in it.screen.notices) == 1
    assert it.said("You should hear me again") > paused_s + 20


@pytest.mark.fault(
    "loudspeaker and microphone go in a safety stop, for good",
    "time goes on: the emergency wording is shown, and the next start is locked",
)
def test_a_safety_stop_reaches_its_end_without_any_device(tmp_path: Path) -> None:
    """Without frames there was no tick: "pain" was shown, and then nothing for ever."""
    reported = False

    def then(it: Stage) -> None:
        nonlocal reported
        if not reported and counting(it):
            reported = True
            it.press("p")
            it.devices.hears = it.devices.speaks = False

    it = stage(tmp_path).plays(Answers(then))
    assert it.player.outcome is Outcome.UNANSWERED
    assert any("1 1 2" in line for line in it.screen.notices)


@pytest.mark.fault(
    "the session does not look at its blocks for 0.3 s", "the loudspeaker fades to silence, count and all"
)
def test_without_a_session_that_attends_to_it_the_loudspeaker_falls_silent(measured: Measured) -> None:
    """With the recogniser stuck in native code, the mixer sounded the whole hold."""
    mixer = Mixer(UNATTENDED_S)
    for second in range(1, 11):
        mixer.play(np.full(RATE_HZ // 2, 0.5, np.float32), second * RATE_HZ, prompt_id=second)
    attended = 60
    sound = []
    for block in range(600):
        if block < attended:
            mixer.attend()
        sound.append(mixer.render(BLOCK))
    loud = [i for i, block in enumerate(sound) if np.abs(block).max() > 1e-4]
    silent_after_s = (loud[-1] + 1 - attended) * BLOCK / RATE_HZ
    assert silent_after_s <= UNATTENDED_S + BLOCK / RATE_HZ
    measured(f"silent after {silent_after_s:.2f} s")
    assert np.abs(np.diff(np.concatenate(sound[loud[-1] :]))).max() < 0.01, "a fade, not a click"
    assert len(mixer.finished) < 2, "what nobody heard was not said"
    back = []
    for _ in range(60):
        mixer.attend()
        back.append(bool(mixer.render(BLOCK).any()))
    assert any(back), "it goes on where it was"
