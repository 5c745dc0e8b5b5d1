"""A session on the virtual sound card, its loudspeaker recorded, and what can be done to it."""

import os
import pty
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.card.card import RATE_HZ, Card
from tests.faults.process import BEGIN
from voicecoach.session import Earcon
from voicecoach.sound import Samples
from voicecoach.speaking import earcon

BUSY_S = 60.0
PIECE = RATE_HZ // 100
ALIKE = 0.7
"""The correlation of an alert over which a line begins is 0.8 and more."""
LATEST_HUSH_S = 3.0
"""A silence that begins later after the fault is none of its making."""
SOUNDS = 3.0 / 32_768
"""Below is the dither of the resamplers."""


class Monitor:
    """Records the loudspeaker, also one that goes and comes back; when each 10 ms arrived."""

    def __init__(self, card: Card) -> None:
        self.pieces: list[tuple[float, Samples]] = []
        self._card = card
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._record)
        self._thread.start()

    def _record(self) -> None:
        command = ["parec", "-d", "speaker.monitor", "--raw", "--format=s16le", f"--rate={RATE_HZ}"]
        command += ["--channels=1", "--latency-msec=10"]
        while not self._over.wait(0.1):
            with subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self._card.env
            ) as process:
                assert process.stdout is not None
                while len(data := process.stdout.read(2 * PIECE)) == 2 * PIECE and not self._over.is_set():
                    piece = np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32_768)
                    self.pieces.append((time.monotonic(), piece))
                process.terminate()

    def close(self) -> None:
        self._over.set()
        self._card.close()  # nothing more comes from it
        self._thread.join(10)

    def hushed_s(self, from_s: float, to_s: float, silent_s: float) -> float | None:
        """When what sounded at `from_s` was replaced by the alert, or by a silence of `silent_s` or up to
        `to_s`; None if it went on."""
        pieces = [(at_s, piece) for at_s, piece in self.pieces if from_s <= at_s <= to_s]
        alert = _where([piece for _, piece in pieces], earcon(Earcon.ALERT))
        if alert is not None:
            return pieces[alert // PIECE][0]
        loud_s = [from_s, *(at_s for at_s, piece in pieces if np.abs(piece).max() > SOUNDS)]
        silences = zip(loud_s, [*loud_s[1:], to_s], strict=True)
        return next((a for a, b in silences if b - a >= min(silent_s, to_s - from_s - LATEST_HUSH_S)), None)


def _where(pieces: Sequence[Samples], pattern: Samples) -> int | None:
    """The first sample at which the sound has the shape of `pattern`."""
    sound = np.concatenate([*pieces, np.zeros(len(pattern), np.float32)])
    size = 2 ** (len(sound) + len(pattern)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(pattern, size))
    alike = np.fft.irfft(spectrum, size)[: len(sound) - len(pattern) + 1]
    power = np.cumsum(np.concatenate([[0.0], np.square(sound, dtype=np.float64)]))
    powers = power[len(pattern) :] - power[: -len(pattern)]
    alike /= np.sqrt(np.maximum(powers, 1e-6) * np.square(pattern, dtype=np.float64).sum())
    found = np.flatnonzero(alike > ALIKE)
    if not len(found):
        return None
    return int(found[0] + alike[found[0] : found[0] + len(pattern)].argmax())


class Coach:
    """`voicecoach start` on the card, with a terminal of its own; its lines and when they came."""

    def __init__(self, card: Card, home: Path, switch: Path, before: str) -> None:
        env = {**card.env, "VOICECOACH_HOME": str(home), "HANGS": str(switch), "COLUMNS": "200"}
        self._terminal, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"{before}\n{BEGIN}main()", "start", "full"],
            stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self.lines: list[tuple[float, str]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        rest = b""
        try:
            while data := os.read(self._terminal, 65_536):
                now_s = time.monotonic()
                *lines, rest = (rest + data).split(b"\r\n")
                self.lines += [(now_s, _plain(line.decode("utf-8", "replace"))) for line in lines]
        except OSError:
            return  # it has ended

    def press(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def until(self, text: str, from_s: float, within_s: float) -> float | None:
        """When the first line with `text` after `from_s` came."""
        until_s = time.monotonic() + within_s
        while time.monotonic() < until_s:
            for at_s, line in list(self.lines):
                if at_s >= from_s and text in line:
                    return at_s
            time.sleep(0.01)
        return None

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        os.close(self._terminal)


def _plain(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m|\x07", "", line)


@dataclass
class Stage:
    card: Card
    coach: Coach
    switch: Path
    """when this file exists, what can hang hangs"""
    microphone: str = "mic"

    def pactl(self, *arguments: str) -> str:
        return self.card.pactl(*arguments, check=False)  # the server may be gone

    def load(self, sink: str) -> None:
        self.pactl(
            *("load-module", "module-null-sink", f"sink_name={sink}", "norewinds=1", f"rate={RATE_HZ}"),
            *("channels=1", f"sink_properties=device.description={sink}"),
        )

    def unload(self, sink: str) -> None:
        modules = self.pactl("list", "short", "modules").splitlines()
        self.pactl("unload-module", *(m.split()[0] for m in modules if f"sink_name={sink} " in m))

    def plug_in_microphone(self) -> None:
        self.load("mic")
        self.pactl("set-default-source", "mic.monitor")
        self.card.fill_room()

    def plug_in_loudspeaker(self) -> None:
        self.load("speaker")
        self.pactl("set-default-sink", "speaker")

    def change_microphone(self) -> None:
        self.load("other")
        self.card.fill_room("other")
        self.microphone = "other"
        streams = [line.split() for line in self.pactl("list", "short", "source-outputs").splitlines()]
        sources = [line.split() for line in self.pactl("list", "short", "sources").splitlines()]
        mic = next(index for index, name, *_ in sources if name == "mic.monitor")
        for stream, source, *_ in streams:
            if source == mic:
                self.pactl("move-source-output", stream, "other.monitor")

    def be_busy(self) -> None:
        for _ in range(2 * (os.cpu_count() or 1)):
            subprocess.Popen(["timeout", str(BUSY_S), sys.executable, "-c", "while True: pass"])

    def be_patient(self) -> None:
        """What is busy ends by itself."""

    def let_hang(self) -> None:
        """At the recogniser's next block; the synthesiser is asked for lines at a new pace by "slower"."""
        self.switch.touch()
        self.coach.press("-")
