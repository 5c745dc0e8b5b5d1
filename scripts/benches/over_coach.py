"""Real people say "stop" while the coach speaks: who hears it, and how soon.

Each is said twice, the second time three seconds after the first and in another recording of the same person
where there is one: nobody says a word twice in the same way. A listener that decided or doubted at the first
hushes the coach, as a session does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soxr

from scripts.benches.cancellers import FRONTS, Front, Nothing
from scripts.benches.conditions import speech_level
from scripts.benches.listeners import sphinx
from scripts.benches.room import NOISE_DB, Room, Setting, noise
from voicecoach.audio import read_sound
from voicecoach.care import Intake
from voicecoach.language import ListeningState
from voicecoach.library import Library
from voicecoach.listening import Ear, Judge, Recogniser, VoskModel
from voicecoach.listening.echo.near import MANY_TIMES
from voicecoach.session import Options
from voicecoach.session.script import Speak
from voicecoach.sound import Samples, gain, silence
from voicecoach.speaking import Mixer, Synthesiser
from voicecoach.testing import PHRASES, VOCABULARY, english_session, grammar
from voicecoach.units import BLOCK, RATE_HZ

ECHO_DB = -28.0
"""The coach's level in the microphone while it speaks: a user at +10 dB does not clip."""
LEAD_S, TRIAL_S, AGAIN_S, HUSH_S = 6.0, 9.0, 3.0, 1.5
WINDOW_S = 1.5
"""A decision counts until so long after the recording's end."""
_STATE = ListeningState.HOLDING
Decided = tuple[float, str, bool]
"""When, what, and whether for certain."""


class Hearer(Protocol):
    @property
    def low(self) -> bool:
        """Whether the coach is to be ducked."""
        ...

    def hear(self, heard: Samples, played: Samples) -> list[tuple[str, bool]]: ...


class Coach:
    """voicecoach itself: the ear and the ducking of a session."""

    def __init__(self, model: Model, many_times: float) -> None:
        self._ear = Ear(model, VOCABULARY, _STATE)
        self._ear.echo.near_end.many_times = many_times

    @property
    def low(self) -> bool:
        return self._ear.low

    def hear(self, heard: Samples, played: Samples) -> list[tuple[str, bool]]:
        noticed = [n.decision for n in self._ear.hear(heard, played) if n.decision.command]
        return [(str(d.command), d.sure) for d in noticed]


class Bare:
    """The loop one writes first: Vosk, a list of commands, finals, no canceller."""

    low = False

    def __init__(self, model: Model) -> None:
        self._front = Nothing()
        self._recogniser = model.recogniser([*PHRASES[_STATE], "[unk]"])

    def hear(self, heard: Samples, played: Samples) -> list[tuple[str, bool]]:
        belief = self._recogniser.accept(self._front.process(heard, played))
        words = belief.text.split() if belief.final else []
        return [(str(PHRASES[_STATE][w]), True) for w in words if w in PHRASES[_STATE]]


class Fronted:
    """Our recogniser and decision rule behind somebody's canceller."""

    low = False

    def __init__(self, model: Model, front: Front) -> None:
        self._front, self._judge = front, Judge(VOCABULARY, _STATE)
        self._recogniser: Recogniser = model.recogniser(grammar(_STATE))
        self._at = 0

    def hear(self, heard: Samples, played: Samples) -> list[tuple[str, bool]]:
        belief = self._recogniser.accept(self._front.process(heard, played))
        self._at += 1
        found = self._judge.consider(belief.text, belief.final, self._at * BLOCK / RATE_HZ)
        return [(str(d.command), True) for d in found if d.command]


class Sphinx:
    low = False

    def __init__(self) -> None:
        self._front, self._decoder = Nothing(), sphinx(_STATE, 1e-20)
        self._decoder.start_utt()

    def hear(self, heard: Samples, played: Samples) -> list[tuple[str, bool]]:
        block = np.clip(self._front.process(heard, played), -1, 1) * 32767
        self._decoder.process_raw(block.astype(np.int16).tobytes())
        hypothesis = self._decoder.hyp()
        if hypothesis is None:
            return []
        self._decoder.end_utt()
        self._decoder.start_utt()
        return [
            (str(PHRASES[_STATE][w]), True) for w in hypothesis.hypstr.split("  ") if w in PHRASES[_STATE]
        ]


OURS, BARE, SPHINX = "voicecoach", "bare Vosk loop", "PocketSphinx"


def hearer(name: str, folder: Path, many_times: float) -> Hearer:
    makers: dict[str, Callable[[], Hearer]] = {
        OURS: lambda: Coach(_model(folder), many_times),
        BARE: lambda: Bare(_model(folder)),
        SPHINX: Sphinx,
    }
    return makers[name]() if name in makers else Fronted(_model(folder), FRONTS[name]())


@cache
def _model(folder: Path) -> Model:
    return VoskModel(folder, set())


@cache
def coach_track(seconds: int) -> Samples:
    """The full program's sentences with the gaps of a session, as long as asked for."""
    voice, pieces, n = Synthesiser(), [], 0
    for part in english_session(Library().program("full"), Intake(), Options()).parts:
        for beat in part.beats:
            if isinstance(beat, Speak) and n < seconds * RATE_HZ:
                clip, rate_hz = voice.render(beat.text, 150)
                pieces += [
                    soxr.resample(clip, rate_hz, RATE_HZ),
                    silence(round(beat.gap_ms * RATE_HZ / 1000)),
                ]
                n += len(pieces[-1]) + len(pieces[-2])
    return np.asarray(np.resize(np.concatenate(pieces), seconds * RATE_HZ), np.float32)


@dataclass(frozen=True)
class Said:
    """The recordings of somebody's first and second try, and where the word ends in the first, in seconds."""

    first: str
    second: str
    ends_s: float | None


@dataclass
class Heard:
    """What one listener made of every "stop" in one setting at one ratio."""

    n: int = 0
    first: int = 0
    second: int = 0
    """heard at the second try at the latest"""
    doubted: int = 0
    """at the first try the coach was hushed and went on listening"""
    false: list[str] = field(default_factory=list)
    hushed: int = 0
    """in doubt, while nobody said anything"""
    latency_ms: list[float] = field(default_factory=list)
    """from the end of the word to the decision, first tries"""
    hours: float = 0.0


@dataclass(frozen=True)
class Job:
    listener: str
    folder: Path
    setting: Setting
    ratio_db: float
    stops: tuple[Said, ...]
    speech: Path
    many_times: float = MANY_TIMES
    """what is left over what can be explained, from which on it is somebody"""


def run(job: Job) -> Heard:
    seconds = int(LEAD_S + TRIAL_S * len(job.stops)) + 1
    track = coach_track(seconds)
    active = track[np.abs(track) > 1e-3]
    echo_gain = gain(ECHO_DB) / float(np.sqrt(np.mean(np.square(active))))
    user, tries = _user(job, track, seconds)
    events = _events(job, Room(job.setting, job.speech, echo_gain), track, user)
    return _counted(job, tries, events, seconds)


def _user(job: Job, track: Samples, seconds: int) -> tuple[Samples, list[tuple[float, float]]]:
    """The user's track, and when each recording begins and ends, two tries each."""
    user, tries = noise(seconds).copy(), []
    for k, said in enumerate(job.stops):
        start = _while_it_speaks(track, round((LEAD_S + k * TRIAL_S) * RATE_HZ))
        for path, at in ((said.first, start), (said.second, start + round(AGAIN_S * RATE_HZ))):
            clip = read_sound(Path(path))
            clip = clip * np.float32(gain(ECHO_DB + job.ratio_db) / speech_level(clip))
            user[at : at + len(clip)] += clip[: len(user) - at]
            tries.append((at / RATE_HZ, (at + len(clip)) / RATE_HZ))
    return user, tries


def _while_it_speaks(track: Samples, at: int) -> int:
    """The first moment from `at` on when the coach speaks through the coming 0.8 s."""
    for start in range(at, at + 3 * RATE_HZ, RATE_HZ // 20):
        piece = track[start : start + RATE_HZ * 4 // 5]
        if len(piece) and (np.abs(piece[: len(piece) // 10 * 10]).reshape(10, -1).max(axis=1) > 0.01).all():
            return start
    return at


def _events(job: Job, room: Room, track: Samples, user: Samples) -> list[Decided]:
    listener, mixer = hearer(job.listener, job.folder, job.many_times), Mixer()
    mixer.play(track)
    events: list[Decided] = []
    hushed_until_s = 0.0
    for start in range(0, len(user) - BLOCK + 1, BLOCK):
        now_s = (start + BLOCK) / RATE_HZ
        played = mixer.render(BLOCK) * np.float32(now_s > hushed_until_s)
        heard = np.clip(user[start : start + BLOCK] + room.echo(played), -1, 1)
        decided = listener.hear(heard, played)
        events += [(now_s, command, sure) for command, sure in decided]
        if any(command in ("stop", "pain", "help") for command, _ in decided):
            hushed_until_s = now_s + HUSH_S
        mixer.duck(listener.low)
    return events


def _counted(job: Job, tries: list[tuple[float, float]], events: list[Decided], seconds: int) -> Heard:
    found = Heard(n=len(job.stops), hours=seconds / 3600)
    for k, said in enumerate(job.stops):
        caught: list[bool] = []
        for begins_s, over_s in tries[2 * k : 2 * k + 2]:
            mine = [e for e in events if e[1] == "stop" and begins_s <= e[0] <= over_s + WINDOW_S]
            sure = [at for at, _, is_sure in mine if is_sure]
            caught.append(len(sure) > 0)
            if len(caught) == 1:
                found.doubted += bool(mine) and not sure
                if sure and said.ends_s is not None:
                    found.latency_ms.append(1000 * (sure[0] - begins_s - said.ends_s))
        found.first += caught[0]
        found.second += any(caught)
    for at, command, certain in events:
        inside = any(begins_s <= at <= over_s + WINDOW_S for begins_s, over_s in tries)
        if not inside:
            found.hushed += not certain
            if certain:
                found.false.append(command)
    return found


def as_dict(found: Heard) -> dict[str, Any]:
    return {**vars(found), "noise_db": NOISE_DB}
