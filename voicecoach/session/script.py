"""From a program to beats: the smallest things a session does one after the other.

A program becomes a list of parts; a part is what "repeat" or "continue" starts again. A hold is
never continued half-way: after a pause its part begins anew, so every hold that ends was held in
full (R5).
"""

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.session.commands import Earcon
from voicecoach.session.program import Breaths, Dose, Exercise, Hold, Program

GAP_MS = 600
"""Silence after every sentence, in which the user is heard without the coach (VOICE.md)."""
COUNT_TAIL_MS = 700
"""The last number and the end signal ring out before the release line."""
NUMBER_WORDS = (
    *"zero one two three four five six seven eight nine ten eleven twelve thirteen".split(),
    *"fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(),
)


class Wording(StrEnum):
    FULL = "full"
    BRIEF = "brief"
    MINIMAL = "minimal"


@dataclass(frozen=True, slots=True)
class Speak:
    text: str
    calm: bool = False
    """at most 140 words a minute: safety lines"""
    gap_ms: int = GAP_MS


@dataclass(frozen=True, slots=True)
class Quiet:
    """Get ready, rest, breathe: a time without speech that "ready" cuts short."""

    duration_ms: int


@dataclass(frozen=True, slots=True)
class Signal:
    earcon: Earcon


@dataclass(frozen=True, slots=True)
class Cue:
    """A line that sounds `offset_ms` after its hold began, on the sample clock."""

    offset_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Count:
    """A counted time: movement the body is held in, exactly `duration_ms` long."""

    duration_ms: int
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question by its key; the machine holds its wording and its consequence."""

    key: str


@dataclass(frozen=True, slots=True)
class Close:
    """The session's last beat."""

    outcome: str


Beat = Speak | Quiet | Signal | Count | Ask | Close


@dataclass(frozen=True, slots=True)
class Part:
    exercise: int
    """index into the program"""
    side: str
    repetition: int
    """0 = the introduction"""
    beats: tuple[Beat, ...]


def count_cues(duration_s: int) -> tuple[Cue, ...]:
    """Up to ten seconds every second aloud, longer ones half-way and the last five down (VOICE.md)."""
    if duration_s <= 10:
        return tuple(Cue(s * 1000, NUMBER_WORDS[s]) for s in range(1, duration_s + 1))
    down = tuple(Cue((duration_s - n) * 1000, NUMBER_WORDS[n]) for n in range(5, 0, -1))
    return (Cue(duration_s * 500, "Half way"), *down) if duration_s >= 15 else down


def dose_beats(dose: Dose) -> tuple[Beat, ...]:
    """One repetition."""
    if isinstance(dose, Breaths):
        cycle_s = dose.in_s + dose.out_s
        cues = [
            cue
            for n in range(dose.breaths)
            for cue in (
                Cue(n * cycle_s * 1000, dose.in_cue),
                Cue((n * cycle_s + dose.in_s) * 1000, dose.out_cue),
            )
        ]
        return (Count(dose.breaths * cycle_s * 1000, tuple(cues)),)
    seconds = dose.hold_s if isinstance(dose, Hold) else dose.duration_s
    return (
        Speak(dose.start_cue, gap_ms=200),
        Count(seconds * 1000, count_cues(seconds)),
        Quiet(COUNT_TAIL_MS),
        Speak(dose.end_cue, gap_ms=200),
    )


def seconds_in_words(seconds: int) -> str:
    number = NUMBER_WORDS[seconds] if seconds < len(NUMBER_WORDS) else str(seconds)
    return f"{number} second{'s' if seconds != 1 else ''}"


def dose_in_words(exercise: Exercise) -> str:
    """The dose as announced: "five seconds, three rounds each side"."""
    dose = exercise.dose
    if isinstance(dose, Breaths):
        what = f"{NUMBER_WORDS[dose.breaths]} slow breath{'s' if dose.breaths != 1 else ''}"
    else:
        what = seconds_in_words(dose.hold_s if isinstance(dose, Hold) else dose.duration_s)
    if exercise.sets == 1 and not exercise.sides:
        return f"{what}.".capitalize()
    rounds = f"{NUMBER_WORDS[exercise.sets]} {'round' if exercise.sets == 1 else 'rounds'}"
    return f"{what}, {rounds}{' each side' if exercise.sides else ''}.".capitalize()


WAY_OUT = "You can say stop at any moment."
"""Taught by the first prompt of every position (SAFETY.md)."""


def introduction(exercise: Exercise, wording: Wording, new_position: bool) -> tuple[Beat, ...]:
    """Name, dose, cautions, position, steps, get-ready time; as many words as `wording` allows."""
    lines = [f"{exercise.name}.", dose_in_words(exercise)]
    if new_position:
        lines.append(WAY_OUT)
    if wording is Wording.FULL:
        lines += [*exercise.cautions, *exercise.set_up, *exercise.steps]
    elif wording is Wording.BRIEF:
        lines += [*exercise.cautions[:1], *exercise.brief]
    return (*map(Speak, lines), *get_ready(exercise.setup_s))


def get_ready(seconds: int) -> tuple[Beat, ...]:
    return (Speak("Take your position."), Quiet(seconds * 1000))


def exercise_parts(index: int, program: Program, wording: Wording) -> list[Part]:
    """The introduction, then one part for each repetition of each side."""
    exercise = program.exercises[index]
    new_position = index == 0 or program.exercises[index - 1].position is not exercise.position
    parts = [Part(index, "", 0, introduction(exercise, wording, new_position))]
    sides = exercise.sides or ("",)
    for side_no, side in enumerate(sides):
        for repetition in range(1, exercise.sets + 1):
            beats: list[Beat] = []
            if side and repetition == 1:
                beats.append(Speak(exercise.side_cues[side_no]))
                beats.append(Quiet(6000 if side_no else 2000))
            beats += dose_beats(exercise.dose)
            last = repetition == exercise.sets
            if exercise.sets > 1:
                beats.append(Speak(f"Number {NUMBER_WORDS[repetition]}.", gap_ms=200))
            if not last or side_no < len(sides) - 1:
                beats.append(Quiet(exercise.rest_s * 1000))
            parts.append(Part(index, side, repetition, tuple(beats)))
    return parts


def compile_program(program: Program, wording: Wording) -> tuple[Part, ...]:
    """Every part in order; while resting, the exercise that follows is named."""
    parts: list[Part] = []
    for index in range(len(program.exercises)):
        parts += exercise_parts(index, program, wording)
        if index + 1 < len(program.exercises):
            following = program.exercises[index + 1]
            moved = following.position is not program.exercises[index].position
            rest: tuple[Beat, ...] = (Speak("Rest."), Speak(f"Next: {following.name}."))
            if moved:
                rest += (Speak("Change position slowly."),)
            tail = parts.pop()
            rest += (Quiet(10_000 if moved else 5_000),)
            parts.append(Part(tail.exercise, tail.side, tail.repetition, tail.beats + rest))
    return tuple(parts)


def beat_ms(beat: Beat, wpm: int) -> int:
    """Roughly how long a beat lasts: for "how long" and `list`, not for scheduling."""
    if isinstance(beat, Speak):
        return len(beat.text.split()) * 60_000 // wpm + beat.gap_ms
    return beat.duration_ms if isinstance(beat, Quiet | Count) else 0


def parts_ms(parts: tuple[Part, ...], wpm: int) -> int:
    return sum(beat_ms(beat, wpm) for part in parts for beat in part.beats)
