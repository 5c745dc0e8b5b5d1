"""Double talk: real people say "stop" while the coach speaks. Which systems recognise it, and how soon?

In each trial a person says it twice. The second try comes three seconds after the first, from another
recording of the same person where there is one: nobody says a word twice in the same way. As in a session,
any decision on a safety command hushes the coach, a doubtful one too.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from scripts.benches.cancellers import FRONT_ENDS, FrontEnd, NoCanceller
from scripts.benches.conditions import speech_level
from scripts.benches.listeners import sphinx
from scripts.benches.room import NOISE_DB, Room, Setting, noise
from voicecoach.audio import read_sound
from voicecoach.care import Intake
from voicecoach.language import ListeningState
from voicecoach.library import Library
from voicecoach.listening import (
    AtOnce,
    Ear,
    Ears,
    Judge,
    Noticed,
    Recogniser,
    TwoEars,
    Understanding,
    VoskModel,
)
from voicecoach.listening.echo.near import THRESHOLD
from voicecoach.session import Options
from voicecoach.session.script import Speak
from voicecoach.sound import Samples, gain, silence
from voicecoach.speaking import Mixer, PromptCache
from voicecoach.testing import ENGLISH, PHRASES, VOCABULARY, english_session, grammar
from voicecoach.units import BLOCK, RATE_HZ

ECHO_DB = -28.0
"""Level of the echo while the coach speaks, of full scale. A user 10 dB above it does not clip."""
LEAD_S, TRIAL_S, AGAIN_S, HUSH_S = 6.0, 9.0, 3.0, 1.5
"""Time before the first trial; of each trial; from its first try to its second; of a hush."""
WINDOW_S = 1.5
"""A decision counts as a hit up to this long after the end of the recording."""
_STATE = ListeningState.HOLDING
Decided = tuple[float, str, bool]
"""Time in seconds, command, and whether it was certain (a doubtful one only hushes the coach)."""


class System(Protocol):
    """What is compared: from sound to decisions."""

    @property
    def low(self) -> bool:
        """Whether the coach is to be ducked."""
        ...

    def hear(self, heard: Samples, played: Samples) -> list[tuple[str, bool]]:
        """The commands decided in this block of 20 ms (48 kHz), and whether each is certain."""
        ...

    def coach_says(self, text: str, until_s: float) -> None:
        """The coach begins a line, which ends at `until_s`."""


class _Unaware:
    """Is not told what the coach says, and ducks nothing."""

    low = False

    def coach_says(self, text: str, until_s: float) -> None:
        pass


class VoiceCoach:
    """Both ears of a session, or the first one alone, with ducking."""

    def __init__(self, model: VoskModel, threshold: float, first_only: bool = False) -> None:
        first = Ear(model, VOCABULARY, _STATE)
        first.echo.near_end.threshold = threshold
        self._ear: Ears = (
            first if first_only else TwoEars(first, AtOnce(Understanding.of_english()), ENGLISH, _STATE)
        )

    @property
    def low(self) -> bool:
        return self._ear.low

    def hear(self, heard: Samples, played: Samples) -> list[tuple[str, bool]]:
        verdicts = [v for v in self._ear.hear(heard, played) if isinstance(v, Noticed)]
        noticed = [v.decision for v in verdicts if v.decision.command]
        return [(str(d.command), d.sure) for d in noticed]

    def coach_says(self, text: str, until_s: float) -> None:
        self._ear.coach_says(text, until_s)


class BareLoop(_Unaware):
    """The loop one writes first: Vosk with a list of commands, finals only, no canceller."""

    def __init__(self, model: VoskModel) -> None:
        self._front_end = NoCanceller()
        self._recogniser = model.recogniser([*PHRASES[_STATE], "[unk]"])

    def hear(self, heard: Samples, played: Samples) -> list[tuple[str, bool]]:
        belief = self._recogniser.accept(self._front_end.clean(heard, played))
        words = belief.text.split() if belief.final else []
        return [(str(PHRASES[_STATE][w]), True) for w in words if w in PHRASES[_STATE]]


class BehindFrontEnd(_Unaware):
    """Our recogniser and decision rule behind any front end; nothing is ducked and nothing doubtful."""

    def __init__(self, model: VoskModel, front_end: FrontEnd) -> None:
        self._front_end, self._judge = front_end, Judge(VOCABULARY, _STATE)
        self._recogniser: Recogniser = model.recogniser(grammar(_STATE))
        self._at = 0

    def hear(self, heard: Samples, played: Samples) -> list[tuple[str, bool]]:
        belief = self._recogniser.accept(self._front_end.clean(heard, played))
        self._at += 1
        found = self._judge.consider(belief.text, belief.final, self._at * BLOCK / RATE_HZ)
        return [(str(d.command), True) for d in found if d.command]


class Sphinx(_Unaware):
    """PocketSphinx's keyphrase spotting, no canceller."""

    def __init__(self) -> None:
        self._front_end, self._decoder = NoCanceller(), sphinx(_STATE, 1e-20)
        self._decoder.start_utt()

    def hear(self, heard: Samples, played: Samples) -> list[tuple[str, bool]]:
        block = np.clip(self._front_end.clean(heard, played), -1, 1) * 32767
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


def system(name: str, folder: Path, threshold: float) -> System:
    makers: dict[str, Callable[[], System]] = {
        OURS: lambda: VoiceCoach(_model(folder), threshold),
        BARE: lambda: BareLoop(_model(folder)),
        SPHINX: Sphinx,
    }
    return makers[name]() if name in makers else BehindFrontEnd(_model(folder), FRONT_ENDS[name]())


@cache
def _model(folder: Path) -> VoskModel:
    return VoskModel(folder, set())


@dataclass(frozen=True)
class Line:
    """A line of the coach, and when it sounds, in seconds."""

    text: str
    start_s: float
    end_s: float


@cache
def coach_track(seconds: int) -> tuple[Samples, tuple[Line, ...]]:
    """The lines of the program "full" with the gaps of a session, over and over, for `seconds`."""
    prompts, session = PromptCache(None, Library().language.voices), Library().program("full")
    beats = [b for part in english_session(session, Intake(), Options()).parts for b in part.beats]
    track, lines, at = silence(seconds * RATE_HZ), list[Line](), 0
    for beat in cycle(beat for beat in beats if isinstance(beat, Speak)):
        clip = prompts.clip(beat.text, 150)[: len(track) - at]
        track[at : at + len(clip)] = clip
        lines.append(Line(beat.text, at / RATE_HZ, (at + len(clip)) / RATE_HZ))
        at += len(clip) + round(beat.gap_ms * RATE_HZ / 1000)
        if at >= len(track):
            return track, tuple(lines)
    raise AssertionError("a session without a line")


@dataclass(frozen=True)
class Trial:
    """Paths of a first and a second try by the same person."""

    first: str
    second: str
    ends_s: float | None
    """where the word ends in the first recording, in seconds; None where it could not be aligned"""


@dataclass
class Outcome:
    """One system in one echo path at one signal-to-echo ratio, over all trials."""

    trials: int = 0
    """pairs of tries"""
    hits_first_try: int = 0
    hits_in_two_tries: int = 0
    """hits at the first or the second try"""
    only_hushed_first_try: int = 0
    """first tries at which "stop" was doubtful: it hushed the coach and stopped nothing"""
    false_alarms: list[str] = field(default_factory=list)
    """the commands decided for certain outside the tries"""
    false_hushes: int = 0
    """doubtful decisions outside the tries"""
    latency_ms: list[float] = field(default_factory=list)
    """from the end of the word to the decision, at first tries; negative before its end"""
    hours: float = 0.0


@dataclass(frozen=True)
class Job:
    """One run: a system, the model, an echo path, the trials."""

    system: str
    folder: Path
    setting: Setting
    signal_to_echo_db: float
    """level of the user's speech over the echo, in the microphone"""
    trials: tuple[Trial, ...]
    speech: Path
    threshold: float = THRESHOLD
    """of near-end speech detection (`NearEndDetector.threshold`)"""


def run(job: Job) -> Outcome:
    seconds = int(LEAD_S + TRIAL_S * len(job.trials)) + 1
    track, lines = coach_track(seconds)
    speech = track[np.abs(track) > 1e-3]
    echo_gain = gain(ECHO_DB) / float(np.sqrt(np.mean(np.square(speech))))
    user, tries = _user(job, track, seconds)
    events = _events(job, Room(job.setting, job.speech, echo_gain), track, lines, user)
    return _counted(job, tries, events, seconds)


def _user(job: Job, track: Samples, seconds: int) -> tuple[Samples, list[tuple[float, float]]]:
    """The user's track with noise, and when each try begins and ends in seconds: two in each trial."""
    user, tries = noise(seconds).copy(), []
    for k, trial in enumerate(job.trials):
        start = _while_it_speaks(track, round((LEAD_S + k * TRIAL_S) * RATE_HZ))
        for path, at in ((trial.first, start), (trial.second, start + round(AGAIN_S * RATE_HZ))):
            clip = read_sound(Path(path))
            clip = clip * np.float32(gain(ECHO_DB + job.signal_to_echo_db) / speech_level(clip))
            user[at : at + len(clip)] += clip[: len(user) - at]
            tries.append((at / RATE_HZ, (at + len(clip)) / RATE_HZ))
    return user, tries


def _while_it_speaks(track: Samples, at: int) -> int:
    """The first sample from `at` on after which the coach keeps speaking for 0.8 s."""
    for start in range(at, at + 3 * RATE_HZ, RATE_HZ // 20):
        piece = track[start : start + RATE_HZ * 4 // 5]
        if len(piece) and (np.abs(piece[: len(piece) // 10 * 10]).reshape(10, -1).max(axis=1) > 0.01).all():
            return start
    return at


def _events(job: Job, room: Room, track: Samples, lines: Sequence[Line], user: Samples) -> list[Decided]:
    tested, mixer = system(job.system, job.folder, job.threshold), Mixer()
    mixer.play(track)
    events: list[Decided] = []
    hushed_until_s, to_say = 0.0, deque(lines)
    for start in range(0, len(user) - BLOCK + 1, BLOCK):
        now_s = (start + BLOCK) / RATE_HZ
        while to_say and to_say[0].start_s < now_s:
            line = to_say.popleft()
            tested.coach_says(line.text, line.end_s)
        played = mixer.render(BLOCK) * np.float32(now_s > hushed_until_s)
        heard = np.clip(user[start : start + BLOCK] + room.echo(played), -1, 1)
        decided = tested.hear(heard, played)
        events += [(now_s, command, sure) for command, sure in decided]
        if any(command in ("stop", "pain", "help") for command, _ in decided):
            hushed_until_s = now_s + HUSH_S
        mixer.duck(tested.low)
    return events


def _counted(job: Job, tries: list[tuple[float, float]], events: list[Decided], seconds: int) -> Outcome:
    found = Outcome(trials=len(job.trials), hours=seconds / 3600)
    for k, trial in enumerate(job.trials):
        hits: list[bool] = []
        for begins_s, over_s in tries[2 * k : 2 * k + 2]:
            mine = [e for e in events if e[1] == "stop" and begins_s <= e[0] <= over_s + WINDOW_S]
            certain_s = [at_s for at_s, _, is_certain in mine if is_certain]
            hits.append(len(certain_s) > 0)
            if len(hits) == 1:
                found.only_hushed_first_try += bool(mine) and not certain_s
                if certain_s and trial.ends_s is not None:
                    found.latency_ms.append(1000 * (certain_s[0] - begins_s - trial.ends_s))
        found.hits_first_try += hits[0]
        found.hits_in_two_tries += any(hits)
    for at, command, certain in events:
        inside = any(begins_s <= at <= over_s + WINDOW_S for begins_s, over_s in tries)
        if not inside:
            found.false_hushes += not certain
            if certain:
                found.false_alarms.append(command)
    return found


def as_dict(found: Outcome) -> dict[str, Any]:
    return {**vars(found), "noise_db": NOISE_DB}
