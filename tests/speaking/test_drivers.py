"""A voice of the user's own, from a package beside voicecoach: found, spoken with, and left if it fails."""

from importlib.metadata import entry_points
from pathlib import Path

import numpy as np
import pytest

from tests.speaking.own_voice import PITCH_HZ, VOICE, install
from voicecoach.sound import Samples
from voicecoach.speaking import PromptCache, candidates, drivers, offered
from voicecoach.speaking.drivers import ENTRY_POINTS, driver_of
from voicecoach.speaking.loudness import LOUDNESS_LUFS, loudness_lufs
from voicecoach.testing import ENGLISH
from voicecoach.units import RATE_HZ

TEXT = "Let your hips sink slowly to the floor."
SOUNDS = 'tone(text, self.getProperty("rate")), 24_000'


def pitch_hz(clip: Samples) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(clip))) * RATE_HZ / len(clip))


def test_a_driver_of_another_package_is_found_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "mine" not in drivers()
    install(tmp_path, monkeypatch, SOUNDS)
    assert list(drivers()) == ["hibari", "espeak", "mine"], "ours come first"
    assert driver_of(VOICE).module == "my_package.my_driver"
    assert driver_of(VOICE).version == "my-package-1.2", "a newer one makes new clips"
    assert [each.voice for each in offered(ENGLISH.voices, VOICE) if each.chosen] == [VOICE]


def test_its_lines_have_the_pace_and_the_loudness_of_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the document promises: the driver only has to be about as fast as it is asked to be."""
    install(tmp_path, monkeypatch, SOUNDS)
    lines = PromptCache(None, candidates(VOICE, ENGLISH.voices))
    clip = lines.clip(TEXT, 150)
    lines.close()
    assert lines.voice == VOICE, lines.failure
    assert pitch_hz(clip) == pytest.approx(PITCH_HZ, abs=2.0)
    assert len(TEXT.split()) * 60 * RATE_HZ / len(clip) == pytest.approx(150, rel=0.05)
    assert loudness_lufs(clip, RATE_HZ) == pytest.approx(LOUDNESS_LUFS, abs=1.0)


@pytest.mark.fault("a driver of the user's own dies, or returns no sound", "the language's own voice speaks")
@pytest.mark.parametrize(
    "sound", ["__import__('os')._exit(1)", "b'', 24_000", "None"], ids=["dies", "no sound", "nothing at all"]
)
def test_a_driver_that_fails_leaves_the_voice_of_the_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sound: str
) -> None:
    install(tmp_path, monkeypatch, sound)
    lines = PromptCache(None, candidates(VOICE, ENGLISH.voices))
    assert len(lines.clip(TEXT, 150))
    lines.close()
    assert lines.voice == ENGLISH.voices[0]
    assert repr(VOICE) in lines.failure
    assert lines.failure.endswith(f"{ENGLISH.voices[0]} speaks instead.")


def test_a_driver_cannot_take_the_name_of_one_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, SOUNDS)
    known = tmp_path / "my_package-1.2.dist-info" / "entry_points.txt"
    known.write_text(known.read_text().replace("mine =", "espeak ="))
    assert [point.name for point in entry_points(group=ENTRY_POINTS)] == ["espeak"]
    ours = "voicecoach.speaking.espeak_driver"
    assert (drivers()["espeak"].module, driver_of(ENGLISH.voices[1]).module) == (ours, ours)
