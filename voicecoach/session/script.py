"""Compiles a program into beats: the smallest things a session does, one after the other.

A program becomes a list of parts; "repeat" and "continue" start a part again. No hold continues half-way:
after a pause its part starts again, so every hold that ends was held in full (docs/promises.md, R5).
"""

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.care.exercise import Breaths, Exercise, Hold
from voicecoach.care.outcome import Outcome
from voicecoach.care.program import Program
from voicecoach.language.language import Language
from voicecoach.language.lines import sentence
from voicecoach.session.orders import Earcon

GAP_MS = 600
"""Silence after every sentence: the user is heard best while the coach is silent (docs/voice.md)."""
COUNT_TAIL_MS = 700
"""Time for the last number and the end signal to ring out before the release line."""


class Wording(StrEnum):
    FULL = "full"
    BRIEF = "brief"
    MINIMAL = "minimal"


@dataclass(frozen=True, slots=True)
class Speak:
    text: str
    calm: bool = False
    """spoken at 140 words a minute or slower, as safety lines are"""
    gap_ms: int = GAP_MS


@dataclass(frozen=True, slots=True)
class Quiet:
    """Time without speech, to get ready, rest or breathe; "ready" cuts it short."""

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


def count_cues(duration_s: int, language: Language) -> tuple[Cue, ...]:
    """Up to ten seconds, count every second aloud. Longer, count down the last five and, from 15 s on,
    announce half-way (docs/voice.md)."""
    if duration_s <= 10:
        return tuple(Cue(s * 1000, language.number(s)) for s in range(1, duration_s + 1))
    down = tuple(Cue((duration_s - n) * 1000, language.number(n)) for n in range(5, 0, -1))
    return (Cue(duration_s * 500, language.coach.half_way), *down) if duration_s >= 15 else down


def dose_beats(exercise: Exercise, language: Language) -> tuple[Beat, ...]:
    """The beats of one repetition."""
    dose, lines = exercise.dose, exercise.lines
    if isinstance(dose, Breaths):
        cycle_s = dose.in_s + dose.out_s
        cues = [
            cue
            for n in range(dose.breaths)
            for cue in (
                Cue(n * cycle_s * 1000, lines.begin),
                Cue((n * cycle_s + dose.in_s) * 1000, lines.end),
            )
        ]
        return (Count(dose.breaths * cycle_s * 1000, tuple(cues)),)
    seconds = dose.hold_s if isinstance(dose, Hold) else dose.duration_s
    return (
        Speak(lines.begin, gap_ms=200),
        Count(seconds * 1000, count_cues(seconds, language)),
        Quiet(COUNT_TAIL_MS),
        Speak(lines.end, gap_ms=200),
    )


def dose_in_words(exercise: Exercise, language: Language) -> str:
    """The dose as the coach announces it: "Five seconds, three rounds each side."."""
    dose, coach = exercise.dose, language.coach
    if isinstance(dose, Breaths):
        what = coach.breaths.of(dose.breaths, language.number(dose.breaths))
    else:
        seconds = dose.hold_s if isinstance(dose, Hold) else dose.duration_s
        what = coach.seconds.of(seconds, language.number(seconds))
    if exercise.sets == 1 and not exercise.sides:
        return sentence(coach.dose.format(what=what))
    rounds = coach.rounds.of(exercise.sets, language.number(exercise.sets))
    line = coach.dose_rounds_each_side if exercise.sides else coach.dose_rounds
    return sentence(line.format(what=what, rounds=rounds))


def introduction(
    exercise: Exercise, language: Language, wording: Wording, new_position: bool
) -> tuple[Beat, ...]:
    """Name, dose, cautions, position, steps, get-ready time; as many words as `wording` allows."""
    said = exercise.lines
    lines = [f"{exercise.name}.", dose_in_words(exercise, language)]
    if new_position:
        lines.append(language.coach.way_out)
    if wording is Wording.FULL:
        lines += [*said.cautions, *said.set_up, *said.steps]
    elif wording is Wording.BRIEF:
        lines += [*said.cautions[:1], *said.brief]
    return (*map(Speak, lines), *get_ready(exercise.setup_s, language))


def get_ready(seconds: int, language: Language) -> tuple[Beat, ...]:
    return (Speak(language.coach.take_position), Quiet(seconds * 1000))


def exercise_parts(index: int, program: Program, language: Language, wording: Wording) -> list[Part]:
    """The introduction, then one part for each repetition of each side."""
    exercise = program.exercises[index]
    new_position = index == 0 or program.exercises[index - 1].position is not exercise.position
    parts = [Part(index, "", 0, introduction(exercise, language, wording, new_position))]
    sides = exercise.sides or ("",)
    for side_no, side in enumerate(sides):
        for repetition in range(1, exercise.sets + 1):
            beats: list[Beat] = []
            if side and repetition == 1:
                beats.append(Speak(exercise.lines.sides[side_no]))
                beats.append(Quiet(6000 if side_no else 2000))
            beats += dose_beats(exercise, language)
            last = repetition == exercise.sets
            if exercise.sets > 1:
                beats.append(
                    Speak(language.coach.repetition.format(n=language.number(repetition)), gap_ms=200)
                )
            if not last or side_no < len(sides) - 1:
                beats.append(Quiet(exercise.rest_s * 1000))
            parts.append(Part(index, side, repetition, tuple(beats)))
    return parts


def compile_program(program: Program, language: Language, wording: Wording) -> tuple[Part, ...]:
    """Every part in order. The rest between two exercises names the next one."""
    parts: list[Part] = []
    for index in range(len(program.exercises)):
        parts += exercise_parts(index, program, language, wording)
        if index + 1 < len(program.exercises):
            following = program.exercises[index + 1]
            moved = following.position is not program.exercises[index].position
            coach = language.coach
            rest: tuple[Beat, ...] = (
                Speak(coach.rest),
                Speak(coach.next_exercise.format(name=following.name)),
            )
            if moved:
                rest += (Speak(coach.change_position),)
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
