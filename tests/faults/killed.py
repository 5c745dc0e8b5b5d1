"""A session in a process of its own that is to be killed: on the virtual clock, led by a user's keys.

It prints NOW when it is to be killed, and BUSY, before a report of pain, when the journal is to be locked:
then it waits for a line on standard input.
"""

import json
import math
import os
import random
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from voicecoach.app import assemble
from voicecoach.cli.screen import BackgroundScreen, Transcript
from voicecoach.inbox import Key
from voicecoach.player import Player
from voicecoach.request import VIRTUAL, Request
from voicecoach.session import Mode, State
from voicecoach.sound import Frame
from voicecoach.storage import Places
from voicecoach.testing import FIXTURES
from voicecoach.units import BLOCK, RATE_HZ

SHORT = str(FIXTURES / "scenes" / "short.toml")
NOW, BUSY = "-- now --", "-- busy --"
BEFORE_PAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Scene:
    seed: int
    hurts_after_s: float | None
    """of movement; None: never"""
    moment_s: float
    """when to kill it, counted from the report of pain if there is one, and else from the start"""
    after_s: float = 0.0
    """how long whoever kills it waits then, on the wall clock"""
    busy: bool = False
    """the journal is locked before the report of pain"""
    pace: float = 0.0
    """how many times faster than real time, at most, once the journal is locked; 0: as fast as the machine
    allows"""


def say(word: str) -> None:
    os.write(1, f"{word}\n".encode())


class User:
    """Answers by keys, and reports pain when it is time."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.player: Player
        self._chance = random.Random(scene.seed)
        self._counted_from_s = 0.0 if scene.hurts_after_s is None else math.inf
        self._busy = scene.busy
        self._told = False

    def __call__(self, frame: Frame) -> None:
        now_s, state = frame.end_ms / 1000, self.player.state
        if self.scene.pace and not self._busy:
            time.sleep(BLOCK / RATE_HZ / self.scene.pace)
        if self.scene.hurts_after_s is not None and state.began_ms is not None:
            self._hurt(now_s, state.began_ms / 1000 + self.scene.hurts_after_s)
        if not self._told and now_s >= self._counted_from_s + self.scene.moment_s:
            self._told = True
            say(NOW)
        if state.asking and state.prompt_id is None:
            self._answer(state)

    def _hurt(self, now_s: float, at_s: float) -> None:
        if self._busy and now_s >= at_s - BEFORE_PAIN_S:
            self._busy = False
            say(BUSY)
            sys.stdin.readline()
        if now_s >= at_s and self._counted_from_s == math.inf:
            self._counted_from_s = now_s
            self.player.inbox.append(Key("p"))

    def _answer(self, state: State) -> None:
        if state.mode is Mode.INTAKE:
            self.player.inbox.append(Key("1" if state.asking == state.protocol.baseline else "n"))
        elif self._chance.random() < 0.03:  # within two seconds, as a rule
            keys = "347" if state.asking == state.protocol.level else "nnny"
            self.player.inbox.append(Key(self._chance.choice(keys)))


def main() -> None:
    home, scene = Path(sys.argv[1]), Scene(**json.loads(sys.argv[2]))
    user = User(scene)
    request = Request(SHORT, speaker=str(home / "coach.wav"), speed=VIRTUAL, deaf=True, keys=True)
    screen = BackgroundScreen(Transcript())
    user.player = player = replace(assemble(request, Places.inside(home), screen), on_block=user)
    player.run()
    screen.close()
    say(NOW)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
