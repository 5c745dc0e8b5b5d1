"""The second ear: utterances out, transcripts back, without keeping anybody waiting.

A transcriber is native code that takes memory and time, so it works in a process of its own (`__main__.py`),
one utterance at a time, the urgent ones first. It may be slow, hang or die: then there is no second ear, and
everything is as without one (docs/promises.md).
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

import msgspec
import numpy as np

from voicecoach.child import Child, ChildLost
from voicecoach.listening.transcriber import Transcriber, Transcript
from voicecoach.listening.utterances import Utterance

BEHIND_S = 2.0
"""The process starts this much later, behind the coach's first words, or with the first utterance."""
START_S = 30.0
"""How long the process may take to load the model; half a second is usual."""
DEADLINE_S = 3.0
"""How long a transcript may take; 0.05 s is usual. Then the process is killed."""
SLOW_S = 2.0
"""A second ear whose answers take longer, at the 95th percentile of the last ones, is of no use."""
_LAST, _ENOUGH = 40, 10
_LIVES = 2
"""A process that is lost is started once more."""
TOO_SLOW = "This computer is too slow for the second ear: I understand single words only."
LOST = "The second ear has failed: I understand single words only."

Answer = tuple[Utterance, Transcript]


class Asked(msgspec.Struct, tag=True):
    sound: bytes
    """float32, in this machine's byte order"""
    phrases: tuple[str, ...]


class Ready(msgspec.Struct, tag=True):
    """The model is loaded."""


class Unfit(msgspec.Struct, tag=True):
    why: str


class Answered(msgspec.Struct, tag=True):
    transcript: Transcript


Message = Ready | Unfit | Answered


class SecondEar(Protocol):
    @property
    def failure(self) -> str:
        """Why there is no second ear any more; "" while there is one."""

    def ask(self, utterance: Utterance, phrases: tuple[str, ...], urgent: bool) -> None:
        """Have an utterance transcribed; returns at once."""

    def answers(self) -> list[Answer]:
        """What has been transcribed since the last call."""

    def close(self) -> None: ...


class AtOnce:
    """Transcribes while the caller waits: on the virtual clock, where a run is to be repeatable."""

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber
        self._answers: list[Answer] = []
        self.failure = ""

    def ask(self, utterance: Utterance, phrases: tuple[str, ...], urgent: bool) -> None:
        self._answers.append((utterance, self._transcriber.transcribe(utterance.sound, phrases)))

    def answers(self) -> list[Answer]:
        answers, self._answers = self._answers, []
        return answers

    def close(self) -> None:
        pass


class SecondProcess:
    """Transcribes in a process of its own, which a thread here serves."""

    def __init__(
        self,
        start: Callable[[], Child] = lambda: Child("voicecoach.listening"),
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._start, self._deadline_s = start, deadline_s
        self.failure = ""
        self._waiting: list[tuple[float, bool, Utterance, tuple[str, ...]]] = []
        self._come = threading.Condition()
        self._answers: deque[Answer] = deque()
        self._took_s: deque[float] = deque(maxlen=_LAST)
        self._closing = False
        self._child: Child | None = None
        threading.Thread(target=self._serve, daemon=True, name="second ear").start()

    def ask(self, utterance: Utterance, phrases: tuple[str, ...], urgent: bool) -> None:
        with self._come:
            # a longer cut of the same utterance replaces one that still waits
            self._waiting = [w for w in self._waiting if w[2].start_s != utterance.start_s]
            self._waiting.append((time.monotonic(), urgent, utterance, phrases))
            self._come.notify()

    def answers(self) -> list[Answer]:
        return [self._answers.popleft() for _ in range(len(self._answers))]

    def close(self) -> None:
        with self._come:
            self._closing = True
            self._come.notify()
        if self._child:
            self._child.close()

    def _serve(self) -> None:
        with self._come:
            self._come.wait_for(lambda: self._waiting or self._closing, BEHIND_S)
        for _ in range(_LIVES):
            if self._closing:
                return
            try:
                self._child = self._start()
                self._hello(self._child)
                while (asked := self._next()) is not None:
                    self._transcribe(self._child, *asked)
                    if self._is_slow():
                        self.failure = TOO_SLOW
                        break
            except ChildLost:
                if self._closing:
                    return
                continue
            except _Unfit as error:
                self.failure = str(error)
            if self._child:
                self._child.close()
            return
        self.failure = LOST

    def _hello(self, child: Child) -> None:
        answer = child.answer(START_S, Message)
        if isinstance(answer, Unfit):
            raise _Unfit(answer.why)

    def _next(self) -> tuple[float, Utterance, tuple[str, ...]] | None:
        with self._come:
            while not self._waiting and not self._closing:
                self._come.wait()
            if self._closing:
                return None
            chosen = max(self._waiting, key=lambda w: (w[1], -w[0]))
            self._waiting.remove(chosen)
            return chosen[0], chosen[2], chosen[3]

    def _transcribe(
        self, child: Child, since_s: float, utterance: Utterance, phrases: tuple[str, ...]
    ) -> None:
        if time.monotonic() - since_s < self._deadline_s:
            sound = utterance.sound.astype(np.float32).tobytes()
            answer = child.ask(Asked(sound, phrases), self._deadline_s, Message)
            if not isinstance(answer, Answered):
                raise ChildLost("answered nonsense")
            self._answers.append((utterance, answer.transcript))
        self._took_s.append(time.monotonic() - since_s)

    def _is_slow(self) -> bool:
        took_s = sorted(self._took_s)
        return len(took_s) >= _ENOUGH and took_s[int(0.95 * len(took_s))] > SLOW_S


class _Unfit(Exception):
    pass
