"""For sessions in tests and scripts: a scripted user who listens and answers, a screen that remembers."""

import os
import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from voicecoach import language
from voicecoach.app import assemble
from voicecoach.audio import Duplex, FileDuplex, read_sound
from voicecoach.care import Answer, Intake, Outcome, Plan, Program
from voicecoach.language import Command, ListeningState
from voicecoach.library import Library
from voicecoach.player import Player
from voicecoach.request import VIRTUAL, Request
from voicecoach.session import Options, State, View, new_session
from voicecoach.session.state import calm_pace
from voicecoach.sound import Samples, silence
from voicecoach.storage import Journal, Places, SessionRow
from voicecoach.units import RATE_HZ

LIBRARY = Library()
"""The shipped care pack in English."""
ENGLISH = LIBRARY.language
VOCABULARY = ENGLISH.vocabulary
SAFETY = {phrase.text: phrase.command for phrase in VOCABULARY.safety}
PHRASES = {state: language.phrases(VOCABULARY, state) for state in ListeningState}


def grammar(state: ListeningState) -> list[str]:
    return language.grammar(VOCABULARY, state)


def meaning(text: str, state: ListeningState) -> Command | None:
    return language.meaning(VOCABULARY, text, state)


def key_command(key: str, state: ListeningState) -> Command:
    return language.key_command(VOCABULARY, key, state)


def english_session(program: Program, intake: Intake, options: Options, plan: Plan | None = None) -> State:
    """`new_session` with the shipped protocol, in English."""
    return new_session(program, LIBRARY.protocol, ENGLISH, intake, options, plan)


HEALTHY: dict[str, Answer] = {
    key: "yes" if key in ("consulted", "floor", "number") else "no"
    for key in ("consulted", "condition", "general", "circulation", "lately", "limbs", "floor", "number")
}
"""What somebody without any condition answers in the first meeting."""
SHARED_PROMPTS = "VOICECOACH_TEST_PROMPTS"
"""The environment variable with a folder of rendered lines for all homes: a suite renders each once."""
FIXTURES = Path(__file__).resolve().parents[1] / "audio_fixtures"


@dataclass
class RememberingScreen:
    coach_lines: list[tuple[int, str]] = field(default_factory=list)
    user_lines: list[tuple[int, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    views: list[View] = field(default_factory=list)

    def coach(self, at_ms: int, text: str) -> None:
        self.coach_lines.append((at_ms, text))

    def user(self, at_ms: int, text: str, source: str, doubtful: bool = False) -> None:
        self.user_lines.append((at_ms, f"{text}?" if doubtful else text))

    def notice(self, text: str) -> None:
        self.notices.append(text)

    alarm = notice

    def show(self, view: View) -> None:
        if not self.views or self.views[-1] != view:
            self.views.append(view)


@dataclass
class ScriptedUser(RememberingScreen):
    """Microphone and screen in one: waits for a line of the coach, then says a word.

    A turn is (part of the coach's line, seconds after that line's end, clip).
    """

    turns: list[tuple[str, float, str]] = field(default_factory=list)
    voice: str = "festival-kal"
    player: Player | None = None
    spoken: list[Samples] = field(default_factory=list)
    _track: dict[int, Samples] = field(default_factory=dict)
    _at: int = 0

    def read(self, samples: int) -> Samples:
        block = silence(samples)
        for start, clip in self._track.items():
            low, high = max(self._at, start), min(self._at + samples, start + len(clip))
            if low < high:
                block[low - self._at : high - self._at] += clip[low - start : high - start]
        self._at += samples
        self.spoken.append(block)
        return block

    def coach(self, at_ms: int, text: str) -> None:
        super().coach(at_ms, text)
        while self.turns and self.turns[0][0].lower() in text.lower() and self.player is not None:
            _, wait_s, clip = self.turns.pop(0)
            self._say(clip, self._end_of(at_ms, text) + round(wait_s * RATE_HZ))
            if self.turns and not self.turns[0][0]:
                continue  # "" = said right after the turn before
            break

    def _end_of(self, at_ms: int, text: str) -> int:
        assert self.player is not None
        if text.islower():  # a count is shown only after it has sounded
            return self._at
        state = self.player.state
        clip = self.player.prompts.clip(text, calm_pace(state.wpm) if state.asking else state.wpm)
        return at_ms * RATE_HZ // 1000 + len(clip)

    def _say(self, clip: str, at: int) -> None:
        name = clip.replace(" ", "_")
        file = f"{name}.flac" if name.startswith("oov_") else f"{name}_{self.voice}.flac"
        self._track[max(self._at, at)] = read_sound(FIXTURES / "words" / file)


def prepare_home(script: dict[str, Any], home: Path) -> Places:
    """Make the folders of the script's user: settings and, for a returning user, an earlier session."""
    places = Places.inside(home)
    shared = os.environ.get(SHARED_PROMPTS)
    if shared and not os.path.lexists(places.cache):
        places.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        places.prompts.symlink_to(shared)
    if script.get("returning"):
        journal = Journal(places.journal, print)
        for question, answer in HEALTHY.items():
            journal.keep(question, answer)
        journal.close(SessionRow(journal.began, "floor", 60_000, Outcome.COMPLETED.value, screened=True))
    chosen = {"emergency_number": "112", **script.get("settings", {})}
    settings = "\n".join(f"{key} = {value!r}" for key, value in chosen.items())
    places.settings.parent.mkdir(parents=True, exist_ok=True)
    places.settings.write_text(settings + "\n", "utf-8")
    return places


def program_of(script: dict[str, Any], folder: Path) -> str:
    """The program of a script: a file in its folder, or the id of a shipped program."""
    program: str = script.get("program", "program.toml")
    return str(folder / program) if program.endswith(".toml") else program


def play_script(script_path: Path, home: Path) -> tuple[ScriptedUser, Player, Outcome]:
    """Play the real application with the scripted user of `script_path`."""
    script = tomllib.loads(script_path.read_text("utf-8"))
    places = prepare_home(script, home)
    turns = [(line, float(wait_s), clip) for line, wait_s, clip in script["turns"]]
    user = ScriptedUser(turns=turns, voice=script["voice"])
    program = program_of(script, script_path.parent)
    user.player = player = assembled(program, places, user, FileDuplex(user, None))
    return user, player, player.run()


def assembled(
    program: str,
    places: Places,
    screen: RememberingScreen,
    duplex: Duplex,
    now: datetime | None = None,
) -> Player:
    """The real application, with `duplex` as its microphone and loudspeaker; `now`: when it is played."""
    (places.data / "coach.wav").unlink(missing_ok=True)
    request = Request(
        program=program,
        microphone=str(FIXTURES / "words" / "oov_hum.flac"),  # a placeholder; `duplex` replaces it below
        speaker=str(places.data / "coach.wav"),
        speed=VIRTUAL,
    )
    places.data.mkdir(parents=True, exist_ok=True)
    player = assemble(request, places, screen, now)
    player.duplex.close()
    return replace(player, duplex=duplex)
