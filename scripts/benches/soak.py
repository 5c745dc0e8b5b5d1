"""Whether the use of resources stays flat over hours: memory, threads, descriptors, and what waits in queues.

A program as long as a file may make it is played by the real application to a user who answers the questions,
and now and then pauses, says so aloud, stops, reports a mild pain and goes on. `--virtual-hours`: one session
after another on the virtual clock, in one process. `--real-minutes`: one session on the virtual sound card,
in real time, with its transcript, recording and event log.

The slope is that of straight lines through the memory at each minute, by least squares: one line a session,
all of the same slope. Each session's first half hour, in which lines are rendered, is left out. A second
slope leaves out the sound of the lines that were said so far: on the virtual clock each is loaded when it is
first said, and there are only so many.
"""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import numpy as np

from scripts.benches.figures import table
from tests.card.card import Card
from voicecoach.app import assemble
from voicecoach.audio import FileDuplex, read_sound
from voicecoach.background import Background
from voicecoach.cli.playing import signals_caught
from voicecoach.cli.screen import BackgroundScreen, Transcript
from voicecoach.inbox import Key
from voicecoach.player import Player
from voicecoach.request import Request
from voicecoach.session import View
from voicecoach.session.modes import STILL
from voicecoach.session.questions import HURT, MILD, OVER
from voicecoach.sound import Frame, Samples
from voicecoach.tables import InputError
from voicecoach.testing import FIXTURES, LIBRARY, RememberingScreen, assembled, prepare_home
from voicecoach.units import RATE_HZ
from voicecoach.watchdog import Watchdog

ANSWERS = {
    **dict.fromkeys(("released", "consulted", "often", "no_better", "again"), "y"),
    **{"baseline": "1", "level": "2", OVER: "n", MILD: "e", HURT: "n"},
}
"""The key that answers a question; "no" answers every other one."""
SPOKEN = "pause"
DOES = {3: " ", 6: SPOKEN, 9: "s", 12: "-", 15: "?", 18: SPOKEN, 21: "t", 24: "+", 27: "r"}
"""What the user does at which minute of every half hour: presses a key, or says a word."""
PAIN_AT_MIN = 29
"""Once a session: a second report ends it."""
RESUMES_AFTER_S = 15.0
SETTLED_MIN = 30
COLUMNS = (
    "session", "min", "memory, MB", "of it lines, MB", "Python threads", "threads", "descriptors",
    "unheard, s", "in the mixer", "calls that wait",
)  # fmt: skip


class Flat(RememberingScreen):
    """A screen that remembers nothing, as what is remembered grows."""

    def coach(self, at_ms: int, text: str) -> None:
        pass

    def user(self, at_ms: int, text: str, source: str, doubtful: bool = False) -> None:
        pass

    def show(self, view: View) -> None:
        pass

    def notice(self, text: str) -> None:
        print(f"! {text}", file=sys.stderr)

    alarm = notice


class Room:
    """A microphone on the virtual clock: a minute of noise over and over, and what the user says."""

    def __init__(self) -> None:
        chance = np.random.default_rng(5)
        self._noise = np.asarray(chance.normal(0, 0.0003, 60 * RATE_HZ), np.float32)
        self._word = read_sound(FIXTURES / "words" / f"{SPOKEN}_festival-kal.flac")
        self._at = 0
        self._said = len(self._word)

    def say(self, _word: str) -> None:
        self._said = 0

    def read(self, samples: int) -> Samples:
        block = self._noise.take(range(self._at, self._at + samples), mode="wrap")
        self._at += samples
        spoken = self._word[self._said : self._said + samples]
        block[: len(spoken)] += spoken
        self._said += len(spoken)
        return block


@dataclass(frozen=True, slots=True)
class Use:
    memory_mb: float
    lines_mb: float
    python_threads: int
    threads: int
    descriptors: int

    @staticmethod
    def now(player: Player) -> "Use":
        status = dict(
            line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines()
        )
        return Use(
            int(status["VmRSS"].split()[0]) / 1024,
            sum(samples.nbytes for clips in player.prompts._clips.values() for samples, _ in clips.values())
            / 2**20,
            threading.active_count(),
            int(status["Threads"]),
            len(os.listdir("/proc/self/fd")),
        )


def waiting(player: Player, screen: object) -> str:
    """How many calls wait in each of the threads for what may block."""
    # no part of the application needs to know this, so it has no public name
    places = {
        "screen": getattr(screen, "_background", None),
        "journal": player.journal._background,
        "recording": player.aside,
    }
    waits = {name: it._calls.qsize() for name, it in places.items() if isinstance(it, Background)}
    return ", ".join(f"{name} {calls}" for name, calls in waits.items())


@dataclass
class User:
    """Answers the questions, does what is in `DOES`, and goes on after a while."""

    player: Player
    say: Callable[[str], object]
    minute: int = 0
    _answered: int = 0
    _still_since_s: float | None = None

    def act(self, minute: int, now_s: float) -> None:
        s = self.player.state
        if s.asking and s.prompt_id is None and self._answered != s.next_prompt_id:
            self._answered = s.next_prompt_id
            self._press(ANSWERS.get(s.asking, "n"))
        if s.mode not in STILL or s.prompt_id is not None or s.asking:
            self._still_since_s = None
        elif self._still_since_s is None:
            self._still_since_s = now_s
        elif now_s - self._still_since_s > RESUMES_AFTER_S:
            self._still_since_s = None
            self._press("c")
        if minute > self.minute:
            self.minute = minute
            does = "p" if minute == PAIN_AT_MIN else DOES.get(minute % 30)
            if does == SPOKEN:
                self.say(SPOKEN)
            elif does:
                self._press(does)

    def _press(self, key: str) -> None:
        self.player.inbox.append(Key(key))


@dataclass
class Soak:
    """Sessions one after another, with a look at the use of resources every minute of session time."""

    minutes: float
    report: Callable[[str], None]
    played_min: float = 0.0
    """in the sessions before the current one"""
    session: int = 0
    seen: list[tuple[int, int, Use]] = field(default_factory=list)
    """(session, its minute, what was in use)"""

    def play(self, player: Player, screen: object, say: Callable[[str], object]) -> None:
        """Play one session to its end, or until the time is over."""
        self.session += 1
        user = User(player, say)

        def on_block(frame: Frame) -> None:
            minute = int(frame.end_ms // 60_000)
            if minute > user.minute:
                self.look(minute, player, screen)
                if self.played_min + minute >= self.minutes:
                    player.inbox.append("the time is over")
            user.act(minute, frame.end_ms / 1000)

        player.on_block = on_block
        watchdog = Watchdog(player)
        with signals_caught(watchdog.leave) if player.real_time else contextlib.nullcontext():
            outcome = watchdog.run() if player.real_time else player.run()
        minutes = player.mixer.at_sample / RATE_HZ / 60
        self.played_min += minutes
        print(f"session {self.session}: {outcome.value} after {minutes:.0f} min", file=sys.stderr)

    def look(self, minute: int, player: Player, screen: object) -> None:
        use = Use.now(player)
        self.seen.append((self.session, minute, use))
        if minute % 10 == 0:
            mixer = player.mixer
            unheard_s = player.listener.behind_s if player.listener else 0.0
            sounds = len(mixer._orders) + len(mixer._voices)
            row = (
                *(self.session, minute, f"{use.memory_mb:.1f}", f"{use.lines_mb:.1f}"),
                *(use.python_threads, use.threads, use.descriptors),
                *(f"{unheard_s:.2f}", sounds, waiting(player, screen)),
            )
            self.report(f"| {' | '.join(map(str, row))} |")

    def slope_mb_an_hour(self, of: Callable[[Use], float]) -> float | None:
        settled = [(n, minute, use) for n, minute, use in self.seen if minute > SETTLED_MIN]
        deviations = []
        for session in {n for n, _, _ in settled}:
            there = np.array([(minute / 60, of(use)) for n, minute, use in settled if n == session])
            deviations.append(there - there.mean(axis=0))
        hours, memory_mb = np.concatenate(deviations).T if deviations else (np.zeros(1), np.zeros(1))
        return float(hours @ memory_mb / (hours @ hours)) if hours.any() else None

    def sum_up(self) -> str:
        uses = [use for _, _, use in self.seen]
        if not uses:
            return "Less than a minute was played."
        slopes = [
            self.slope_mb_an_hour(of)
            for of in (lambda use: use.memory_mb, lambda use: use.memory_mb - use.lines_mb)
        ]
        growth, without_lines = (
            "too short for a slope" if slope is None else f"{slope:+.2f} MB an hour" for slope in slopes
        )
        lasts = {session: f"{use.memory_mb:.0f}" for session, _, use in self.seen}
        return (
            f"{self.played_min / 60:.1f} h, {self.session} sessions: {growth} within a session, after its "
            f"first {SETTLED_MIN} minutes ({without_lines} without the lines); "
            f"{', '.join(lasts.values())} MB at the end of each; "
            f"at most {max(use.memory_mb for use in uses):.0f} MB, "
            f"{max(use.python_threads for use in uses)} Python threads, "
            f"{max(use.threads for use in uses)} threads, {max(use.descriptors for use in uses)} descriptors."
        )


def longest_program(folder: Path) -> str:
    """The path of a program as long as the library takes."""
    path = folder / "long.toml"
    head = 'name = "Long"\ndescription = "As long as may be."\n'
    entries: list[str] = []
    for name in cycle(e.id for e in LIBRARY.program("full").exercises):
        longer = [*entries, f'{{ id = "{name}" }}']
        path.write_text(f"{head}exercises = [{', '.join(longer)}]\n", "utf-8")
        try:
            LIBRARY.program(str(path))
        except InputError:
            break
        entries = longer
    path.write_text(f"{head}exercises = [{', '.join(entries)}]\n", "utf-8")
    return str(path)


def virtual(soak: Soak, folder: Path) -> None:
    program, screen = longest_program(folder), Flat()
    while soak.played_min < soak.minutes:
        room = Room()
        places = prepare_home({"returning": True}, folder / "home")
        soak.play(assembled(program, places, screen, FileDuplex(room, None)), screen, room.say)
        (places.data / "coach.wav").unlink()


def real(soak: Soak, folder: Path) -> None:
    card = Card(folder / "card")
    os.environ.update(card.env)  # before PortAudio looks for its devices
    try:
        places = prepare_home({"returning": True}, folder / "home")
        with (folder / "transcript").open("w") as transcript, contextlib.redirect_stdout(transcript):
            screen = BackgroundScreen(Transcript())
            request = Request(program=longest_program(folder), out=folder / "out", keys=True)
            soak.play(
                assemble(request, places, screen), screen, lambda word: card.speak(f"{word}_festival-kal")
            )
            screen.close()
    finally:
        card.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--virtual-hours", type=float, default=8.0)
    how.add_argument("--real-minutes", type=float)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the sound server is not left behind
    output = sys.stdout  # a real session's transcript takes its place

    def report(line: str) -> None:
        print(line, file=output, flush=True)

    for line in table(COLUMNS, []):
        report(line)
    soak = Soak(options.real_minutes or options.virtual_hours * 60, report)
    with tempfile.TemporaryDirectory() as folder:
        (real if options.real_minutes else virtual)(soak, Path(folder))
    report(soak.sum_up())


if __name__ == "__main__":
    main()
