"""Rendered prompts on disk: complete or absent, never partial; a cache that fails never ends a session."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import soundfile

from tests.faults.report import Measured
from voicecoach.speaking import Clip, PromptCache, Renderer, SynthesisError, VoiceLost, cache
from voicecoach.speaking.cache import LINE_PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


class Voice:
    """A fake renderer: half a second of noise for every line."""

    said: ClassVar[list[tuple[str, str, int]]] = []
    open_now: ClassVar[list["Voice"]] = []

    def __init__(self, voice: str) -> None:
        self.voice = voice
        Voice.open_now.append(self)

    def render(self, text: str, wpm: int) -> Clip:
        Voice.said.append((self.voice, text, wpm))
        return np.random.default_rng(wpm).integers(-3000, 3000, 11_025).astype(np.int16), 22_050

    def close(self) -> None:
        if self in Voice.open_now:
            Voice.open_now.remove(self)


@pytest.fixture(autouse=True)
def _nothing_said_yet() -> None:
    Voice.said.clear()
    Voice.open_now.clear()


def prompts(folder: Path | None, *voices: str, start: Callable[[str], Renderer] = Voice) -> PromptCache:
    return PromptCache(folder, voices or ("a",), start)


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


def test_another_version_of_the_voice_does_not_answer_for_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts(tmp_path, "a").clip("Rest.", 150)
    monkeypatch.setattr(cache, "version_of_driver", lambda _: "newer")
    prompts(tmp_path, "a").clip("Rest.", 150)
    assert len(Voice.said) == 2


def test_without_a_folder_lines_live_in_memory(tmp_path: Path) -> None:
    lines = prompts(None, "a")
    np.testing.assert_array_equal(lines.clip("Rest.", 150), lines.clip("Rest.", 150))
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
    lines = prompts(tmp_path / "file" / "prompts", "a")
    assert len(lines.clip("Rest.", 150))
    assert len(lines.clip("Go on.", 150))


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
    lines = prompts(tmp_path, "a")
    assert len(lines.clip("Rest.", 150))
    assert len(lines.clip("Go on.", 150))
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
    def __init__(self, voice):
        pass
    def render(self, text, wpm):
        return np.full(200_000, 3000, np.int16), 22_050
    def close(self):
        pass
cache = PromptCache(Path(sys.argv[1]), ["a"], Voice)
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


# -- what is rendered when


class Slow(Voice):
    """Renders a line when it is allowed to."""

    may = threading.Semaphore(0)

    def render(self, text: str, wpm: int) -> Clip:
        assert Slow.may.acquire(timeout=10)
        return super().render(text, wpm)


def test_a_line_that_is_wanted_now_is_rendered_before_those_that_may_be_wanted(tmp_path: Path) -> None:
    Slow.may = threading.Semaphore(0)
    lines = prompts(None, "a", start=Slow)
    lines.ahead([("First.", 150), ("Second.", 150), ("Third.", 150)])
    assert lines.said(("Stopped.",), 140, waited_s=0.0) is None, "it waits for nothing"
    Slow.may.release(4)
    assert lines.wait(10)
    said = [text for _, text, _ in Voice.said]
    assert said.index("Stopped.") <= 1
    assert [text for text in said if text != "Stopped."] == ["First.", "Second.", "Third."]
    lines.close()


@pytest.mark.fault(
    "a line at a new pace is not rendered in time", "it comes at the old pace, and keeps nobody waiting"
)
def test_a_line_that_is_not_ready_in_time_is_said_at_the_pace_that_there_is(
    tmp_path: Path, measured: Measured
) -> None:
    Slow.may = threading.Semaphore(1)
    lines = prompts(None, "a", start=Slow)
    usual = lines.clip("Rest.", 150)
    assert lines.said(("Rest.",), 110, waited_s=0.0) is None
    said = lines.said(("Rest.",), 110, waited_s=LINE_PATIENCE_S)
    assert said is not None
    np.testing.assert_array_equal(said, usual)
    assert lines.said(("Go on.",), 150, waited_s=LINE_PATIENCE_S) is None, "there it is at no pace"
    measured(f"after {LINE_PATIENCE_S:g} s")
    Slow.may.release(10)
    lines.close()


def test_nothing_is_complete_before_every_needed_line_is_there() -> None:
    Slow.may = threading.Semaphore(1)
    lines = prompts(None, "a", start=Slow)
    lines.ahead([("Let go.", 140), ("Breathe.", 140)], needed=True)
    lines.ahead([("Well done.", 150)])
    assert not lines.complete
    Slow.may.release()
    deadline_s = time.monotonic() + 10
    while not lines.complete and time.monotonic() < deadline_s:
        time.sleep(0.01)
    assert lines.complete
    assert len(Voice.said) == 2, "the third is not needed"
    Slow.may.release(5)
    lines.close()


def test_the_synthesiser_is_let_go_when_nothing_is_left_to_render(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes 200 MB."""
    monkeypatch.setattr(cache, "_IDLE_S", 0.05)
    lines = prompts(None)
    lines.clip("Rest.", 150)
    deadline_s = time.monotonic() + 10
    while Voice.open_now and time.monotonic() < deadline_s:
        time.sleep(0.01)
    assert not Voice.open_now
    assert len(lines.clip("Go on.", 150)), "and comes back when it is wanted"
    lines.close()
    assert not Voice.open_now


# -- a voice that fails


class Dying(Voice):
    """Dies at every line once it is told to, but for the voice "b"."""

    dies = False

    def render(self, text: str, wpm: int) -> Clip:
        if Dying.dies and self.voice != "b":
            raise VoiceLost(f"The voice {self.voice!r} has died.")
        return super().render(text, wpm)


@pytest.mark.fault("the voice dies, again and again", "the second voice says everything; said once")
def test_when_a_voice_dies_the_second_one_says_everything() -> None:
    """Two voices in one session would be two coaches."""
    Dying.dies = False
    lines = prompts(None, "a", "b", start=Dying)
    lines.clip("Hello.", 150)
    Dying.dies = True
    lines.clip("Rest.", 150)
    assert lines.voice == "b"
    assert lines.failure == "The voice 'a' has died. b speaks instead."
    assert lines.wait(10)
    assert ("b", "Hello.", 150) in Voice.said, "what the first voice had rendered is rendered anew"


def test_a_voice_that_dies_once_is_started_again() -> None:
    class Once(Voice):
        died: ClassVar[list[str]] = []

        def render(self, text: str, wpm: int) -> Clip:
            if not Once.died:
                Once.died.append(text)
                raise VoiceLost("The voice has died.")
            return super().render(text, wpm)

    lines = prompts(None, "a", "b", start=Once)
    assert len(lines.clip("Rest.", 150))
    assert lines.voice == "a"
    assert not lines.failure


def test_without_any_voice_there_is_an_error_and_no_waiting() -> None:
    Dying.dies = True
    lines = prompts(None, "a", "c", start=Dying)
    with pytest.raises(VoiceLost, match="'c' has died"):
        lines.clip("Rest.", 150)
    with pytest.raises(VoiceLost):
        lines.said(("Go on.",), 150, waited_s=0.0)
    assert lines.complete, "nobody waits for what will never be"


class Refusing(Voice):
    """Gives no sound for the texts that it refuses."""

    refused: ClassVar[dict[str, set[str]]] = {}

    def render(self, text: str, wpm: int) -> Clip:
        if text in Refusing.refused[self.voice]:
            raise SynthesisError(f"The voice {self.voice!r} returned no sound for {text!r}.")
        return super().render(text, wpm)


@pytest.mark.fault("the voice gives no sound, for one line or all", "the second voice says everything")
@pytest.mark.parametrize(
    "silent_on", [{"Hello.", "Rest.", "Go on."}, {"Rest."}], ids=["every line", "one line"]
)
def test_a_voice_that_gives_no_sound_leaves_everything_to_the_second_one(silent_on: set[str]) -> None:
    """A natural voice that returned nothing for every line was never left: the session only paused."""
    Refusing.refused = {"a": silent_on, "b": set()}
    lines = prompts(None, "a", "b", start=Refusing)
    for text in ("Hello.", "Rest.", "Go on."):
        assert len(lines.clip(text, 150))
    assert lines.voice == "b"
    refused = "Hello." if "Hello." in silent_on else "Rest."
    assert lines.failure == f"The voice 'a' returned no sound for {refused!r}. b speaks instead."
    assert lines.wait(10)
    assert {text for voice, text, _ in Voice.said if voice == "b"} == {"Hello.", "Rest.", "Go on."}
    lines.close()


def test_a_voice_that_gives_no_sound_once_is_started_again() -> None:
    class Once(Voice):
        def render(self, text: str, wpm: int) -> Clip:
            Voice.said.append((self.voice, text, wpm))
            if len(Voice.said) == 1:
                raise SynthesisError(f"The voice returned no sound for {text!r}.")
            return super().render(text, wpm)

    lines = prompts(None, "a", "b", start=Once)
    assert len(lines.clip("Rest.", 150))
    assert lines.voice == "a"
    assert not lines.failure


def test_a_text_without_a_word_is_refused_and_costs_only_itself() -> None:
    """It says nothing about the voice."""
    Refusing.refused = {"a": {"."}, "b": {"."}}
    lines = prompts(None, "a", "b", start=Refusing)
    with pytest.raises(SynthesisError, match="no sound"):
        lines.clip(".", 150)
    assert len(lines.clip("Rest.", 150))
    assert lines.voice == "a"
    assert not lines.failure


def test_a_line_that_no_voice_can_say_costs_only_itself() -> None:
    Refusing.refused = {"a": {"Rest."}, "b": {"Rest."}}
    lines = prompts(None, "a", "b", start=Refusing)
    with pytest.raises(SynthesisError, match=r"'b' returned no sound for 'Rest\.'"):
        lines.clip("Rest.", 150)
    assert len(lines.clip("Go on.", 150))
    lines.ahead([("Rest.", 150)], needed=True)
    assert lines.complete, "nobody waits for what will never be"
    lines.close()
