"""A rehearsal in a simulated room, with the real voice and the real recogniser; and its verdict."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from voicecoach import app
from voicecoach.audio import Playback, read_sound
from voicecoach.cli import cli
from voicecoach.listening import is_narrow
from voicecoach.rehearsal import Measured, Rehearsal, judged
from voicecoach.sound import Frame, Samples, gain, silence
from voicecoach.speaking import PromptCache
from voicecoach.storage import rehearsals
from voicecoach.testing import ENGLISH, FIXTURES
from voicecoach.units import BLOCK, RATE_HZ

GOOD = Measured(-60.0, -30.0, 0.3, 30.0, 60.0, 0.0, (True, True), True, 8000.0)
DELAY_MS = 80
STOP = "stop_festival-kal"


LINES = ENGLISH.coach.rehearsal


class Telephone:
    """The band of a microphone of 8 kHz, 5 ms late."""

    def __init__(self) -> None:
        t = np.arange(-240, 241)
        self._filter = np.sinc(t * 7400 / RATE_HZ) * np.kaiser(481, 9) * 7400 / RATE_HZ
        self._tail = np.zeros(480)

    def heard(self, block: Samples) -> Samples:
        whole = np.convolve(block, self._filter)
        whole[:480] += self._tail
        self._tail = whole[BLOCK:]
        return whole[:BLOCK].astype(np.float32)


class RoomDuplex:
    """A simulated room: the coach's echo arrives after DELAY_MS with a short reverberation, and the
    loudspeaker clips at `ceiling`. The user says "stop" when asked."""

    failure = ""

    def __init__(self, echo_db: float, answers: bool, ceiling: float, narrow: bool) -> None:
        self._echo_db, self._answers, self._ceiling = echo_db, answers, ceiling
        self._user = silence(RATE_HZ * 120)
        self._at = 0
        self._telephone = Telephone() if narrow else None

    def tell(self, line: str) -> None:
        if self._answers and line in (LINES.ask, LINES.ask_over):
            clip = read_sound(FIXTURES / "words" / f"{STOP}.flac")
            start = self._at + round((2.0 if line == LINES.ask else 3.5) * RATE_HZ)
            self._user[start : start + len(clip)] += clip

    @property
    def output_latency_s(self) -> float:
        return 0.0

    def frames(self, playback: Playback) -> Iterator[Frame]:
        rng = np.random.default_rng(3)
        n = RATE_HZ // 20
        tail = np.concatenate([[1.0], 0.2 * rng.normal(0, 1, n) * np.exp(-8 * np.arange(n) / n) / 10])
        pending = silence(RATE_HZ)
        while True:
            played = playback.render(BLOCK)
            clipped = np.clip(played, -self._ceiling, self._ceiling)
            echo = np.convolve(clipped, tail).astype(np.float32) * np.float32(gain(self._echo_db))
            start = RATE_HZ * DELAY_MS // 1000
            pending[start : start + len(echo)] += echo
            room = rng.normal(0, 5e-4, BLOCK).astype(np.float32)
            heard = pending[:BLOCK] + self._user[self._at : self._at + BLOCK] + room
            if self._telephone:
                heard = self._telephone.heard(heard)
            yield Frame(self._at, heard.astype(np.float32), played)
            pending = np.concatenate([pending[BLOCK:], silence(BLOCK)])
            self._at += BLOCK

    def close(self) -> None:
        pass


def rehearsed(
    tmp_path: Path, echo_db: float, answers: bool = True, ceiling: float = 1.0, narrow: bool = False
) -> Measured:
    duplex = RoomDuplex(echo_db, answers, ceiling, narrow)
    prompts = PromptCache(tmp_path, ENGLISH.voices)
    return Rehearsal(duplex, prompts, app.load_model(ENGLISH), ENGLISH, duplex.tell).run()


def test_in_a_good_room_delay_and_levels_are_found_and_the_word_is_heard_over_the_coach(
    tmp_path: Path,
) -> None:
    m = rehearsed(tmp_path, echo_db=-6.0)
    assert m.delay_ms == pytest.approx(DELAY_MS, abs=2)
    assert m.noise_db == pytest.approx(-66.0, abs=1.0)
    assert m.echo_loss_db > 15
    assert m.quiet == (True, True)
    assert m.over
    assert m.over_db == 0
    assert m.limit_hz is not None
    assert m.limit_hz > 7000
    assert judged(m).passed


@pytest.mark.fault("the microphone passes a telephone's band only", "`rehearse` names it and the remedy")
def test_a_microphone_of_a_telephones_band_is_named(tmp_path: Path) -> None:
    m = rehearsed(tmp_path, echo_db=-6.0, narrow=True)
    assert is_narrow(m.limit_hz)
    assert any("as a Bluetooth headset in a call" in sentence for sentence in judged(m).sentences)


def test_an_overdriven_loudspeaker_is_named_and_the_word_is_heard_over_it(tmp_path: Path) -> None:
    m = rehearsed(tmp_path, echo_db=-6.0, ceiling=0.15)
    assert m.over_db > 9
    assert m.over
    assert any("The loudspeaker is overdriven" in sentence for sentence in judged(m).sentences)


def test_a_user_who_says_nothing_does_not_pass(tmp_path: Path) -> None:
    """The coach's own "say stop now" must not count as the user's "stop"."""
    m = rehearsed(tmp_path, echo_db=0.0, answers=False)
    assert m.quiet == (False, False)
    assert not m.over
    assert not judged(m).passed


@pytest.mark.parametrize(
    ("measured", "passed", "words"),
    [
        (GOOD, True, "Well done"),
        (replace(GOOD, over=False), False, "Turn me down, or use a headset"),
        (replace(GOOD, quiet=(True, False)), False, "any key stops"),
        (replace(GOOD, echo_peak=1.0), True, "the microphone is overdriven"),
        (replace(GOOD, over_db=6.0), True, "The loudspeaker is overdriven"),
        (replace(GOOD, noise_db=-30.0, echo_db=-10.0), True, "loud in the room"),
        (replace(GOOD, delay_ms=None), True, "could not find my own voice"),
        (replace(GOOD, limit_hz=4000.0), True, "as a Bluetooth headset in a call"),
        (replace(GOOD, limit_hz=4000.0), True, "the computer's own microphone"),
    ],
)
def test_the_verdict_names_what_to_do(measured: Measured, passed: bool, words: str) -> None:
    verdict = judged(measured)
    assert verdict.passed is passed
    assert any(words in sentence for sentence in verdict.sentences)


@pytest.mark.parametrize("limit_hz", [None, 5500.0, 24_000.0])
def test_a_microphone_that_passes_enough_or_was_not_measured_is_not_criticised(
    limit_hz: float | None,
) -> None:
    assert judged(replace(GOOD, limit_hz=limit_hz)).sentences == judged(GOOD).sentences


def test_a_headset_without_any_echo_is_not_criticised() -> None:
    assert judged(replace(GOOD, echo_db=-60.0, delay_ms=None)).sentences == judged(GOOD).sentences


@pytest.mark.fault("the file of rehearsals is corrupt", "counts as no result")
def test_results_are_kept_per_pair_of_devices_and_a_corrupt_file_counts_as_no_result(tmp_path: Path) -> None:
    path = tmp_path / "data" / "rehearsals.json"
    assert not rehearsals.passed(path, "a | b")
    rehearsals.remember(path, "a | b", True, {"over": True})
    rehearsals.remember(path, "a | c", False, {})
    assert rehearsals.passed(path, "a | b")
    assert not rehearsals.passed(path, "a | c")
    rehearsals.remember(path, "a | b", False, {})
    assert not rehearsals.passed(path, "a | b")
    assert set(json.loads(path.read_text())) == {"a | b", "a | c"}
    path.write_text('["no"]')
    assert not rehearsals.passed(path, "a | b")


def test_without_devices_it_says_so_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
    result = CliRunner().invoke(cli, ["rehearse", "--microphone", "no such thing"])
    assert result.exit_code not in (0, 1)
    assert "no such thing" in result.output or "PortAudio" in result.output
    assert not (tmp_path / "data" / "rehearsals.json").exists()
