"""Whole sessions whose user says nothing: whatever is heard is the coach's own voice.

The real application on the virtual clock, each program in each voice, its loudspeaker in the microphone's
room at full echo; keys answer the questions. The canceller begins each session with nothing.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from scripts.benches.room import Room, Setting, noise
from voicecoach.audio.duplex import Render
from voicecoach.language import ListeningState
from voicecoach.listening import Ear, VoskModel
from voicecoach.listening.echo.near import MANY_TIMES
from voicecoach.player import Key, Player
from voicecoach.session import Mode
from voicecoach.session.questions import QUESTIONS
from voicecoach.sound import Frame, NoFrame
from voicecoach.testing import RememberingScreen, assembled, prepare_home
from voicecoach.units import BLOCK, RATE_HZ

VOICES = ("gmw/en-US", "gmw/en", "gmw/en-GB-scotland", "gmw/en-GB-x-rp")
YES = frozenset({"consulted", "released"})
RESUME_AFTER_S = 3.0


@dataclass(frozen=True)
class Alone:
    program: str
    voice: str
    setting: Setting
    folder: Path
    speech: Path
    many_times: float = MANY_TIMES


@dataclass
class Outcome:
    name: str
    hours: float
    ended: str
    sure: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)
    ducked_s: float = 0.0


class Silent(RememberingScreen):
    """A user who says nothing and presses the key that answers."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self.player: Player | None = None
        self.found = Outcome("", 0.0, "")

    def user(self, at_ms: int, text: str, source: str) -> None:
        if source == "voice":
            (self.found.doubtful if text.endswith("?") else self.found.sure)[text.rstrip("?")] += 1

    def frames(self, render: Render) -> Iterator[Frame | NoFrame]:
        floor, at, still = noise(60), 0, 0
        while True:
            played = render(BLOCK)
            start = at % (len(floor) - BLOCK)
            heard = np.clip(self._room.echo(played) + floor[start : start + BLOCK], -1, 1)
            yield Frame(at, heard.astype(np.float32), played)
            at += BLOCK
            assert self.player is not None
            s = self.player.state
            self.found.ducked_s += self.player.mixer.ducked * BLOCK / RATE_HZ
            still = still + 1 if s.mode is Mode.PAUSED and s.prompt_id is None else 0
            if s.asking and s.prompt_id is None:
                kind = QUESTIONS[s.asking].kind
                yes_no = "y" if s.asking in YES else "n"
                key = {ListeningState.NUMBER: "2", ListeningState.CHOICE: "e"}.get(kind, yes_no)
                self.player.inbox.append(Key(key))
            elif still * BLOCK / RATE_HZ > RESUME_AFTER_S:
                still = 0
                self.player.inbox.append(Key("c"))

    def close(self) -> None:
        pass


def run(job: Alone) -> Outcome:
    with tempfile.TemporaryDirectory() as home:
        places = prepare_home({"returning": True, "settings": {"voice": job.voice}}, Path(home))
        user = Silent(Room(job.setting, job.speech))
        player = assembled(job.program, places, user, user)
        ear = Ear(VoskModel(job.folder, set()), player.state.listening)
        ear.echo.near_end.many_times = job.many_times
        user.player = player = replace(player, ear=ear)
        ended = player.run()
    user.found.name = f"{job.program}, {job.voice}, {job.setting.name}"
    user.found.ended = ended.value
    user.found.hours = player.mixer.at_sample / RATE_HZ / 3600
    return user.found
