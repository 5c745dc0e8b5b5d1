"""The loudspeaker is the nearest voice to the microphone: what the coach must not say (docs/voice.md).

And what it must never claim: it guides, comforts and stops.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from voicecoach.care import ADVISED, Exercise, Intake, Program
from voicecoach.language import NUMBERS, SAFETY_COMMANDS, Command, ListeningState
from voicecoach.session import Options, Wording
from voicecoach.session.questions import OWN_QUESTIONS, how_to_answer, listening_state, question
from voicecoach.session.script import Count, Cue, Speak
from voicecoach.session.sentences import advice, changes, fixed_lines, needs, remaining, summary, to_render
from voicecoach.testing import ENGLISH, LIBRARY, PHRASES, SAFETY, english_session, grammar, meaning

MOST_WORDS = 10
LONGEST_S = 4.0
WPM = 150
CLAIMS = re.compile(
    r"\b(treat\w*|adjust\w*|heal|heals|healing|realign\w*|diagnos\w*|cure\w*|therap(y|ies)|remed\w*)\b"
)
_programs = [LIBRARY.program(name) for name in LIBRARY.program_ids]


def plain(line: str) -> str:
    """As a recogniser would write it."""
    return " ".join("".join(c if c.isalnum() or c == "'" else " " for c in line.lower()).split())


def compiled(program: Program, words: Wording) -> Iterator[str]:
    for part in english_session(program, Intake(), Options(words)).parts:
        for beat in part.beats:
            if isinstance(beat, Speak):
                yield beat.text
            elif isinstance(beat, Count):
                yield from (cue.text for cue in beat.cues)


def advices() -> set[str]:
    return {line for outcome in ADVISED for line in advice(ENGLISH, outcome, "112")}


def composed() -> set[str]:
    """Lines made of numbers and names."""
    lines = {
        line
        for n in (0, 1, 2, 10)
        for lies in (True, False)
        for line in summary(ENGLISH, n, max(n, 1), n, lies)
    }
    lines |= {line for n in (1, 2, 10) for line in remaining(ENGLISH, n, n, 10)}
    lines |= {line for p in _programs for line in needs(ENGLISH, p)}
    names = tuple(e.name for e in LIBRARY.exercises.values())
    lines |= set(
        changes(ENGLISH, replace(_programs[0], left_out=names, instead=tuple(zip(names, names, strict=True))))
    )
    return lines


def sentences(exercise: Exercise) -> tuple[str, ...]:
    """Every line of an exercise that is ever spoken."""
    said = exercise.lines
    lines = (said.name, said.begin, said.end, *said.set_up, *said.steps, said.way_out, *said.brief)
    return (*lines, *said.ease_out, *said.cautions, *said.sides)


def rehearsed() -> set[str]:
    lines = ENGLISH.coach.rehearsal
    return {lines.introduction, *lines.learning, lines.ask, lines.ask_over, *lines.meanwhile}


def everything() -> list[str]:
    lines = {*fixed_lines(ENGLISH), *advices(), *composed()}
    for exercise in LIBRARY.exercises.values():
        lines |= set(sentences(exercise))
    for program, words in product(_programs, Wording):
        lines |= set(compiled(program, words))
    return sorted(lines | rehearsed())


SPOKEN = everything()


@pytest.mark.parametrize("line", SPOKEN)
def test_a_sentence_is_one_breath_long(line: str) -> None:
    """At most ten words, or four seconds at 150 words a minute: then there is a gap to hear the user."""
    words = len(plain(line).split())
    assert words <= MOST_WORDS or words * 60 / WPM <= LONGEST_S


def while_moving() -> set[str]:
    """What is said while somebody moves, holds still, or is led out of a position."""
    coach = ENGLISH.coach
    lines = {line for p, words in product(_programs, Wording) for line in compiled(p, words)}
    lines |= {line for e in LIBRARY.exercises.values() for line in sentences(e)}
    lines |= {coach.resumed, coach.eased, coach.breathe, *coach.report_somewhere, *coach.resting}
    return lines - {coach.way_out}


@pytest.mark.parametrize("line", sorted(while_moving()))
def test_no_safety_word_is_said_while_somebody_moves(line: str) -> None:
    """Questions and advice use the clear word, masked while it sounds. Here a mask would leave the user's own
    "pain" in doubt; only "You can say stop at any moment" is worth it."""
    said = f" {plain(line)}"
    assert not [phrase for phrase in SAFETY if f" {phrase}" in said]


@pytest.mark.parametrize("state", list(ListeningState))
def test_no_sentence_is_a_command_as_a_whole(state: ListeningState) -> None:
    """ "Rest." while resting is fine, as "rest" is no word there; "Repeat." would repeat for ever."""
    counted = {cue.text for p in _programs for cue in _cues(p)}
    for line in SPOKEN:
        if state is ListeningState.NUMBER and line in counted:
            continue  # numbers are counted in holds only, and no number is asked for in a hold
        if state is ListeningState.CHOICE and line == "Rest.":
            continue  # said between exercises; the choice is asked in a safety stop
        command = meaning(plain(line), state)
        assert command is None or command in SAFETY_COMMANDS, f"{line!r} means {command}"


def _cues(program: Program) -> Iterator[Cue]:
    for part in english_session(program, Intake(), Options()).parts:
        for beat in part.beats:
            if isinstance(beat, Count):
                yield from beat.cues


@pytest.mark.parametrize("key", [*LIBRARY.protocol.questions, *OWN_QUESTIONS])
def test_no_question_answers_itself(key: str) -> None:
    asked = question(LIBRARY.protocol, key)
    state = listening_state(asked)
    for sentence in ENGLISH.question(key):
        assert meaning(plain(sentence), state) in (None, *SAFETY_COMMANDS)
    assert meaning(plain(how_to_answer(ENGLISH, asked)), state) is None


@pytest.mark.parametrize("line", [*SPOKEN, *(f"{p.name} {p.description}" for p in _programs)])
def test_nothing_spoken_claims_to_treat_or_diagnose(line: str) -> None:
    """The intended use is judged by the claims: general guidance, no medical device."""
    assert not CLAIMS.search(line.lower())


def test_every_line_of_a_session_is_among_those_rendered_ahead() -> None:
    """A line that is synthesised while somebody holds a position comes late."""
    for program, words in product(_programs, Wording):
        state = english_session(program, Intake(), Options(words))
        ahead = {text for text, _ in to_render(state)}
        assert set(compiled(program, words)) <= ahead
        assert set(fixed_lines(ENGLISH)) <= ahead


def test_every_line_that_is_advised_is_rendered_ahead() -> None:
    """The two advices of a start that is refused were synthesised only when they were needed."""
    ahead = {text for text, _ in to_render(english_session(_programs[0], Intake(), Options()))}
    assert advices() <= ahead


# -- the grammars


@pytest.mark.parametrize("state", list(ListeningState))
def test_every_phrase_of_a_grammar_is_a_command_and_the_decoys_are_not(state: ListeningState) -> None:
    phrases = PHRASES[state]
    words = grammar(state)
    assert words[-1] == "[unk]"
    assert len(words) == len(set(words))
    assert words[: len(phrases)] == list(phrases)
    for phrase in phrases:
        assert meaning(phrase, state) is phrases[phrase]
        assert isinstance(phrases[phrase], Command)
    for decoy in words[len(phrases) : -1]:
        assert meaning(decoy, state) is None


def test_a_number_has_no_decoy_that_sounds_like_it() -> None:
    """ "Two" was heard as "to", and the pain of four as "for"; of 50 "five"s two as "i", one as "on"."""
    homophones = {"to", "too", "for", "fore", "won", "ate", "tree", "sex", "tin", "fife", "i", "on"}
    assert not homophones & set(grammar(ListeningState.NUMBER))
    assert {str(n) for n in NUMBERS} <= set(grammar(ListeningState.NUMBER))


def test_safety_words_are_live_in_every_grammar_and_count_wherever_they_stand() -> None:
    for state, phrase in product(ListeningState, SAFETY):
        assert phrase in grammar(state)
        assert meaning(f"oh {phrase} please", state) is SAFETY[phrase]


def test_an_ordinary_command_must_be_the_whole_utterance() -> None:
    """ "What comes next" in a conversation skipped the exercise."""
    assert meaning("what comes next", ListeningState.HOLDING) is None
    assert meaning("[unk] next", ListeningState.HOLDING) is None
    assert meaning("next", ListeningState.HOLDING) is Command.NEXT
