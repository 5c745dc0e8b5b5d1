"""Lines are rendered in a process of their own.

A neural voice takes 200 MB and most of a processor while it renders. In a process of its own it can run at a
lower priority, be ended when it hangs, and give its memory back once every line is rendered (`__main__.py`).
The first movement waits for the lines of a safety stop alone: all others are rendered beside the session.
"""

import msgspec
import numpy as np

from voicecoach.child import Child, ChildLost
from voicecoach.speaking.synthesiser import Clip, SynthesisError, VoiceLost

START_S = 30.0
"""How long a voice may take to start; 1.2 s is usual, a cold disk takes several."""
LINE_S = 10.0
"""How long a line may take; 0.1 s is usual."""


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


class VoiceProcess:
    """The process for one voice; render in one thread only.

    It starts at once, and is waited for at the first line. Raises VoiceLost.
    """

    def __init__(self, voice: str, start_s: float = START_S, line_s: float = LINE_S) -> None:
        self._voice = voice
        self._start_s, self._line_s = start_s, line_s
        self._started = False
        try:
            self._child = Child("voicecoach.speaking", voice)
        except ChildLost as error:
            raise VoiceLost(f"The voice {voice!r} {error}.") from error

    def render(self, text: str, wpm: int) -> Clip:
        try:
            if not self._started:
                self._accepted(self._child.answer(self._start_s, Answer))
                self._started = True
            answer = self._accepted(self._child.ask(Wanted(text, wpm), self._line_s, Answer))
        except ChildLost as error:
            raise VoiceLost(f"The voice {self._voice!r} {error}.") from error
        if not isinstance(answer, Rendered):
            raise VoiceLost(f"The voice {self._voice!r} gave no sound for {text!r}.")
        return np.frombuffer(answer.pcm, np.int16), answer.rate_hz

    def close(self) -> None:
        """End the process; a line that it is at is lost. From any thread."""
        self._child.close()

    def _accepted(self, answer: Answer) -> Answer:
        """Raises SynthesisError if the voice refused."""
        if isinstance(answer, Refused):
            raise (SynthesisError if self._started else VoiceLost)(answer.why)
        return answer
