"""Lines are rendered in a process of their own.

A neural voice takes 200 MB and most of a processor while it renders. In a process of its own it can run at a
lower priority, be ended when it hangs, and give its memory back before anything is held. The process reads
requests from its standard input and answers on its standard output, each message with its length before it
(`__main__.py`). It ends by itself when the input does, so it outlives nobody.
"""

import contextlib
import subprocess
import sys
import threading
from typing import IO

import msgspec
import numpy as np

from voicecoach.speaking.synthesiser import Clip, SynthesisError, VoiceLost

_LENGTH_BYTES = 4
START_S = 30.0
"""How long a voice may take to start; 1.2 s is usual, a cold disk takes several."""
LINE_S = 10.0
"""How long a line may take; 0.1 s is usual."""
_BELOW_NORMAL = 0x00004000 | 0x08000000  # Windows: BELOW_NORMAL_PRIORITY_CLASS, CREATE_NO_WINDOW


class Wanted(msgspec.Struct, tag=True):
    text: str
    wpm: int


class Started(msgspec.Struct, tag=True):
    """The voice is ready."""


class Rendered(msgspec.Struct, tag=True):
    pcm: bytes
    """mono, 16 bit, in this machine's byte order"""
    rate_hz: int


class Refused(msgspec.Struct, tag=True):
    why: str


Answer = Started | Rendered | Refused


def send(pipe: IO[bytes], message: Wanted | Answer) -> None:
    data = msgspec.msgpack.encode(message)
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "little") + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """The next message, encoded; None if there will be no whole one any more."""
    length = int.from_bytes(pipe.read(_LENGTH_BYTES), "little")
    data = pipe.read(length)
    return data if length and len(data) == length else None


class VoiceProcess:
    """The process for one voice; render in one thread only.

    It starts at once, and is waited for at the first line. Raises VoiceLost.
    """

    def __init__(self, voice: str, start_s: float = START_S, line_s: float = LINE_S) -> None:
        self._voice = voice
        self._start_s, self._line_s = start_s, line_s
        self._started = False
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "voicecoach.speaking", voice],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=_BELOW_NORMAL if sys.platform == "win32" else 0,
                start_new_session=True,  # Ctrl-C in the terminal is for the session
            )
        except OSError as error:
            raise VoiceLost(f"The voice {voice!r} could not start ({error}).") from error

    def render(self, text: str, wpm: int) -> Clip:
        if not self._started:
            self._answered(self._start_s)
            self._started = True
        with contextlib.suppress(OSError):  # what is wrong then shows in the answer
            assert self._process.stdin is not None
            send(self._process.stdin, Wanted(text, wpm))
        answer = self._answered(self._line_s)
        if not isinstance(answer, Rendered):
            raise VoiceLost(f"The voice {self._voice!r} gave no sound for {text!r}.")
        return np.frombuffer(answer.pcm, np.int16), answer.rate_hz

    def close(self) -> None:
        """End the process; a line that it is at is lost. From any thread."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)

    def _answered(self, within_s: float) -> Answer:
        """Raises SynthesisError if the voice refused, VoiceLost if it did not answer in time."""
        assert self._process.stdout is not None
        late = threading.Timer(within_s, self._process.kill)
        late.daemon = True
        late.start()
        try:
            data = receive(self._process.stdout)
        except (OSError, ValueError):
            data = None
        finally:
            late.cancel()
        if data is None:
            raise VoiceLost(f"The voice {self._voice!r} has died, or hung and was ended.")
        try:
            answer: Answer = msgspec.msgpack.decode(data, type=Answer)
        except msgspec.DecodeError as error:
            self._process.kill()
            raise VoiceLost(f"The voice {self._voice!r} answered nonsense ({error}).") from error
        if isinstance(answer, Refused):
            raise (SynthesisError if self._started else VoiceLost)(answer.why)
        return answer
