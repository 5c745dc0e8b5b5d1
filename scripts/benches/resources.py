"""Processor and memory of a first session in real time, process by process, on the virtual card.

A returning user whose lines are not rendered yet: two questions, answered at once, then `floor`, with the
coach's echo in the microphone. Processor time is counted from the second question on, when everything is
loaded; memory is the proportional set size, once a second from the start. Nothing else should run.

    scripts/bench resources [--minutes 5]
"""

import argparse
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from scripts.benches.figures import table
from tests.card.card import Card, Coach, processor_s
from voicecoach.control import connected
from voicecoach.language import Command
from voicecoach.storage import Places
from voicecoach.testing import prepare_home

PARTS = {"voicecoach.speaking": "the voice that renders ahead", "voicecoach.listening": "the second ear"}
"""What runs in a process of its own, by its module; the rest is the session's own process."""
SESSION = "the session"
ECHO_DB, ECHO_MS = -12, 60


@dataclass
class Watch:
    """Samples the processes of a session once a second, until it is told to stop."""

    root: int
    used_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """processor time since `begin`, by part"""
    most_mb: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    together_mb: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    _last_s: dict[int, float] = field(default_factory=dict)

    def begin(self) -> None:
        """Forget the processor time so far."""
        self.used_s.clear()

    def run(self) -> None:
        while not self.over.wait(1.0):
            together = 0.0
            for pid in family(self.root):
                try:
                    part, at_s, mb = part_of(pid), processor_s(Path(f"/proc/{pid}")), memory_mb(pid)
                except (FileNotFoundError, ProcessLookupError):
                    continue  # it has just ended
                self.used_s[part] += at_s - self._last_s.get(pid, 0.0)
                self._last_s[pid] = at_s
                self.most_mb[part] = max(self.most_mb[part], mb)
                together += mb
            self.together_mb.append(together)


def family(root: int) -> list[int]:
    """A process and everything it started."""
    found = [root]
    for pid in found:
        for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
            found += map(int, tasks.read_text("ascii").split())
    return found


def part_of(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text("utf-8").split("\0")
    return next((PARTS[word] for word in words if word in PARTS), SESSION)


def memory_mb(pid: int) -> float:
    """Proportional set size: what several processes share counts once."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    return int(rollup.partition("Pss:")[2].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        card, home = Card(Path(folder) / "card"), Path(folder) / "home"
        try:
            card.echo(ECHO_DB, ECHO_MS)
            places = prepare_home({"returning": True}, home)
            with Coach(card, home, "floor") as coach:
                watch = Watch(coach.pid)
                watching = threading.Thread(target=watch.run)
                watching.start()
                try:
                    answer(coach, places, "bladder or bowel", Command.NO)
                    answer(coach, places, "zero to ten", Command("one"))
                    watch.begin()
                    time.sleep(60 * given.minutes)
                finally:
                    watch.over.set()
                    watching.join()
                coach.terminate()
                coach.wait(10)
        finally:
            card.close()
    seconds = 60 * given.minutes
    rows = [
        (part, f"{100 * watch.used_s[part] / seconds:.1f} %", f"{most:.0f}")
        for part, most in sorted(watch.most_mb.items())
    ]
    used_s = sum(watch.used_s.values())
    rows.append(("together", f"{100 * used_s / seconds:.1f} %", f"{max(watch.together_mb):.0f}"))
    print("\n".join(table((f"over {given.minutes:g} min", "of a core", "at most, MB"), rows)))
    print(f"together, at the end: {watch.together_mb[-1]:.0f} MB")


def answer(coach: Coach, places: Places, question: str, answer: Command) -> None:
    """By a command from outside, as an answer by voice may be missed."""
    coach.until(question)
    with closing(connected(places.session)) as session:
        session.give(answer, "send")
        session.given()


if __name__ == "__main__":
    main()
