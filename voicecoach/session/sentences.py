"""Lines with a number or a name filled in, and the list of everything a session may say."""

from collections.abc import Iterator
from dataclasses import fields

from voicecoach.care.outcome import ADVISED, Outcome
from voicecoach.language.language import Language
from voicecoach.language.lines import HowToAnswer
from voicecoach.session.script import Count, Speak
from voicecoach.session.state import CALM_WPM, State


def advice(language: Language, outcome: Outcome, emergency_number: str) -> tuple[str, ...]:
    """The advice, spoken twice and shown, when a session ends or does not begin for safety."""
    number = " ".join(emergency_number)
    return tuple(line.format(number=number) for line in language.care.advice[outcome])


def left_out(language: Language, names: tuple[str, ...]) -> tuple[str, ...]:
    """One line for each exercise that the user's conditions exclude."""
    return tuple(language.coach.left_out.format(name=name) for name in names)


def summary(language: Language, done: int, total: int, minutes: int) -> tuple[str, ...]:
    """The closing lines of a session that was completed, or that the user ended early."""
    coach = language.coach
    exercises = coach.exercises_done.of(total, str(total), done=done)
    return (coach.the_end, exercises, coach.duration.of(minutes, str(minutes)), coach.farewell)


def remaining(language: Language, minutes: int, exercise: int, total: int) -> tuple[str, ...]:
    coach = language.coach
    about = coach.remaining.of(minutes, str(minutes))
    return (about, coach.which_exercise.format(n=exercise, total=total))


def fixed_lines(language: Language) -> tuple[str, ...]:
    """Every line without placeholders: the same for all users and sessions."""
    coach, care = language.coach, language.care
    lines: list[str] = []
    for value in (getattr(coach, f.name) for f in fields(coach) if f.name != "numbers"):
        if isinstance(value, str):
            lines.append(value)
        elif isinstance(value, tuple):
            lines += value
        elif isinstance(value, HowToAnswer):
            lines += (value.yes_no, value.number, value.choice)
    lines += (*care.first_run, *care.precaution, *care.remarks.values())
    for sentences in (*coach.questions.values(), *care.questions.values()):
        lines += sentences
    return tuple(line for line in lines if "{" not in line)


def to_render(state: State) -> Iterator[tuple[str, int]]:
    """Everything a session will or may have to say, as (text, words a minute)."""
    calm = min(state.wpm, CALM_WPM)
    for part in state.parts:
        for beat in part.beats:
            if isinstance(beat, Speak):
                yield beat.text, state.wpm
            elif isinstance(beat, Count):
                yield from ((cue.text, state.wpm) for cue in beat.cues)
    for exercise in state.program.exercises:
        yield from ((line, calm) for line in exercise.lines.ease_out)
    for line in fixed_lines(state.language):
        yield line, state.wpm
        yield line, calm
    for outcome in ADVISED:
        lines = advice(state.language, outcome, state.options.emergency_number)
        yield from ((line, calm) for line in lines)
