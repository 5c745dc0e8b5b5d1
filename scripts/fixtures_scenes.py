"""Record the users of whole sessions: scripts/fixtures [NAME ...] writes audio_fixtures/{demo,scenes}/*.flac.

Each recording is made from a script next to it, NAME.toml. The scripted user waits for a line of the coach
and says a word some time after the line has ended. The real application runs a session with this user once,
and what the user says, on the session's clock, is recorded. From then on, the recording is the microphone.

A script:  voice = "festival-kal"      the voice, whose clips are in audio_fixtures/words
           program = "short.toml"      next to the script
           returning = true            the journal has an earlier session with screening
           settings = { wording = "brief" }
           turns = [["line of the coach", 1.0, "no"], ...]    the line, the delay in seconds, the word
"""

import argparse
import sys
import tempfile
import tomllib
from pathlib import Path

import numpy as np
import soundfile
import soxr

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from voicecoach.testing import FIXTURES, play_script  # noqa: E402
from voicecoach.units import RATE_HZ  # noqa: E402

FILE_RATE_HZ = 16_000
QUIET = 1e-3
TAIL_S = 1.0


def record(script: Path) -> None:
    """Run `script` with the real application and record the user's side."""
    with tempfile.TemporaryDirectory() as home:
        user, _, outcome = play_script(script, Path(home))
    if user.turns:
        said = "\n  ".join(text for _, text in user.coach_lines[-8:])
        sys.exit(f"{script.name}: {len(user.turns)} turns are left: {user.turns[0]}; last lines:\n  {said}")
    track = np.concatenate(user.spoken)
    audible = np.flatnonzero(np.abs(track) > QUIET)
    end = (int(audible[-1]) if len(audible) else 0) + round(TAIL_S * RATE_HZ)
    data = soxr.resample(track[:end], RATE_HZ, FILE_RATE_HZ)
    soundfile.write(script.with_suffix(".flac"), data, FILE_RATE_HZ, subtype="PCM_16")
    heard = ", ".join(text for _, text in user.user_lines)
    print(f"{script.stem}: {end / RATE_HZ:.0f} s; heard {heard}; session ended: {outcome.value}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="scripts to record; default: all")
    names = parser.parse_args().names
    for script in sorted([*FIXTURES.glob("demo/user.toml"), *FIXTURES.glob("scenes/*.toml")]):
        is_script = "turns" in tomllib.loads(script.read_text("utf-8"))
        if is_script and (not names or script.stem in names):
            record(script)


if __name__ == "__main__":
    main()
