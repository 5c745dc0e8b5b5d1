"""What a whole session costs, and how fast the virtual clock runs: the default program from start to end.

Plays audio_fixtures/scenes/whole_floor.flac to the real application. Prints virtual time, wall time and their
ratio, processor time, the time until the session is ready, and the peak memory of the process.
"""

import tempfile
import time
from pathlib import Path

import voicecoach.app as application
from scripts.benches.figures import peak_memory_mb
from voicecoach.request import VIRTUAL, Request
from voicecoach.testing import RememberingScreen, prepare_home

SCENES = Path(__file__).resolve().parents[2] / "audio_fixtures" / "scenes"


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        places = prepare_home({"returning": True}, Path(home))
        request = Request(
            program="floor",
            microphone=str(SCENES / "whole_floor.flac"),
            speaker=str(Path(home) / "coach.wav"),
            speed=VIRTUAL,
        )
        began_s, began_cpu_s = time.monotonic(), time.process_time()
        player = application.assemble(request, places, RememberingScreen())
        ready_s = time.monotonic() - began_s
        outcome = player.run()
        wall_s, cpu_s = time.monotonic() - began_s, time.process_time() - began_cpu_s
    virtual_s = player.mixer.at_sample / 48_000
    memory_mb = peak_memory_mb()
    print(
        "| session | virtual | wall | virtual / wall | processor, of real time | ready after | peak memory |"
    )
    print("|---|---|---|---|---|---|---|")
    print(
        f"| floor, {outcome.value} | {virtual_s / 60:.1f} min | {wall_s:.1f} s | {virtual_s / wall_s:.0f} "
        f"| {100 * cpu_s / virtual_s:.1f} % | {ready_s:.2f} s | {memory_mb:.0f} MB |"
    )


if __name__ == "__main__":
    main()
