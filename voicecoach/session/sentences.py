"""Everything the coach may say, for rendering ahead and for the lint of spoken words."""

from collections.abc import Iterator

from voicecoach.session import wording
from voicecoach.session.questions import HOW_TO_ANSWER, QUESTIONS
from voicecoach.session.screening import GRAVITY
from voicecoach.session.script import Count, Speak
from voicecoach.session.state import CALM_WPM, State


def fixed_lines() -> tuple[str, ...]:
    """The lines of `wording`, the questions and the hints: all that is the same for everybody."""
    lines: list[str] = []
    for name, value in vars(wording).items():
        if name.isupper():
            lines += [value] if isinstance(value, str) else value
    for question in QUESTIONS.values():
        lines += question.sentences
    return (*lines, *HOW_TO_ANSWER.values())


def to_render(state: State) -> Iterator[tuple[str, int]]:
    """(text, words a minute) of what a session will, or may at any moment, have to say."""
    calm = min(state.wpm, CALM_WPM)
    for part in state.parts:
        for beat in part.beats:
            if isinstance(beat, Speak):
                yield beat.text, state.wpm
            elif isinstance(beat, Count):
                yield from ((cue.text, state.wpm) for cue in beat.cues)
    for exercise in state.program.exercises:
        yield from ((line, calm) for line in exercise.ease_out)
    for line in fixed_lines():
        yield line, state.wpm
        yield line, calm
    for outcome in GRAVITY:
        yield from ((line, calm) for line in wording.advice(outcome, state.options.emergency_number))
