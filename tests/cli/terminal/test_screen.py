"""A session's screen in a real pseudo-terminal: what is read in it, what is written to it, how it is left."""

import contextlib
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

from tests.faults.process import SHORT
from tests.pseudo_terminal import PseudoTerminal
from tests.session.driver import Driver, exercise, hold, program
from voicecoach.app import assemble
from voicecoach.cli.screen import BackgroundScreen, Transcript
from voicecoach.cli.terminal import TerminalScreen, screen_for
from voicecoach.cli.terminal import screen as module
from voicecoach.inbox import Key
from voicecoach.player import Player
from voicecoach.request import VIRTUAL, Request
from voicecoach.session import Phase, View, clock, view
from voicecoach.sound import Frame
from voicecoach.testing import prepare_home
from voicecoach.units import BLOCK, RATE_HZ

LATE_S = 0.6
"""A frame is due within 0.1 s; a busy machine gets more."""
ENTERED, LEFT = b"\x1b[?1049h", b"\x1b[?1049l"


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[PseudoTerminal]:
    """A terminal of 80 by 24."""
    it = PseudoTerminal(80, 24)
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    yield it
    it.close()


@contextlib.contextmanager
def standard_output(window: PseudoTerminal) -> Iterator[None]:
    """In a test, since pytest has its own standard output before it."""
    output = os.fdopen(os.dup(window.theirs), "w", encoding="utf-8")
    with output, contextlib.redirect_stdout(output):
        yield


@contextlib.contextmanager
def screen_on(window: PseudoTerminal) -> Iterator[TerminalScreen]:
    with standard_output(window):
        screen = screen_for(Transcript(), plain=False)
        assert isinstance(screen, TerminalScreen)
        with contextlib.closing(screen):
            yield screen


def shows(window: PseudoTerminal, digits: str) -> bool:
    return window.digits == digits


def held(digit: int) -> View:
    coach = Driver(program(exercise("alpha", hold(8)), exercise("bravo"))).screened().in_hold(1_500)
    seen = view(coach.state, coach.now_ms)
    return replace(seen, clock=replace(seen.clock, digit=digit))


def test_each_digit_is_seen_soon_after_it_counts(window: PseudoTerminal) -> None:
    with screen_on(window) as screen:
        for digit in range(8):
            screen.show(held(digit))
            window.until(partial(shows, window, str(digit)), 3.0)


def test_only_the_rows_that_change_are_written(window: PseudoTerminal) -> None:
    with screen_on(window) as screen:
        screen.show(held(2))
        window.until(lambda: window.digits == "2")
        before = len(window.written)
        screen.show(held(3))
        window.until(lambda: window.digits == "3")
        assert b"Exercise alpha" not in window.written[before:]
        before = len(window.written)
        screen.show(held(3))
        time.sleep(0.5)
        assert len(window.written) == before


def test_a_fast_session_is_drawn_ten_times_a_second_at_most(window: PseudoTerminal) -> None:
    with screen_on(window) as screen:
        began_s, views = time.monotonic(), [held(digit) for digit in range(8)]
        while time.monotonic() - began_s < 1.0:
            for each in views:
                screen.show(each)
                time.sleep(0.002)
        assert 2 <= window.written.count(b"\x1b[?25h") <= 12


def test_what_another_program_wrote_over_it_is_gone_soon(
    window: PseudoTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with screen_on(window) as screen:
        monkeypatch.setattr(module, "ANEW_S", 0.3)
        screen.show(held(2))
        window.until(lambda: window.digits == "2")
        os.write(window.theirs, b"\x1b[1;1Hmail has arrived")
        window.until(lambda: b"mail" in window.written)
        window.until(lambda: "mail" not in window.text)


def test_the_screen_follows_the_size_of_the_window(window: PseudoTerminal) -> None:
    with screen_on(window) as screen:
        screen.show(held(2))
        window.until(lambda: window.digits == "2")
        window.resize(20, 8)
        window.until(lambda: window.lines[-1] == "stop (s)  pain (p)" and window.digits == "2")
        window.resize(80, 24)
        window.until(lambda: "Next: Exercise bravo" in window.text and window.digits == "2")


def test_what_was_said_is_printed_when_the_session_is_over(window: PseudoTerminal) -> None:
    with screen_on(window) as screen:
        screen.show(held(2))
        screen.coach(1_000, "Lift for alpha.")
        screen.user(2_000, "pause", "key")
        screen.notice("The loudspeaker has gone.")
        window.until(lambda: "Key: pause" in window.text and "! The loudspeaker has gone." in window.text)
        assert screen.close()
        window.until(lambda: window.text.endswith("! The loudspeaker has gone."))
        before, _, after = re.sub(rb"\x1b\[[0-9;]*m", b"", window.written).decode().partition(LEFT.decode())
        for line in ("coach  Lift for alpha.", "you    pause  (key)", "  ! The loudspeaker has gone."):
            assert line in after
            assert line not in before


def test_before_the_first_view_lines_are_printed_at_once(window: PseudoTerminal) -> None:
    """Should the session not begin, its notices are still there to be read."""
    with screen_on(window) as screen:
        screen.notice("The model is missing.")
        window.until(lambda: "The model is missing." in window.text)
        assert ENTERED not in window.written


def test_the_number_that_is_counted_does_not_take_the_place_of_the_instruction(
    window: PseudoTerminal,
) -> None:
    with screen_on(window) as screen:
        screen.coach(0, "Lift for alpha.")
        screen.coach(1_000, "one")
        screen.show(held(2))
        window.until(lambda: "Lift for alpha." in window.text)


def test_an_alarm_rings_once(window: PseudoTerminal) -> None:
    with screen_on(window) as screen:
        screen.show(held(2))
        screen.alarm("The loudspeaker has gone.")
        window.until(lambda: "! The loudspeaker has gone." in window.text)
        screen.show(held(3))
        window.until(lambda: window.digits == "3")
        assert window.written.count(b"\a") == 1


@pytest.mark.parametrize("plain", [True, False], ids=["lines", "page"])
def test_an_alarm_rings_and_is_a_notification_of_the_desktop(
    window: PseudoTerminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plain: bool
) -> None:
    """Somebody on the floor who does not hear the coach may not look at its window either."""
    told = tmp_path / "told"
    for name in ("notify-send", "osascript"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "$*" >> "{told}"\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with standard_output(window), contextlib.closing(screen_for(Transcript(), plain)) as screen:
        screen.show(held(2))
        screen.alarm("The loudspeaker has gone.")
        window.until(lambda: "! The loudspeaker has gone." in window.text)
        window.until(lambda: told.exists() and "The loudspeaker has gone." in told.read_text())
        assert window.written.count(b"\a") == 1
        assert len(told.read_text().splitlines()) == 1


def test_a_page_that_cannot_be_drawn_gives_way_to_plain_lines(
    window: PseudoTerminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with screen_on(window) as screen:
        monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
        screen.show(held(2))
        window.until(lambda: window.digits == "2")
        monkeypatch.setattr(module, "page", lambda *_: 1 / 0)
        screen.show(held(3))
        screen.coach(1_000, "Lift for alpha.")
        window.until(lambda: LEFT in window.written and "coach Lift for alpha." in window.text)
        assert "ZeroDivisionError" in (tmp_path / "log" / "voicecoach.log").read_text()
        assert "Traceback" not in window.text


def test_no_colour_is_written_where_none_is_wanted(
    window: PseudoTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with screen_on(window) as screen:
        screen.show(held(2))
        window.until(lambda: window.digits == "2")
    assert b"\x1b[1m" in window.written
    assert not any(f"\x1b[{code}m".encode() in window.written for code in (31, 32, 36, 91, "1;36"))


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_dumb_terminal_gets_lines(
    window: PseudoTerminal, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    monkeypatch.setenv("TERM", term)
    with standard_output(window):
        assert isinstance(screen_for(Transcript(), plain=False), BackgroundScreen)


def test_whoever_asks_for_lines_gets_lines(window: PseudoTerminal) -> None:
    with standard_output(window):
        assert isinstance(screen_for(Transcript(), plain=True), BackgroundScreen)


def test_a_file_gets_lines(tmp_path: Path) -> None:
    with (tmp_path / "out.txt").open("w") as file, contextlib.redirect_stdout(file):
        assert isinstance(screen_for(Transcript(), plain=False), BackgroundScreen)


class User:
    """Answers by keys; time passes as it does while a hold is counted, and else as fast as it can."""

    def __init__(self) -> None:
        self.player: Player
        self.counted: dict[int, float] = {}
        """when each digit of the first hold began to count"""

    def __call__(self, frame: Frame) -> None:
        state = self.player.state
        if state.asking and state.prompt_id is None:
            self.player.inbox.append(Key("2" if state.asking == state.protocol.baseline else "n"))
        now = clock(state, frame.end_ms)
        if now.phase is Phase.HOLD and now.digit is not None:
            self.counted.setdefault(now.digit, time.monotonic())
            time.sleep(BLOCK / RATE_HZ)
            if now.digit == 4:
                self.player.inbox.append("the test has seen enough")


def test_in_a_session_the_digits_are_in_step_with_the_count(window: PseudoTerminal, tmp_path: Path) -> None:
    places = prepare_home({"returning": True, "settings": {"wording": "minimal"}}, tmp_path)
    request = Request(SHORT, speaker=str(tmp_path / "coach.wav"), speed=VIRTUAL, deaf=True, keys=True)
    user, seen = User(), dict[str, float]()
    with screen_on(window) as screen:
        user.player = player = replace(assemble(request, places, screen), on_block=user)
        playing = threading.Thread(target=player.run, daemon=True)
        playing.start()
        while playing.is_alive():
            if "HOLD" in window.text:
                seen.setdefault(window.digits, time.monotonic())
                assert "Pelvic tilt exercise 1 of 2" in window.text
            time.sleep(0.01)
    assert list(user.counted) == [0, 1, 2, 3, 4]
    for digit in range(4):
        assert 0.0 <= seen[str(digit)] - user.counted[digit] < LATE_S
    window.until(lambda: "coach Hold" in window.text or "you no (key)" in window.text)
