"""Rendered prompts on disk: complete or absent, never partial; a cache that fails never ends a session."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicecoach.sound import Samples
from voicecoach.speaking import PromptCache

ROOT = Path(__file__).resolve().parents[2]


class Voice:
    """A fake synthesiser: half a second of noise for every line."""

    engine = "fake 1"
    said: list[tuple[str, str, int]]

    def __init__(self, voice: str) -> None:
        self.voice = voice

    def render(self, text: str, wpm: int) -> tuple[Samples, int]:
        Voice.said.append((self.voice, text, wpm))
        return np.random.default_rng(1).normal(0, 0.1, 11_025).astype(np.float32), 22_050


class NewerVoice(Voice):
    engine = "fake 2"


@pytest.fixture(autouse=True)
def _nothing_said_yet() -> None:
    Voice.said = []


def prompts(folder: Path | None, voice: str) -> PromptCache:
    return PromptCache(folder, voice, Voice)


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_line_is_rendered_once_and_read_from_then_on(tmp_path: Path) -> None:
    first = prompts(tmp_path, "a").clip("Rest.", 150)
    second = prompts(tmp_path, "a").clip("Rest.", 150)
    assert len(Voice.said) == 1
    assert len(second) == len(first)
    np.testing.assert_allclose(second, first, atol=1e-3)  # 16 bit


def test_another_text_voice_or_rate_is_another_clip(tmp_path: Path) -> None:
    for voice, text, wpm in (
        ("a", "Rest.", 150),
        ("b", "Rest.", 150),
        ("a", "Go on.", 150),
        ("a", "Rest.", 140),
    ):
        prompts(tmp_path, voice).clip(text, wpm)
    assert len(Voice.said) == 4
    assert len(list(tmp_path.iterdir())) == 4


def test_another_engine_does_not_answer_for_this_one(tmp_path: Path) -> None:
    prompts(tmp_path, "a").clip("Rest.", 150)
    PromptCache(tmp_path, "a", NewerVoice).clip("Rest.", 150)
    assert len(Voice.said) == 2


def test_without_a_folder_lines_live_in_memory(tmp_path: Path) -> None:
    cache = prompts(None, "a")
    np.testing.assert_array_equal(cache.clip("Rest.", 150), cache.clip("Rest.", 150))
    assert len(Voice.said) == 1
    assert not list(tmp_path.iterdir())


def damage_nothing_left(path: Path) -> None:
    path.write_bytes(b"")


def damage_garbage(path: Path) -> None:
    path.write_bytes(b"this is no sound" * 100)


def damage_cut_in_the_middle(path: Path) -> None:
    """libsndfile silently reads such a file as a shorter clip: half a sentence was spoken."""
    path.write_bytes(path.read_bytes()[:5000])


def damage_header_only(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:44])


def damage_stereo(path: Path) -> None:
    soundfile.write(path, np.zeros((500, 2)), 22_050, format="WAV")


@pytest.mark.parametrize(
    "damage",
    [damage_nothing_left, damage_garbage, damage_cut_in_the_middle, damage_header_only, damage_stereo],
)
@pytest.mark.fault("a clip in the cache is damaged", "rendered again and replaced")
def test_a_damaged_clip_is_rendered_again_and_replaced(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    whole = prompts(tmp_path, "a").clip("Rest.", 150)
    damage(only_file(tmp_path))
    assert len(prompts(tmp_path, "a").clip("Rest.", 150)) == len(whole)
    assert len(Voice.said) == 2
    prompts(tmp_path, "a").clip("Rest.", 150)
    assert len(Voice.said) == 2


def test_a_folder_that_cannot_be_created_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = prompts(tmp_path / "file" / "prompts", "a")
    assert len(cache.clip("Rest.", 150))
    assert len(cache.clip("Go on.", 150))


@pytest.mark.fault("the cache's disk is full", "costs time; no partial file")
def test_a_full_disk_only_costs_time_and_leaves_no_partial_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """/dev/full answers every write with ENOSPC."""
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    real = soundfile.write

    def write(path: Path, *arguments: object, **more: object) -> None:
        path.symlink_to("/dev/full")
        real(path, *arguments, **more)

    monkeypatch.setattr(soundfile, "write", write)
    cache = prompts(tmp_path, "a")
    assert len(cache.clip("Rest.", 150))
    assert len(cache.clip("Go on.", 150))
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.fault("the cache's folder is read-only", "costs time")
def test_a_read_only_folder_only_costs_time(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert len(prompts(tmp_path, "a").clip("Rest.", 150))
    tmp_path.chmod(0o700)


WRITER = """
import sys
from pathlib import Path
import numpy as np
from voicecoach.speaking import PromptCache
class Voice:
    def render(self, text, wpm):
        return np.full(200_000, 0.1, np.float32), 22_050
cache = PromptCache(Path(sys.argv[1]), "a")
cache._synthesiser = Voice()
for i in range(100_000):
    cache.clip(f"line {i}", 150)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize("files", [1, 4, 11])
@pytest.mark.fault("kill -9 while a clip is written", "no partial clip")
def test_a_process_killed_while_it_writes_leaves_no_partial_clip(tmp_path: Path, files: int) -> None:
    """The cache trusts its files: a partial clip would be spoken in every later session."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], env=env)
    try:
        while len(list(tmp_path.glob("*.wav"))) < files and process.poll() is None:
            time.sleep(0.001)
    finally:
        process.kill()
        process.wait()
    clips = list(tmp_path.glob("*.wav"))
    assert len(clips) >= files
    for path in clips:
        assert len(soundfile.read(path)[0]) == 200_000
