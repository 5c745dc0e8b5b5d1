"""The synthetic voice: every line complete, every number shorter than its second."""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from tests.faults.report import Measured
from voicecoach.speaking import Pyttsx3Voice, SynthesisError, candidates, espeak_driver, hibari_driver
from voicecoach.speaking.cache import at_stream_rate
from voicecoach.speaking.pace import Paced
from voicecoach.speaking.pyttsx3_voice import trimmed
from voicecoach.testing import ENGLISH
from voicecoach.units import RATE_HZ

ROOT = Path(__file__).resolve().parents[2]
LINES = (
    "Stop.",
    "Lift your hips and hold.",
    "Let your hips sink slowly to the floor.",
    "Have you asked a health professional about exercising?",
    "seven",
)
RENDER = f"""
import json
from voicecoach.speaking import Pyttsx3Voice
voice = Pyttsx3Voice("espeak:gmw/en-US")
print(json.dumps([len(voice.render(line, 150)[0]) for line in {LINES!r}]))
"""


@pytest.mark.fault("twelve busy processes", "the same lines, whole")
def test_twelve_busy_processes_render_the_same_lines_whole(measured: Measured) -> None:
    """With pyttsx3's own driver 14 of 40 processes under load lost or shortened a line, silently."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    running = [
        subprocess.Popen([sys.executable, "-c", RENDER], env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(12)
    ]
    lengths = [json.loads(process.communicate()[0]) for process in running]
    for of_line in zip(*lengths, strict=True):
        assert min(of_line) > 0
        usual = median(of_line)
        assert all(abs(n - usual) <= 0.01 * usual for n in of_line), of_line
    worst = max(max(of_line) / min(of_line) - 1 for of_line in zip(*lengths, strict=True))
    measured(f"{12 * len(LINES)} lines, their lengths within {worst:.2%}")


@pytest.fixture(params=ENGLISH.voices)
def voice(request: pytest.FixtureRequest) -> Pyttsx3Voice:
    return Pyttsx3Voice(request.param)


@pytest.mark.parametrize("wpm", [110, 150, 220])
def test_a_number_starts_on_its_second_and_ends_well_before_the_next(voice: Pyttsx3Voice, wpm: int) -> None:
    for number in ENGLISH.coach.numbers[1:11]:
        clip, rate_hz = Paced(voice).render(number, wpm)
        loud = np.flatnonzero(np.abs(clip) > 0.02 * np.abs(clip).max())
        assert loud[0] <= 0.003 * rate_hz
        assert len(clip) < 0.7 * rate_hz, number


def test_a_lower_rate_is_slower(voice: Pyttsx3Voice) -> None:
    slow, fast = (len(voice.render(LINES[1], wpm)[0]) for wpm in (110, 220))
    assert slow > 1.4 * fast


@pytest.mark.fault("the synthesiser returns no sound", "an error that quotes the text")
def test_a_text_without_a_sound_is_an_error_that_quotes_it(voice: Pyttsx3Voice) -> None:
    with pytest.raises(SynthesisError, match=r"'\.'"):
        voice.render(".", 150)


@pytest.mark.parametrize("name", ["hibari:nobody", "espeak:nobody-speaks-this", "nobody:at-all", "gmw/en-US"])
def test_a_voice_that_does_not_exist_is_refused(name: str) -> None:
    """pyttsx3 swallows the driver's error: a misspelt setting was answered by whatever voice came before."""
    with pytest.raises(SynthesisError, match=r"voicecoach voices") as refusal:
        Pyttsx3Voice(name)
    assert repr(name) in str(refusal.value)


def test_two_voices_in_one_process_do_not_borrow_from_each_other() -> None:
    """pyttsx3 returns one engine per driver: the second voice also spoke the first one's lines."""
    text = "Let your hips sink slowly to the floor."
    english, italian = Pyttsx3Voice("espeak:gmw/en-US"), Pyttsx3Voice("espeak:roa/it")
    alone = len(english.render(text, 150)[0])
    assert abs(len(italian.render(text, 150)[0]) - alone) > 0.02 * alone
    assert len(english.render(text, 150)[0]) == pytest.approx(alone, rel=0.01)


def test_a_natural_voice_frees_what_a_line_took() -> None:
    driver = hibari_driver.HibariDriver(None)
    driver.set("voice", "heart")
    assert not driver._hibari.sess.get_session_options().enable_cpu_mem_arena
    assert len(driver.synthesise("In, and sink your belly.")[0]) > 20_000


def test_every_voice_that_is_listed_can_be_started() -> None:
    for name in hibari_driver.voices():
        Pyttsx3Voice(f"hibari:{name}")
    listed = espeak_driver.voices()
    assert {"gmw/en-US", "gmw/de"} <= set(listed)
    Pyttsx3Voice(f"espeak:{listed[-1]}")


@pytest.mark.parametrize(
    ("wanted", "tried"),
    [
        (None, ("hibari:heart", "espeak:gmw/en-US")),
        ("hibari", ("hibari:heart", "espeak:gmw/en-US")),
        ("espeak", ("espeak:gmw/en-US",)),
        ("hibari:emma", ("hibari:emma", "hibari:heart", "espeak:gmw/en-US")),
        ("mine", ("mine", "hibari:heart", "espeak:gmw/en-US")),
    ],
)
def test_the_voices_that_are_tried_begin_with_the_chosen_one(
    wanted: str | None, tried: tuple[str, ...]
) -> None:
    assert candidates(wanted, ENGLISH.voices) == tried


def test_only_silent_edges_are_trimmed() -> None:
    tone = np.ones(1000, np.float32)
    tone[400:600] = 0.0
    padded = np.concatenate([np.zeros(5000, np.float32), tone, np.zeros(5000, np.float32)])
    assert len(trimmed(padded, 22_050)) == 1000 + 2 * int(0.002 * 22_050)
    assert len(trimmed(np.zeros(100, np.float32), 22_050)) == 0
    assert len(trimmed(np.zeros(0, np.float32), 22_050)) == 0


def test_a_clip_has_the_length_of_its_time_at_the_rate_of_the_stream() -> None:
    clip = at_stream_rate((np.zeros(22_050, np.int16), 22_050))
    assert clip.dtype == np.float32
    assert len(clip) == RATE_HZ
