"""Whole sessions whose user is silent: every command that is recognised comes from the coach's own voice.

The real application runs on the virtual clock, and the full echo of its loudspeaker reaches the microphone.
Keys answer the questions. The canceller starts each session unadapted.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from scripts.benches.room import Room, Setting, noise
from voicecoach.audio import Playback
from voicecoach.inbox import Key
from voicecoach.language import ListeningState
from voicecoach.listening import AtOnce, Ear, Inline, TwoEars, Understanding, VoskModel
from voicecoach.listening.echo.near import THRESHOLD
from voicecoach.player import Player
from voicecoach.session import Mode
from voicecoach.session.questions import listening_state, question
from voicecoach.sound import Frame
from voicecoach.testing import ENGLISH, VOCABULARY, RememberingScreen, assembled, prepare_home
from voicecoach.units import BLOCK, RATE_HZ

VOICE = ENGLISH.voices[0]
YES = frozenset({"consulted", "released"})
RESUME_AFTER_S = 3.0
"""How long a session stays paused until a key resumes it."""


@dataclass(frozen=True)
class SilentSession:
    """A session to play: program, the coach's voice, room, recognition model, the shared speech."""

    program: str
    voice: str
    setting: Setting
    folder: Path
    speech: Path
    threshold: float = THRESHOLD
    """of near-end speech detection (`NearEndDetector.threshold`)"""


@dataclass
class Outcome:
    name: str
    hours: float
    ended: str
    """how the session ended"""
    false_commands: Counter[str] = field(default_factory=Counter)
    """how often each command was carried out"""
    false_hushes: Counter[str] = field(default_factory=Counter)
    """how often each command was doubtful and only hushed the coach"""
    ducked_s: float = 0.0
    """how long the coach was ducked"""


class SilentUser(RememberingScreen):
    """Says nothing, and presses the key that answers a question; keeps count of what the coach recognises."""

    failure = ""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self.player: Player | None = None
        self.outcome = Outcome("", 0.0, "")

    def user(self, at_ms: int, text: str, source: str, doubtful: bool = False) -> None:
        if source == "voice":
            (self.outcome.false_hushes if doubtful else self.outcome.false_commands)[text] += 1

    @property
    def output_latency_s(self) -> float:
        return 0.0

    def frames(self, playback: Playback) -> Iterator[Frame]:
        background, at, still_blocks = noise(60), 0, 0
        while True:
            played = playback.render(BLOCK)
            start = at % (len(background) - BLOCK)
            heard = np.clip(self._room.echo(played) + background[start : start + BLOCK], -1, 1)
            yield Frame(at, heard.astype(np.float32), played)
            at += BLOCK
            assert self.player is not None
            s = self.player.state
            self.outcome.ducked_s += self.player.mixer.ducked * BLOCK / RATE_HZ
            still_blocks = still_blocks + 1 if s.mode is Mode.PAUSED and s.prompt_id is None else 0
            if s.asking and s.prompt_id is None:
                state = listening_state(question(s.protocol, s.asking))
                yes_no = "y" if s.asking in YES else "n"
                key = {ListeningState.NUMBER: "2", ListeningState.CHOICE: "e"}.get(state, yes_no)
                self.player.inbox.append(Key(key))
            elif still_blocks * BLOCK / RATE_HZ > RESUME_AFTER_S:
                still_blocks = 0
                self.player.inbox.append(Key("c"))

    def close(self) -> None:
        pass


def run(job: SilentSession) -> Outcome:
    with tempfile.TemporaryDirectory() as home:
        places = prepare_home({"returning": True, "settings": {"voice": job.voice}}, Path(home))
        user = SilentUser(Room(job.setting, job.speech))
        player = assembled(job.program, places, user, user)
        first = Ear(VoskModel(job.folder, set()), VOCABULARY, player.state.listening)
        first.echo.near_end.threshold = job.threshold
        both = TwoEars(first, AtOnce(Understanding.of_english()), ENGLISH, player.state.listening)
        user.player = player = replace(player, listener=Inline(both))
        ended = player.run()
    outcome = user.outcome
    outcome.name = f"{job.program}, {job.voice}, {job.setting.name}"
    outcome.ended = ended.value
    outcome.hours = player.mixer.at_sample / RATE_HZ / 3600
    return outcome
