"""A program as the coach will speak it."""

from collections.abc import Iterator
from dataclasses import dataclass

from voicecoach.care import Exercise, Program
from voicecoach.language import Language
from voicecoach.session import Wording
from voicecoach.session.script import Beat, Count, Quiet, Speak, compile_program
from voicecoach.session.sentences import needs


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is spoken, or a time without words."""

    exercise: str | None
    """id; None before the first"""
    text: str = ""
    wait_s: float | None = None
    hold_s: int | None = None
    """a counted hold, in which `text` is spoken"""


def alone(exercise: Exercise) -> Program:
    """A program of this exercise and nothing else."""
    return Program(exercise.id, exercise.name, exercise.section, False, True, (exercise,))


def spoken(program: Program, language: Language, wording: Wording) -> Iterator[Line]:
    yield from (Line(None, text) for text in needs(language, program))
    for part in compile_program(program, language, wording):
        for beat in part.beats:
            line = _line(program.exercises[part.exercise].id, beat)
            if line is not None:
                yield line


def _line(exercise: str, beat: Beat) -> Line | None:
    match beat:
        case Speak(text):
            return Line(exercise, text)
        case Quiet(duration_ms) if duration_ms >= 1_000:
            return Line(exercise, wait_s=duration_ms / 1000)
        case Count(duration_ms, cues):
            return Line(exercise, ", ".join(cue.text.rstrip(".") for cue in cues), hold_s=duration_ms // 1000)
    return None
