"""Scenes through PortAudio, on a virtual sound card, in real time.

Run alone with  scripts/test -m card -s  to see the measured times.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from tests.card.card import Card, Coach, Loudspeaker, needs_card, processor_s
from tests.faults.report import Measured
from voicecoach.testing import FIXTURES, prepare_home

pytestmark = [pytest.mark.card, needs_card]

SHORT = str(FIXTURES / "scenes" / "short.toml")
VOICE = "festival-kal"
CLEAR_VOICE = "festival-slt"
"""Says "pain" and "nine" more clearly: of kal's, one in ten is not understood."""
GENEROUS_S = 1.0
"""Not a measurement: it only distinguishes an immediate stop from one at the end of the sentence."""


def begin(coach: Coach, card: Card) -> None:
    """Answer the questions of a returning user, by voice."""
    coach.until("bladder or bowel")
    answer(coach, card, "no", 5.0)
    coach.until("zero to ten")
    answer(coach, card, "one", 4.0)


def answer(coach: Coach, card: Card, word: str, wait_s: float, voice: str = VOICE) -> None:
    """Say `word` `wait_s` after the question's line was shown, when it has been spoken at this pace: over the
    coach an answer is missed now and then."""
    time.sleep(wait_s)
    card.speak(f"{word}_{voice}")
    coach.until(f"you    {word}")


def home_of_returning_user(tmp_path: Path) -> Path:
    """As few words as possible before the first hold: these tests run in real time."""
    prepare_home({"returning": True, "settings": {"wording": "minimal"}}, tmp_path)
    return tmp_path


def test_stop_silences_the_real_stream_in_the_middle_of_a_hold(card: Card, tmp_path: Path) -> None:
    home = home_of_returning_user(tmp_path)
    with Loudspeaker(card) as loudspeaker, Coach(card, home, SHORT, "--out", str(tmp_path / "out")) as coach:
        begin(coach, card)
        coach.until("coach  two")
        card.speak(f"stop_{VOICE}")
        decided_s = coach.until("you    stop")
        coach.until("Are you in pain")
        silent_s = loudspeaker.silent_from(decided_s)
        assert silent_s is not None
        assert loudspeaker.peak_between(decided_s - 3.0, decided_s) > 1000, "the coach was audible before"
        print(f"\n  decision to silence: {1000 * (silent_s - decided_s):.0f} ms (hold)")
        assert silent_s - decided_s < GENEROUS_S
        coach.terminate()
        assert coach.wait(10) == 130
    assert (tmp_path / "out" / "session.wav").exists()


def test_pain_over_the_coachs_own_sentence_reaches_the_questions(card: Card, tmp_path: Path) -> None:
    home = home_of_returning_user(tmp_path)
    with Loudspeaker(card) as loudspeaker, Coach(card, home, SHORT) as coach:
        begin(coach, card)
        coach.until("Say ready when")
        card.speak(f"pain_{CLEAR_VOICE}")
        decided_s = coach.until("you    pain")
        coach.until("How bad is the pain", 40)
        silent_s = loudspeaker.silent_from(decided_s)
        assert silent_s is not None
        print(f"\n  decision to silence: {1000 * (silent_s - decided_s):.0f} ms (sentence)")
        assert silent_s - decided_s < GENEROUS_S
        answer(coach, card, "nine", 4.5, CLEAR_VOICE)
        coach.until("Does the pain spread")


@pytest.mark.fault("the coach's echo is as loud as the user's stop", "silence all the same")
def test_stop_over_the_coach_whose_echo_is_in_the_microphone(
    card: Card, tmp_path: Path, measured: Measured
) -> None:
    """The user and the coach at about the same level, up to the recorded silence. On a busy machine the sound
    server loses time, and the word may then be doubtful: that hushes, too."""
    card.echo(-6, 60)
    home = home_of_returning_user(tmp_path)
    with Loudspeaker(card) as loudspeaker, Coach(card, home, SHORT) as coach:
        coach.until("Numbness, weakness")
        time.sleep(0.8)
        card.speak(f"stop_{VOICE}")
        decided_s = coach.until("you    stop")
        assert loudspeaker.peak_between(decided_s - 1.0, decided_s) > 500, "the coach was speaking"
        time.sleep(1.0)
        silent_s = loudspeaker.silent_from(decided_s)
        assert silent_s is not None
        print(f"\n  decision to silence: {1000 * (silent_s - decided_s):.0f} ms (over the coach, with echo)")
        measured(f"silent {1000 * (silent_s - decided_s):.0f} ms after the decision")
        assert silent_s - decided_s < GENEROUS_S


@pytest.mark.fault("SIGTERM", "hush, journal, exit code 130")
def test_a_termination_signal_hushes_and_exits(card: Card, tmp_path: Path, measured: Measured) -> None:
    with Coach(card, home_of_returning_user(tmp_path), SHORT) as coach:
        coach.until("Welcome back")
        coach.terminate()
        began_s = time.monotonic()
        coach.until("Session ended: interrupted", 5)
        assert coach.wait(5) == 130
        measured(f"exited after {time.monotonic() - began_s:.1f} s")


@pytest.mark.fault("the program stands still for 0.3 s", "PortAudio's thread waits again, and takes no core")
def test_after_a_short_standstill_no_thread_spins(card: Card, tmp_path: Path, measured: Measured) -> None:
    with Coach(card, home_of_returning_user(tmp_path), SHORT) as coach:
        coach.until("Welcome back")
        os.kill(coach.pid, signal.SIGSTOP)
        time.sleep(0.3)
        os.kill(coach.pid, signal.SIGCONT)
        time.sleep(4.0)
        began_s, before = time.monotonic(), threads_s(coach.pid)
        time.sleep(3.0)
        shares = {
            thread: (used_s - before.get(thread, used_s)) / (time.monotonic() - began_s)
            for thread, used_s in threads_s(coach.pid).items()
        }
        measured(f"the busiest thread took {100 * max(shares.values()):.0f} % of a core")
        assert max(shares.values()) < 0.5
        coach.terminate()
        assert coach.wait(10) == 130


def threads_s(pid: int) -> dict[str, float]:
    """The processor time of each thread."""
    return {task.name: processor_s(task) for task in Path(f"/proc/{pid}/task").iterdir()}


def test_a_microphone_that_the_server_moves_to_the_loudspeakers_monitor_is_noticed(tmp_path: Path) -> None:
    """A card of its own: other tests leave streams on theirs."""
    with (
        contextlib.closing(Card(tmp_path / "card")) as card,
        Coach(card, home_of_returning_user(tmp_path / "home"), SHORT) as coach,
    ):
        coach.until("Welcome back")
        (ours,) = card.pactl("list", "short", "source-outputs").splitlines()
        card.pactl("move-source-output", ours.split()[0], "speaker.monitor")
        coach.until("I only hear myself", 10)


@pytest.mark.fault("the sound card vanishes", "the screen says so, and the program can be quit")
def test_a_sound_card_that_vanishes_is_reported_on_the_screen_and_the_program_can_be_quit(
    tmp_path: Path, measured: Measured
) -> None:
    """PortAudio then reports nothing, frames just stop; and closing such a stream may never return."""
    card = Card(tmp_path / "card")
    with Coach(card, home_of_returning_user(tmp_path / "home"), SHORT) as coach:
        coach.until("Welcome back")
        card.close()
        gone_s = time.monotonic()
        coach.until("The microphone has gone", 10)
        told_s = time.monotonic()
        coach.terminate()
        assert coach.wait(5) == 130
        measured(
            f"told after {told_s - gone_s:.1f} s; exited {time.monotonic() - told_s:.1f} s after SIGTERM"
        )
