"""How soon the coach speaks, on the virtual card: with an empty cache, and with a full one.

From the start of the process to the first sound of the loudspeaker's monitor. After a first start also: when
every line of a safety stop, and every line of the session, was rendered; whether sound was lost meanwhile;
and the memory of the renderer, and whether it had ended by then. Nothing else should run on the machine.

    scripts/bench first_word [-n 5] [--voice espeak]
"""

import argparse
import compileall
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from scripts.benches.figures import table
from tests.card.card import Card, Coach, Loudspeaker
from voicecoach.app import users_library
from voicecoach.care import Intake
from voicecoach.session import Options, new_session
from voicecoach.session.sentences import safety_lines
from voicecoach.storage import Places
from voicecoach.testing import ENGLISH

ROOT = Path(__file__).resolve().parents[2]
SOUNDS = 30.0
"""Of 32,768: the dither of the resamplers is below."""
LONGEST_S = 180.0
LOST = ENGLISH.coach.trouble["interrupted"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-n", type=int, default=5)
    parser.add_argument("--voice")
    given = parser.parse_args()
    compileall.compile_dir(ROOT / "voicecoach", quiet=1)  # as the set-up does
    figures: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        card = Card(Path(folder) / "card")
        try:
            for _ in range(given.n):
                for what, figure in measured(card, Path(tempfile.mkdtemp(dir=folder)), given.voice).items():
                    figures.setdefault(what, []).append(figure)
        finally:
            card.close()
    rows = [
        (what, len(found), f"{statistics.median(found):.2f}", f"{max(found):.2f}")
        for what, found in figures.items()
    ]
    print("\n".join(table(("", "n", "median", "longest"), rows)))


def measured(card: Card, home: Path, voice: str | None) -> dict[str, float]:
    """One first start, and one with what it left in the cache."""
    places = Places.inside(home)
    if voice:
        places.config.mkdir(parents=True)
        places.settings.write_text(f'voice = "{voice}"\n')
    library = users_library(places)
    state = new_session(library.program("floor"), library.protocol, library.language, Intake(), Options())
    safety = len(set(safety_lines(state)))
    found: dict[str, float] = {}
    with Loudspeaker(card) as loudspeaker:
        began_s = time.monotonic()
        with Coach(card, home, "floor") as coach:
            found["first start: first word, s"] = first_sound(loudspeaker, began_s) - began_s
            most_mb = 0.0
            while True:  # the renderer ends when it has rendered all that this session may need
                now_mb, rendered = renderer_mb(), len(list(places.prompts.glob("*.wav")))
                most_mb = max(most_mb, now_mb)
                if rendered >= safety:
                    found.setdefault(
                        "first start: lines of a safety stop rendered, s", time.monotonic() - began_s
                    )
                    if not now_mb:
                        break
                if time.monotonic() - began_s > LONGEST_S:
                    raise SystemExit(
                        f"after {LONGEST_S:.0f} s the voice still renders; {rendered} lines are there"
                    )
                time.sleep(0.1)
            found["first start: all lines rendered, s"] = time.monotonic() - began_s
            found["first start: lines rendered"] = float(rendered)
            found["first start: memory of the renderer, MB"] = most_mb
            time.sleep(5.0)
            found["renderers five seconds later"] = float(renderer_mb() > 0.0)
            coach.terminate()
            coach.wait(10)
            found["times that sound was lost"] = sum(LOST in line for line in coach.so_far())
        time.sleep(1.0)
        began_s = time.monotonic()
        with Coach(card, home, "floor") as coach:
            found["later start: first word, s"] = first_sound(loudspeaker, began_s) - began_s
            coach.terminate()
            coach.wait(10)
        time.sleep(1.0)
    return found


def first_sound(loudspeaker: Loudspeaker, after_s: float) -> float:
    deadline_s = time.monotonic() + 30.0
    while time.monotonic() < deadline_s:
        for at_s, peak in list(loudspeaker.pieces):
            if at_s > after_s and peak > SOUNDS:
                return at_s
        time.sleep(0.02)
    raise SystemExit("the coach said nothing within 30 s")


def renderer_mb() -> float:
    """The memory of the processes that render; 0 if there is none."""
    listed = subprocess.run(["ps", "-eo", "rss,args"], capture_output=True, text=True, check=True).stdout
    return sum(int(line.split()[0]) / 1024 for line in listed.splitlines() if "voicecoach.speaking" in line)


if __name__ == "__main__":
    main()
