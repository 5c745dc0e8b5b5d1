"""The virtual sound card, and a user who speaks into it when the coach has said a line."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from voicecoach.testing import FIXTURES

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "virtual_audio.sh"
PROGRAMS = ("pulseaudio", "pactl", "parec", "paplay")
RATE_HZ = 48_000

needs_card = pytest.mark.skipif(
    any(shutil.which(name) is None for name in PROGRAMS),
    reason="the virtual card needs the packages pulseaudio and pulseaudio-utils",
)


def end(process: "subprocess.Popen[str]") -> None:
    """SIGTERM first, so that it can clean up; then SIGKILL."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def processor_s(folder: Path) -> float:
    """Of a process or a thread, in user and in kernel mode, by its folder in /proc (proc(5), fields 14 and 15
    of stat)."""
    fields = (folder / "stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Card:
    """A private PulseAudio server with the sinks `speaker` and `mic`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._variables = {**os.environ, "VA_DIR": str(folder)}
        self._folder = folder
        noise = np.random.default_rng(1).integers(-12, 13, RATE_HZ * 60, np.int16)
        (folder / "room.raw").write_bytes(noise.tobytes())
        self.start()

    def start(self) -> None:
        out = subprocess.run(
            ["bash", str(SCRIPT), "start"],
            env=self._variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        exports = [pair.split("=", 1) for line in out.stdout.splitlines() for pair in line.split()[1:]]
        self.env = {**os.environ, **dict(exports)}
        self.fill_room()

    def fill_room(self, sink: str = "mic") -> None:
        """A real room is never exactly silent, and exact silence is a muted microphone. The noise lasts as
        long as the sink and its server."""
        pacat = f"pacat -d {sink} --raw --format=s16le --rate={RATE_HZ} --channels=1 2>/dev/null"
        endless = f'while cat "$0"; do :; done 2>/dev/null | {pacat}'
        subprocess.Popen(["bash", "-c", endless, str(self._folder / "room.raw")], env=self.env)

    def kill(self) -> None:
        """The server dies."""
        os.kill(int((self._folder / "pid").read_text()), signal.SIGKILL)

    def close(self) -> None:
        subprocess.run(["bash", str(SCRIPT), "stop"], env=self._variables, check=False, timeout=30)

    def pactl(self, *arguments: str, check: bool = True) -> str:
        """What the server says."""
        command = ["pactl", *arguments]
        return subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=30, check=check
        ).stdout

    def echo(self, level_db: float, delay_ms: float) -> None:
        """From now on the loudspeaker is heard in the microphone."""
        command = ["bash", str(SCRIPT), "echo", str(level_db), str(delay_ms)]
        subprocess.run(command, env=self._variables, capture_output=True, timeout=30, check=True)

    def speak(self, clip: str, sink: str = "mic") -> subprocess.Popen[bytes]:
        """Play a clip of audio_fixtures/words into the microphone."""
        path = FIXTURES / "words" / f"{clip}.flac"
        return subprocess.Popen(["paplay", f"--device={sink}", str(path)], env=self.env)


@dataclass
class Loudspeaker:
    """Listens to the speaker's monitor in 10 ms pieces; when each arrived, and whether it was silent."""

    card: Card
    pieces: list[tuple[float, float]] = field(default_factory=list)
    """(arrival on the monotonic clock in s, peak)"""

    def __enter__(self) -> "Loudspeaker":
        command = ["parec", "-d", "speaker.monitor", "--raw", "--format=s16le", f"--rate={RATE_HZ}"]
        command += ["--channels=1", "--latency-msec=10"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, env=self.card.env)
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while data := self._process.stdout.read(RATE_HZ // 100 * 2):
            peak = float(np.abs(np.frombuffer(data, "<i2").astype(np.int32)).max(initial=0))
            self.pieces.append((time.monotonic(), peak))

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)

    def peak_between(self, start_s: float, end_s: float) -> float:
        return max((peak for at, peak in self.pieces if start_s <= at <= end_s), default=0.0)

    def silent_from(self, after_s: float, for_s: float = 0.3) -> float | None:
        """When the first silence of `for_s` after `after_s` began."""
        began = None
        for at, peak in self.pieces:
            if at < after_s:
                continue
            if peak > 3:  # of 32768; below is the dither of the resamplers
                began = None
            elif began is None:
                began = at
            elif at - began >= for_s:
                return began
        return None


class Coach:
    """`voicecoach start` as a process on the card; its transcript, line by line as it comes."""

    def __init__(self, card: Card, home: Path, *arguments: str) -> None:
        env = {**card.env, "VOICECOACH_HOME": str(home), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "voicecoach", "start", *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._card = card
        self.lines: list[str] = []
        self._queue: queue.Queue[tuple[float, str]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._queue.put((time.monotonic(), line.strip()))

    def until(self, text: str, timeout_s: float = 120.0) -> float:
        """When the line with `text` was printed; fails the test if it does not come. The first session of a
        run renders its lines, beside other tests."""
        deadline_s = time.monotonic() + timeout_s
        while True:
            try:
                at_s, line = self._queue.get(timeout=max(0.01, deadline_s - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"{text!r} did not come within {timeout_s} s after:\n" + "\n".join(self.lines))
            self.lines.append(line)
            if text in line:
                return at_s
            if "Say continue" in line:  # it paused, as this machine was too busy for a moment
                threading.Timer(4.0, self._card.speak, ["continue_festival-kal"]).start()

    def so_far(self) -> list[str]:
        """Every line that has been printed."""
        while not self._queue.empty():
            self.lines.append(self._queue.get()[1])
        return self.lines

    def wait(self, timeout_s: float = 60.0) -> int:
        return self._process.wait(timeout_s)

    def terminate(self) -> None:
        self._process.terminate()

    def __enter__(self) -> "Coach":
        return self

    def __exit__(self, *_: object) -> None:
        end(self._process)
