"""Compiles a program into beats: the smallest things a session does, one after the other.

A program becomes a list of parts; "repeat" and "continue" start a part again. No hold continues half-way:
after a pause its part starts again, so every hold that ends was held in full (docs/promises.md, R5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from voicecoach.care.course import KNOWN
from voicecoach.care.exercise import LYING, Breaths, Exercise, Hold, Position, Side
from voicecoach.care.outcome import Outcome
from voicecoach.care.program import Program
from voicecoach.language.language import Language
from voicecoach.language.lines import Lines, sentence
from voicecoach.session.orders import Earcon

GAP_MS = 600
"""Silence after every sentence: the user is heard best while the coach is silent (docs/voice.md)."""
MOVE_MS = 2_000
"""The gap after a line that the body follows at once: the position is taken while it is described."""
SIDE_MS = 6_000
"""Time to change sides."""
KNOWN_READY_S = 4
"""Time to get ready for an exercise that is known: it moves within 15 s of its name."""
CUE_S = 2
"""So much of a rest the words before the next repetition of a known exercise take."""
ALREADY_THERE_S = 8
"""Time to get ready at most, for whoever is in the position of the exercise already."""
COUNT_TAIL_MS = 700
"""Time for the last number and the end signal to ring out before the release line."""


class Wording(StrEnum):
    LEARNING = "learning"
    """full when an exercise is new, brief the second time, then minimal"""
    FULL = "full"
    BRIEF = "brief"
    MINIMAL = "minimal"


@dataclass(frozen=True, slots=True)
class Speak:
    text: str
    calm: bool = False
    """spoken at 140 words a minute or slower, as safety lines are"""
    gap_ms: int = GAP_MS
    praise: bool = False
    """left unsaid if the exercise hurt"""
    side: bool = False
    """which side is next: said even to whoever is "ready" before"""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Time without speech, to get ready, rest or breathe."""

    duration_ms: int


@dataclass(frozen=True, slots=True)
class Signal:
    earcon: Earcon


@dataclass(frozen=True, slots=True)
class Cue:
    """A line that sounds `offset_ms` after its hold begins, on the sample clock."""

    offset_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Count:
    """A counted hold, exactly `duration_ms` long."""

    duration_ms: int
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Close:
    """The session's last beat."""

    outcome: Outcome


Beat = Speak | Quiet | Signal | Count | Ask | Close


@dataclass(frozen=True, slots=True)
class Part:
    exercise: int
    """index into the program"""
    side: str
    repetition: int
    """0 = the introduction"""
    beats: tuple[Beat, ...]


def count_cues(duration_s: int, repetition: int, language: Language) -> tuple[Cue, ...]:
    """Up to ten seconds, count every second aloud. Longer, count down the last five and, from 15 s on,
    announce half-way (docs/voice.md)."""
    if duration_s <= 10:
        return tuple(Cue(s * 1000, language.number(s)) for s in range(1, duration_s + 1))
    down = tuple(Cue((duration_s - n) * 1000, language.number(n)) for n in range(5, 0, -1))
    if duration_s < 15:
        return down
    return (Cue(duration_s * 500, _in_turn(language.coach.half_way, repetition)), *down)


def _in_turn(lines: Lines, n: int) -> str:
    """One of `lines`, another one each time."""
    return lines[n % len(lines)]


def dose_beats(exercise: Exercise, repetition: int, language: Language) -> tuple[Beat, ...]:
    """The beats of one repetition: the movement, from its first word to its last."""
    dose, lines = exercise.dose, exercise.lines
    if isinstance(dose, Breaths):
        cycle_s = dose.in_s + dose.out_s
        first, then = (lines.end, lines.begin) if dose.out_first else (lines.begin, lines.end)
        cues = [
            cue
            for n in range(dose.breaths)
            for cue in (Cue(n * cycle_s * 1000, first), Cue((n * cycle_s + dose.first_s) * 1000, then))
        ]
        after = (Speak(lines.after, gap_ms=200),) if lines.after else ()
        return (Count(dose.breaths * cycle_s * 1000, tuple(cues)), *after)
    seconds = dose.hold_s if isinstance(dose, Hold) else dose.duration_s
    return (
        Speak(lines.begin, gap_ms=200),
        Count(seconds * 1000, count_cues(seconds, repetition, language)),
        Quiet(COUNT_TAIL_MS),
        Speak(lines.end, gap_ms=200),
    )


def dose_in_words(exercise: Exercise, language: Language) -> tuple[str, ...]:
    """The dose as the coach announces it: "Hold for five seconds, three rounds." "On each side."."""
    dose, coach = exercise.dose, language.coach
    if isinstance(dose, Breaths):
        what = coach.breaths.of(dose.breaths, language.number(dose.breaths))
    elif isinstance(dose, Hold):
        what = coach.hold.of(dose.hold_s, language.number(dose.hold_s))
    else:
        what = coach.timed.of(dose.duration_s, language.number(dose.duration_s))
    rounds = coach.rounds.of(exercise.sets, language.number(exercise.sets))
    line = sentence((coach.dose_rounds if exercise.sets > 1 else coach.dose).format(what=what, rounds=rounds))
    if not exercise.sides:
        return (line,)
    return (line, coach.each_side_then_both if Side.BOTH in exercise.sides else coach.each_side)


def introduction(
    exercise: Exercise, language: Language, wording: Wording, can_stop: bool
) -> tuple[Beat, ...]:
    """Name and cautions, the position with time to take it, the movement, how long, and the way out; as many
    words as `wording` allows, at least name, dose and one cue."""
    said = exercise.lines
    dose = dose_in_words(exercise, language)
    reminder = (language.coach.way_out,) if can_stop else ()
    if wording is Wording.FULL:
        opening = (f"{exercise.name}.", *reminder, *said.cautions)
        position = tuple(Speak(line, gap_ms=MOVE_MS) for line in said.set_up)
        return (*map(Speak, opening), *position, *map(Speak, (*said.steps, *dose, said.way_out)))
    if wording is Wording.BRIEF:
        return tuple(map(Speak, (f"{exercise.name}.", *reminder, *said.cautions[:1], *said.brief, *dose)))
    return tuple(map(Speak, (f"{exercise.name}.", *reminder, dose[0], said.brief[0])))


def get_ready(seconds: int, language: Language) -> tuple[Beat, ...]:
    """Time to take the position, which "ready" cuts short."""
    return (Speak(language.coach.take_position), Quiet(seconds * 1000))


def movement(beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """`beats` from where the body moves on: without what is said, and waited for, before it, but the side
    that is next. Empty if there is no movement in them."""
    at = next((i for i, beat in enumerate(beats) if isinstance(beat, Count)), None)
    if at is None:
        return ()
    start = at - 1 if at and isinstance(beats[at - 1], Speak) else at
    side = (beat for beat in beats[:start] if isinstance(beat, Speak) and beat.side)
    return (*side, *beats[start:])


def words_for(wording: Wording, met: int) -> Wording:
    """How many words an exercise gets that was played `met` times before."""
    if wording is not Wording.LEARNING:
        return wording
    return (Wording.FULL, Wording.BRIEF, Wording.MINIMAL)[min(met, KNOWN)]


def exercise_parts(
    index: int, program: Program, language: Language, wording: Wording, known: bool
) -> list[Part]:
    """The introduction, then one part for each repetition of each side. `wording`: of this exercise; `known`:
    it needs less time, too."""
    exercise, coach = program.exercises[index], language.coach
    new_position = index == 0 or program.exercises[index - 1].position is not exercise.position
    can_stop = new_position and (index == 0 or not known)
    parts = [Part(index, "", 0, introduction(exercise, language, wording, can_stop))]
    setup_s = exercise.setup_s if new_position else min(exercise.setup_s, ALREADY_THERE_S)
    sides = exercise.sides or ("",)
    for side_no, side in enumerate(sides):
        for repetition in range(1, exercise.sets + 1):
            beats: list[Beat] = []
            last = repetition == exercise.sets
            if repetition == 1:
                if side:
                    beats.append(Speak(exercise.lines.sides[side_no], side=True))
                if side_no and exercise.position is Position.SIDE:  # to roll over takes a while
                    beats += get_ready(exercise.setup_s, language)
                elif side_no or known:
                    beats.append(Quiet(SIDE_MS if side_no else KNOWN_READY_S * 1000))
                else:
                    beats += get_ready(setup_s, language)
            else:
                number = coach.repetition.format(n=language.number(repetition))
                if last or not known:
                    beats.append(Speak(coach.last_repetition if last else number, gap_ms=200))
            beats += dose_beats(exercise, repetition, language)
            if not last or side_no < len(sides) - 1:
                rest_s = max(CUE_S, exercise.rest_s - CUE_S) if known else exercise.rest_s
                beats.append(Quiet(rest_s * 1000))
            else:
                beats.append(Speak(_in_turn(coach.well_done, index), praise=True))
            parts.append(Part(index, side, repetition, tuple(beats)))
    return parts


def compile_program(
    program: Program, language: Language, wording: Wording, met: Mapping[str, int] = MappingProxyType({})
) -> tuple[Part, ...]:
    """Every part in order. The rest between two exercises names the next one, if that is not known.

    `met`: how often each exercise was played before, by id.
    """
    parts: list[Part] = []
    words = [words_for(wording, met.get(exercise.id, 0)) for exercise in program.exercises]
    known = [w is Wording.MINIMAL and met.get(e.id, 0) >= KNOWN
             for w, e in zip(words, program.exercises, strict=True)]  # fmt: skip
    for index in range(len(program.exercises)):
        parts += exercise_parts(index, program, language, words[index], known[index])
        if index + 1 < len(program.exercises):
            tail = parts.pop()
            here, following = program.exercises[index : index + 2]
            rest = rest_between(here, following, language, known[index + 1])
            parts.append(Part(tail.exercise, tail.side, tail.repetition, tail.beats + rest))
    return tuple(parts)


def rest_between(
    done: Exercise, following: Exercise, language: Language, known: bool = False
) -> tuple[Beat, ...]:
    """The rest, the next exercise's name unless it is `known`, and how to get to its position."""
    coach = language.coach
    beats = [] if known else [Speak(coach.rest), Speak(coach.next_exercise.format(name=following.name))]
    if following.position is done.position:
        return (*beats, Quiet(5_000))
    rises = done.position in LYING and following.position not in LYING
    for line in language.care.get_up if rises else (coach.change_position,):
        beats.append(Speak(line, gap_ms=MOVE_MS if rises else GAP_MS))
    return (*beats, Quiet(10_000))


def beat_ms(beat: Beat, wpm: int) -> int:
    """Roughly how long a beat lasts: for "how long" and `list`, not for scheduling."""
    if isinstance(beat, Speak):
        return len(beat.text.split()) * 60_000 // wpm + beat.gap_ms
    return beat.duration_ms if isinstance(beat, Quiet | Count) else 0


def parts_ms(parts: tuple[Part, ...], wpm: int) -> int:
    return sum(beat_ms(beat, wpm) for part in parts for beat in part.beats)
