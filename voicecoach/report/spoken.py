"""A program as the coach will speak it, exercise by exercise."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from voicecoach.care import Exercise, Program
from voicecoach.language import Language
from voicecoach.session import Wording
from voicecoach.session.script import Beat, Count, Part, Quiet, Speak, compile_program

_SHORTEST_MS = 1_000
"""A shorter silence is a breath between two sentences."""


@dataclass(frozen=True, slots=True)
class Said:
    text: str


@dataclass(frozen=True, slots=True)
class Silence:
    duration_s: float


@dataclass(frozen=True, slots=True)
class Counted:
    """A hold, and what is said in it."""

    duration_s: int
    cues: tuple[str, ...]


Line = Said | Silence | Counted


@dataclass(frozen=True, slots=True)
class Passage:
    """What belongs to one exercise."""

    exercise: Exercise | None
    """None: what is said after the last one"""
    lines: tuple[Line, ...]


def spoken(program: Program, language: Language, wording: Wording) -> Iterator[Passage]:
    parts = compile_program(program, language, wording)
    for index, group in groupby(parts, lambda part: part.exercise):
        lines = tuple(line for part in group for line in _lines(part))
        if lines:
            yield Passage(program.exercises[index] if index < len(program.exercises) else None, lines)


def alone(exercise: Exercise) -> Program:
    """A program of this exercise and nothing else."""
    return Program(exercise.id, exercise.name, exercise.section, False, True, (exercise,))


def _lines(part: Part) -> Iterator[Line]:
    for beat in part.beats:
        if (line := _line(beat)) is not None:
            yield line


def _line(beat: Beat) -> Line | None:
    match beat:
        case Speak(text):
            return Said(text)
        case Quiet(duration_ms) if duration_ms >= _SHORTEST_MS:
            return Silence(duration_ms / 1000)
        case Count(duration_ms, cues):
            return Counted(duration_ms // 1000, tuple(cue.text.rstrip(".") for cue in cues))
    return None
