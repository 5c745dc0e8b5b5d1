"""Record whole sessions' users: scripts/fixtures [NAME ...] writes audio_fixtures/{demo,scenes}/*.flac.

Each recording is made from a script beside it (NAME.toml): the user waits for a line of the coach
and says a word some time after it has ended. The real application plays against this scripted user
once; what the user said, on the session's clock, becomes the recording. From then on the recording
alone is the microphone, as any file is.

A script:  voice = "festival-kal"      whose clips in audio_fixtures/words are spoken
           program = "short.toml"      beside the script
           returning = true            the journal knows an earlier, screened session
           turns = [["line of the coach", 1.0, "no"], ...]
"""

import argparse
import sys
import tempfile
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import soundfile
import soxr

from voicecoach.app import Request, assemble
from voicecoach.audio import FileDuplex, read_sound
from voicecoach.player import Player
from voicecoach.session import Outcome
from voicecoach.sound import RATE_HZ, Samples, silence
from voicecoach.storage import Journal, Places, SessionRow

FIXTURES = Path(__file__).resolve().parents[1] / "audio_fixtures"
FILE_RATE_HZ = 16_000
QUIET = 1e-3
TAIL_S = 1.0


@dataclass
class ScriptedUser:
    """A microphone and a screen in one: reads the coach's lines, speaks its own."""

    turns: list[tuple[str, float, str]]
    voice: str
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
        if not self.turns or self.turns[0][0].lower() not in text.lower() or self.player is None:
            return
        _, wait_s, clip = self.turns.pop(0)
        state = self.player.state
        calm = self.player.prompts.clip(text, min(state.wpm, 140) if state.asking else state.wpm)
        counted = text.islower()  # a count: reported when it has sounded
        end = self._at if counted else at_ms * RATE_HZ // 1000 + len(calm)
        self.say(clip, max(self._at, end + round(wait_s * RATE_HZ)))

    def say(self, clip: str, at: int) -> None:
        name = clip.replace(" ", "_")
        path = (
            FIXTURES / "words" / (f"{name}.flac" if name.startswith("oov_") else f"{name}_{self.voice}.flac")
        )
        self._track[at] = read_sound(path)

    def user(self, at_ms: int, text: str, source: str) -> None:
        print(f"    {at_ms / 1000:7.2f}  heard: {text}")

    def notice(self, text: str) -> None:
        print(f"    {text}")


def remember_a_session(places: Places) -> None:
    """A journal with one screened session: the short questions are enough."""
    journal = Journal(places.journal, print)
    journal.close(SessionRow(journal.began, "floor", 60_000, Outcome.COMPLETED.value, screened=True))


def record(script: Path) -> Outcome:
    """Play `script` against the real application and keep the user's side."""
    plan = tomllib.loads(script.read_text("utf-8"))
    user = ScriptedUser([(a, float(b), c) for a, b, c in plan["turns"]], plan["voice"])
    with tempfile.TemporaryDirectory() as home:
        places = Places.inside(Path(home))
        if plan.get("returning"):
            remember_a_session(places)
        request = Request(
            program=str(script.with_name(plan.get("program", "program.toml"))),
            microphone=str(FIXTURES / "words" / "oov_hum.flac"),  # replaced below by the scripted user
            speaker=str(Path(home) / "coach.wav"),
        )
        player = assemble(request, places, user)
        player.duplex.close()
        user.player = player = replace(player, duplex=FileDuplex(user, None))
        outcome = player.run()
    if user.turns:
        sys.exit(
            f"{script.name}: the coach never said {user.turns[0][0]!r}; {len(user.turns)} turns are left"
        )
    track = np.concatenate(user.spoken)
    last = np.flatnonzero(np.abs(track) > QUIET)[-1:]
    track = track[: (last[0] if len(last) else 0) + round(TAIL_S * RATE_HZ)]
    data = soxr.resample(track, RATE_HZ, FILE_RATE_HZ)
    soundfile.write(script.with_suffix(".flac"), data, FILE_RATE_HZ, subtype="PCM_16")
    print(f"  {script.stem}: {len(track) / RATE_HZ:.0f} s of user, session ended: {outcome.value}")
    return outcome


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="scripts to record; all if none is named")
    names = parser.parse_args().names
    scripts = sorted([*FIXTURES.glob("demo/user.toml"), *FIXTURES.glob("scenes/*.toml")])
    for script in scripts:
        if "turns" in tomllib.loads(script.read_text("utf-8")) and (not names or script.stem in names):
            print(script.stem)
            record(script)


if __name__ == "__main__":
    main()
