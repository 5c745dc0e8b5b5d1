"""How much the coach talks, and how much the body moves: a month of sessions of somebody who is well.

One user plays a program again and again, days apart on the virtual clock, in the real application with its
real voice; the journal remembers, so an exercise that is known gets fewer words. Nobody is listened to: the
user answers by key. Speech is the time in which a line sounds: instructions, and the counting within the
movement, apart. Exercise is the counted movement.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scripts.benches.figures import percentile, table
from voicecoach.app import assemble
from voicecoach.inbox import Key
from voicecoach.language import ListeningState
from voicecoach.listening import Inline, Verdict
from voicecoach.player import Player
from voicecoach.request import VIRTUAL, Request
from voicecoach.sound import Frame, Samples
from voicecoach.storage import Places
from voicecoach.testing import HEALTHY, SHARED_PROMPTS, RememberingScreen, prepare_home
from voicecoach.units import RATE_HZ

ANSWERS = {key: str(answer)[0] for key, answer in HEALTHY.items()} | {
    "baseline": "1", "afterwards": "1", "effort": "4", "step": "y",
}  # fmt: skip
"""The key that answers a question; "no" answers every other one."""
MONDAY = datetime(2026, 1, 5, 18)


class Nobody:
    """Hears nothing."""

    now_s = 0.0
    low = False
    hint = ""

    def hear(self, heard: Samples, played: Samples) -> Sequence[Verdict]:
        return []

    def listen_for(self, state: ListeningState) -> None: ...
    def coach_says(self, text: str, until_s: float) -> None: ...
    def forget_room(self) -> None: ...
    def close(self) -> None: ...


@dataclass
class Answers:
    """The user: answers each question as soon as it is asked."""

    player: Player
    _answered: int = 0

    def __call__(self, frame: Frame) -> None:
        s = self.player.state
        if s.asking and s.prompt_id is None and self._answered != s.next_prompt_id:
            self._answered = s.next_prompt_id
            self.player.inbox.append(Key(ANSWERS.get(s.asking, "n")))


@dataclass(frozen=True)
class Figures:
    """Of one session, in seconds."""

    total: float
    intake: float
    questions: int
    instructions: float
    counting: float
    exercise: float
    to_move: list[float]
    """from each exercise's name to its first movement"""


def played(program: str, home: Path, now: datetime) -> Figures:
    places = Places.inside(home)
    out = home / "out"
    speaker = home / "coach.wav"
    speaker.unlink(missing_ok=True)
    request = Request(program, speaker=str(speaker), deaf=True, keys=True, speed=VIRTUAL, out=out)
    player = assemble(request, places, RememberingScreen(), now)
    player = replace(player, listener=Inline(Nobody()), recording=None)
    player.on_block = Answers(player)
    names = {f"{e.name}." for e in player.state.plan.exercises.values()} if player.state.plan else set()
    player.run()
    return figures([json.loads(line) for line in (out / "events.jsonl").open(encoding="utf-8")], names)


def figures(events: list[dict[str, Any]], names: set[str]) -> Figures:
    said = {e["prompt_id"]: e for e in events if e["name"] == "Say"}
    sounded = [(e["start_sample"] / RATE_HZ, e["end_sample"] / RATE_HZ, said[e["prompt_id"]])
               for e in events if e["name"] == "PromptDone"]  # fmt: skip
    holds = [(e["start_ms"] / 1000, e["end_ms"] / 1000) for e in events if e["name"] == "HoldBegan"]
    began = next(e["at_s"] for e in events if e["name"] == "Screened")
    named = [start for start, _, say in sounded if say["text"] in names]
    return Figures(
        total=events[-1]["at_s"],
        intake=began,
        questions=sum(e["name"] == "AnswerGiven" and e["at_s"] <= began for e in events),
        instructions=sum(end - start for start, end, say in sounded if say["at_ms"] is None),
        counting=sum(end - start for start, end, say in sounded if say["at_ms"] is not None),
        exercise=sum(end - start for start, end in holds),
        to_move=[min(start for start, _ in holds if start > at) - at for at in named],
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--program", action="append", help="default: gentle and floor")
    parser.add_argument("--sessions", type=int, default=12)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault(SHARED_PROMPTS, str(Path(folder) / "prompts"))
        Path(os.environ[SHARED_PROMPTS]).mkdir(parents=True, exist_ok=True)
        rows = []
        for program in options.program or ("gentle", "floor"):
            home = Path(folder) / program
            prepare_home({}, home)
            for n in range(options.sessions):
                f = played(program, home, MONDAY + timedelta(days=2.5 * n))
                speech = f.instructions + f.counting
                rows.append((
                    program, n + 1, f"{f.total / 60:.1f}", f"{f.exercise / 60:.1f}",
                    f"{f.intake:.0f} ({f.questions})", f"{100 * f.instructions / f.total:.0f} %",
                    f"{100 * speech / f.total:.0f} %", percentile(f.to_move, 0.5), f"{max(f.to_move):.0f}",
                ))  # fmt: skip
                print(*rows[-1], sep=" | ", flush=True)
        head = (
            "program", "session", "min", "exercise, min", "before it moves, s (questions)", "instructions",
            "all speech", "name to movement, s, p50", "most",
        )  # fmt: skip
        print("", *table(head, rows), sep="\n")


if __name__ == "__main__":
    main()
