"""Lines with a number or a name filled in, and the list of everything a session may say."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

from voicecoach.care.exercise import Exercise, eased
from voicecoach.care.fitting import FEWEST
from voicecoach.care.memory import Memory
from voicecoach.care.outcome import ADVISED, Outcome
from voicecoach.care.program import Program
from voicecoach.language.language import Language
from voicecoach.language.lines import HowToAnswer, Lines
from voicecoach.session.script import Count, Speak, parts_ms
from voicecoach.session.state import CALM_PACES_WPM, PACES_WPM, State, calm_pace


def advice(language: Language, outcome: Outcome, emergency_number: str) -> tuple[str, ...]:
    """The advice, spoken twice and shown, when a session ends or does not begin for safety."""
    number = " ".join(emergency_number)
    return tuple(line.format(number=number) for line in language.care.advice[outcome])


def asked(state: State, key: str) -> tuple[str, ...]:
    """The sentences of a question. One with a placeholder for which there is nothing is left out."""
    memory = state.plan.memory if state.plan else Memory()
    exercises = state.plan.exercises if state.plan else {}
    hurt = [exercises[e].name for e in memory.hurt if e in exercises]
    values = {
        "number": " ".join(state.options.emergency_number),
        "hurt": listed(state.language, hurt),
        "again": exercises[memory.again].name if memory.again in exercises else "",
    }
    lines = state.language.question(key)
    kept = [line for line in lines if all(values[f] for f in values if f"{{{f}}}" in line)]
    return tuple(line.format(**values) for line in kept)


def listed(language: Language, things: list[str]) -> str:
    """ "a, b and c"; "" if there is nothing."""
    if len(things) < 2:
        return "".join(things)
    return language.coach.listed.format(first=", ".join(things[:-1]), last=things[-1])


def changes(language: Language, program: Program) -> tuple[str, ...]:
    """One line for each exercise that does not suit the user and was left out or replaced; and whom to ask if
    few are left."""
    coach = language.coach
    changed = bool(program.left_out or program.instead)
    few = (coach.few_left,) if changed and len(program.exercises) < FEWEST else ()
    return (
        *(coach.left_out.format(name=name) for name in program.left_out),
        *(
            line
            for name, other in program.instead
            for line in (coach.left_out.format(name=name), coach.instead.format(name=other))
        ),
        *few,
    )


def needs(language: Language, program: Program) -> tuple[str, ...]:
    """One line that says what the program needs, or none."""
    things = equipment(language, program)
    return (language.coach.needs.format(things=things),) if things else ()


def equipment(language: Language, program: Program) -> str:
    """What the program needs, in words; "" if nothing."""
    ids = dict.fromkeys(thing for exercise in program.exercises for thing in exercise.equipment)
    return listed(language, [language.care.equipment[thing] for thing in ids])


def summary(language: Language, done: int, total: int, minutes: int, lies: bool) -> tuple[str, ...]:
    """The closing lines of a session that was completed, or that the user ended early.

    `lies`: the user lies on the floor, and has to get up.
    """
    coach = language.coach
    exercises = coach.exercises_done.of(total, str(total), done=done)
    rising = (coach.rest_before_rising, *language.care.get_up) if lies else ()
    return (exercises, coach.duration.of(minutes, str(minutes)), *rising, coach.farewell)


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
        elif isinstance(value, Mapping):
            for said in value.values():
                lines += (said,) if isinstance(said, str) else said
    lines += (care.walk, *care.first_run, *care.precaution, *care.remarks.values(), *care.get_up)
    for sentences in care.questions.values():
        lines += sentences
    return tuple(line for line in lines if "{" not in line)


def may_be_played(state: State) -> tuple[Exercise, ...]:
    """The exercises of the program, and those that the answers may bring in: what a safety stop says in them
    is rendered before anything moves."""
    exercises = state.program.exercises
    if state.plan is not None and state.began_ms is None:
        exercises += state.plan.may_bring(state.protocol, state.answers)
    return tuple({exercise.id: exercise for exercise in exercises}.values())


def greeting(state: State) -> Lines:
    """Hello, and what the program needs."""
    coach = state.language.coach
    hello = coach.greeting if state.intake.first_run else coach.greeting_again
    return (*hello, *needs(state.language, state.program))


def opening_lines(state: State) -> Iterator[tuple[str, int]]:
    """What is said first, up to the first question, as (text, words a minute)."""
    coach, care = state.language.coach, state.language.care
    lines = (
        *greeting(state),
        *coach.hands_free,
        *care.first_run,
        *care.precaution,
        coach.prepare_questions,
    )
    yield from ((text, state.wpm) for text in lines)


def safety_lines(state: State) -> Iterator[tuple[str, int]]:
    """What is said calmly once something moves, at every calm pace. It is all rendered before: nothing of a
    safety stop may wait for a synthesiser."""
    paces_wpm = sorted(CALM_PACES_WPM, key=lambda pace: pace != calm_pace(state.wpm))
    lines = tuple(calm_lines(state))
    for pace_wpm in paces_wpm:
        yield from ((text, pace_wpm) for text in lines)


def questions_before(state: State) -> Iterator[str]:
    """The questions before anything moves that may still be asked."""
    later = _asked_later(state)
    for key in state.protocol.questions:
        if key not in state.answers and key not in later:
            yield from asked(state, key)


def _asked_later(state: State) -> tuple[str, ...]:
    """The questions that may be asked once something has moved."""
    steps = (*state.protocol.after_pain, *state.protocol.after)
    asked_by_protocol = [step.ask for step in steps if step.ask in state.protocol.questions]
    return (*filter(None, dict.fromkeys(asked_by_protocol)), *state.language.coach.questions)


def to_render(state: State) -> Iterator[tuple[str, int]]:
    """Everything the session may have to say, as (text, words a minute), in the order of need.

    Lines of the program and of the conversation at the user's pace: after "slower" they are rendered as they
    come, and are spoken at the old pace if that takes too long.
    """
    yield from opening_lines(state)
    yield from ((text, calm_pace(state.wpm)) for text in questions_before(state))
    yield from safety_lines(state)
    questions = {text for key in state.protocol.questions for text in asked(state, key)}
    for text in (*_program_lines(state), *_dynamic_lines(state), *fixed_lines(state.language)):
        if text not in questions:  # those are said calmly alone
            yield text, state.wpm


def calm_lines(state: State) -> Iterator[str]:
    """Everything that is said calmly once something moves, as all of a safety stop is."""
    coach = state.language.coach
    for key in _asked_later(state):
        yield from asked(state, key)
    for exercise in may_be_played(state):
        yield from exercise.lines.ease_out
    for outcome in ADVISED:
        yield from advice(state.language, outcome, state.options.emergency_number)
    for how in (coach.how_to_answer, coach.by_keys):
        yield from (how.yes_no, how.number, how.choice, how.over)
    yield from (coach.ask_again, coach.again, coach.nothing_left)
    yield from (coach.stopped, *coach.report_somewhere, coach.breathe, *coach.resting)
    yield from (*coach.options_staying, *state.language.care.get_up)
    yield from (*coach.deaf, *coach.mute, *coach.trouble.values(), *coach.fault)


def _program_lines(state: State) -> Iterator[str]:
    eased_program = replace(
        state.program, exercises=tuple(replace(e, dose=eased(e.dose)) for e in state.program.exercises)
    )
    eased_parts = state.compiled(eased_program)
    for part in (*state.parts, *eased_parts):
        for beat in part.beats:
            if isinstance(beat, Speak):
                yield beat.text
            elif isinstance(beat, Count):
                yield from (cue.text for cue in beat.cues)
    yield from (line for exercise in state.program.exercises for line in exercise.lines.steps)


def _dynamic_lines(state: State) -> Iterator[str]:
    """The lines with a number or a name in them."""
    language, exercises = state.language, state.program.exercises
    total = len(exercises)
    yield from changes(language, state.program)
    yield from (f"{exercise.name}." for exercise in exercises)
    planned = round(parts_ms(state.parts, PACES_WPM[0]) / 60_000) + 1
    for minutes in range(1, 2 * planned + 10):  # somebody may rest as long as they exercise
        yield from summary(language, min(minutes, total), total, minutes, lies=True)
    yield from summary(language, 0, total, 1, lies=True)
    for number in range(1, max(planned, total) + 1):
        yield from remaining(language, min(number, planned), min(number, total), total)
