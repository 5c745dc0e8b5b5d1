"""The benchmark decides as a session does, and its figures are right."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.benches.curve import Measured, points
from scripts.benches.figures import hourly, interval, peak_memory_mb, share
from scripts.benches.listeners import VoskListener
from voicecoach.audio import read_sound
from voicecoach.cli.hear import listen
from voicecoach.language import ListeningState
from voicecoach.storage import SHIPPED_MODEL, shipped

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / "audio_fixtures" / "words"


@pytest.mark.parametrize(
    "name",
    ["stop_festival-kal", "pain_flite-slt", "next_festival-slt", "oov_talk_1", "it_hurts_espeak-gb-m3"],
)
def test_the_benchmark_decides_like_voicecoach_hear(name: str) -> None:
    """Kaldi's dither can shift a recognition, so the times are compared with a tolerance."""
    sound = read_sound(WORDS / f"{name}.flac")
    listener = VoskListener("shipped", shipped("models") / SHIPPED_MODEL)
    benchmark = [d for d in listener.listen(sound, ListeningState.HOLDING).decisions if d.command]
    hear = [noticed.decision for noticed in listen(sound, ListeningState.HOLDING, first_only=True)]
    assert [d.command for d in benchmark] == [d.command for d in hear]
    for d, h in zip(benchmark, hear, strict=True):
        assert d.at_s == pytest.approx(h.at_s, abs=0.1)


def test_longer_persistence_gives_fewer_false_alarms_and_more_misses() -> None:
    listener = VoskListener("shipped", shipped("models") / SHIPPED_MODEL)
    talk = [
        listener.listen(read_sound(path), ListeningState.HOLDING).beliefs
        for path in WORDS.glob("oov_t*.flac")
    ]
    stops = [
        listener.listen(read_sound(path), ListeningState.HOLDING).beliefs
        for path in WORDS.glob("stop_*.flac")
    ]
    found = points(Measured(stops, [], talk, 0.01))
    alarms = [p.false_alarms for p in found]
    missed = [p.missed for p in found]
    assert alarms == sorted(alarms, reverse=True)
    assert missed == sorted(missed)
    assert found[0].stops == 7


def test_peak_memory_does_not_include_the_parent_process() -> None:
    """A child's ru_maxrss starts at its parent's, so every model seemed to cost 0 MB."""
    held = b"\1" * (200 << 20)
    command = [sys.executable, "-c", "from scripts.benches.figures import *; print(peak_memory_mb())"]
    child = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    assert 3 < float(child.stdout) < 100 < len(held) >> 20 < peak_memory_mb()


def test_shares_and_rates_are_printed_with_their_bounds() -> None:
    assert share(41, 41) == "100.0 % (91-100)"
    assert share(0, 0) == "-"
    assert hourly(0, 2.0) == "0 (below 1.5/h)"
    assert hourly(3, 2.0) == "3 (1.5/h)"
    low, high = interval(5, 10)
    assert low == pytest.approx(0.237, abs=0.001)
    assert high == pytest.approx(0.763, abs=0.001)
