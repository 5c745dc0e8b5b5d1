"""The player, when one of its parts fails."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voicecoach.app import UNATTENDED_S, assemble
from voicecoach.audio import FileDuplex, SilentMicrophone
from voicecoach.inbox import Key
from voicecoach.language import Command
from voicecoach.listening import Inline, Noticed
from voicecoach.player import Player
from voicecoach.request import REAL, VIRTUAL, Request
from voicecoach.session import Mode
from voicecoach.sound import Samples
from voicecoach.speaking.mixer import FADE_MS
from voicecoach.storage import Journal
from voicecoach.testing import FIXTURES, RememberingScreen, assembled, prepare_home
from voicecoach.units import BLOCK, RATE_HZ, ms_to_samples


@pytest.mark.fault("the recogniser raises an error", "ducking ends, and the user is told")
def test_if_the_recogniser_fails_while_the_coach_is_ducked_ducking_ends_and_the_user_is_told(
    tmp_path: Path,
) -> None:
    places = prepare_home({"returning": True}, tmp_path)
    screen = RememberingScreen()
    duplex = FileDuplex(SilentMicrophone(), None)
    player = assembled(str(FIXTURES / "scenes" / "short.toml"), places, screen, duplex)
    levels: list[bool] = []

    class Breaking:
        """An ear that detects speech for a second, then raises as its native code may."""

        low = True

        def __getattr__(self, name: str) -> Any:
            return getattr(ear, name)

        def hear(self, *_: object) -> list[Noticed]:
            levels.append(player.mixer.ducked)
            if len(levels) == 50:
                raise RuntimeError("out of memory")
            return []

    assert isinstance(player.listener, Inline)
    ear = player.listener.ear
    blocks = 0

    def leave(_: object) -> None:
        nonlocal blocks
        blocks += 1
        if blocks == 100:
            player.inbox.append("enough")

    player = replace(player, listener=Inline(Breaking()), on_block=leave)
    player.run()
    assert levels[-1]
    assert not player.mixer.ducked
    assert any("recogniser failed (out of memory)" in line for line in screen.notices)


@pytest.mark.fault("an exception in a safety stop", "the next start is locked")
def test_a_fault_in_a_safety_stop_keeps_the_lock(tmp_path: Path) -> None:
    """An exception there once wrote "interrupted", and the next session simply began."""
    places = prepare_home({"returning": True}, tmp_path)
    duplex = FileDuplex(SilentMicrophone(), None)
    screen = RememberingScreen()
    player = assembled(str(FIXTURES / "scenes" / "short.toml"), places, screen, duplex)
    render, sound = player.mixer.render, []

    def rendered(samples: int) -> Samples:
        sound.append(render(samples))
        return sound[-1]

    player.mixer.render = rendered  # type: ignore[method-assign]

    def fail(_: object) -> None:
        if player.state.mode is Mode.SAFETY:
            raise RuntimeError("a fault")
        player.inbox.append(Key("p"))

    player = replace(player, on_block=fail)
    with pytest.raises(RuntimeError, match="a fault"):
        player.run()
    assert any("Let go of the position" in line for line in screen.notices)
    assert any(block.any() for block in sound[-150:]), "the last words are spoken, too"
    assert Journal(places.journal, pytest.fail).earlier().locked


def speaking(tmp_path: Path) -> Player:
    """In the middle of a sound."""
    places = prepare_home({"returning": True}, tmp_path)
    duplex = FileDuplex(SilentMicrophone(), None)
    player = assembled(str(FIXTURES / "scenes" / "short.toml"), places, RememberingScreen(), duplex)
    player.mixer.play(np.full(RATE_HZ, 0.5, np.float32))
    assert player.mixer.render(BLOCK).all()
    return player


@pytest.mark.parametrize("key", ["s", "p", "x"])
def test_a_key_that_stops_silences_the_coach_before_the_session_has_looked_at_it(
    tmp_path: Path, key: str
) -> None:
    """The session's loop may hang, or wait for its next block: a hush never waits."""
    player = speaking(tmp_path)
    player.press(key)
    assert not player.mixer.render(BLOCK)[ms_to_samples(FADE_MS) :].any()
    (pressed,) = player.inbox
    assert isinstance(pressed, Key)
    assert pressed.hushed is (Command.PAIN if key == "p" else Command.STOP)
    player.close()


@pytest.mark.parametrize("command", [Command.STOP, Command.PAIN, Command.HELP])
def test_a_safety_word_from_a_page_silences_the_coach_before_the_session_has_looked_at_it(
    tmp_path: Path, command: Command
) -> None:
    player = speaking(tmp_path)
    player.give(command, "page")
    assert not player.mixer.render(BLOCK)[ms_to_samples(FADE_MS) :].any()
    player.close()


def test_a_signal_to_leave_silences_the_coach_before_the_session_has_looked_at_it(tmp_path: Path) -> None:
    player = speaking(tmp_path)
    player.leave("the terminal was closed")
    assert not player.mixer.render(BLOCK)[ms_to_samples(FADE_MS) :].any()
    assert list(player.inbox) == ["the terminal was closed"]
    player.close()


@pytest.mark.parametrize("speed", [REAL, VIRTUAL])
def test_a_session_that_hangs_falls_silent_only_where_time_is_real(tmp_path: Path, speed: str) -> None:
    """On the virtual clock a block may take as long as it likes; on a real one the count must not go on."""
    places = prepare_home({"returning": True}, tmp_path)
    short, speaker = str(FIXTURES / "scenes" / "short.toml"), str(tmp_path / "coach.wav")
    request = Request(short, speaker=speaker, speed=speed, deaf=True, keys=True)
    player = assemble(request, places, RememberingScreen())
    player.mixer.play(np.full(RATE_HZ, 0.5, np.float32))
    sound = np.concatenate([player.mixer.render(BLOCK) for _ in range(RATE_HZ // BLOCK)])
    player.close()
    assert sound[: round(UNATTENDED_S * RATE_HZ)].all()
    silent = not sound[round(UNATTENDED_S * RATE_HZ) + BLOCK :].any()
    assert silent is (speed == REAL)


def given(tmp_path: Path, command: Command, asking: str | None) -> RememberingScreen:
    """What is seen after a command from a page while the first question is asked."""
    places = prepare_home({"returning": True}, tmp_path)
    screen = RememberingScreen()
    duplex = FileDuplex(SilentMicrophone(), None)
    player = assembled(str(FIXTURES / "scenes" / "short.toml"), places, screen, duplex)
    blocks_since = 0

    def click(_: Any) -> None:
        nonlocal blocks_since
        blocks_since += bool(blocks_since or player.state.asking)
        if blocks_since == 1:
            player.give(command, "page", asking)
        elif blocks_since == 5:
            player.inbox.append("enough")

    player = replace(player, on_block=click)
    player.run()
    return screen


def test_an_answer_from_a_page_counts_for_the_question_that_was_seen(tmp_path: Path) -> None:
    """The next question may have come while the finger was on its way."""
    assert given(tmp_path, Command.NO, "baseline").user_lines == []


def test_pain_from_a_page_counts_whatever_was_seen(tmp_path: Path) -> None:
    screen = given(tmp_path, Command.PAIN, "baseline")
    assert [text for _, text in screen.user_lines] == ["pain"]
    assert Mode.SAFETY in {seen.mode for seen in screen.views}
