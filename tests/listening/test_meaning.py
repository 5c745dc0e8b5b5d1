"""What a transcript means: its best guess, or what the next ones mean together."""

import math

import pytest

from voicecoach.language import Command as C
from voicecoach.language import ListeningState, Understood
from voicecoach.listening.meaning import understood
from voicecoach.listening.transcriber import Guess, Transcript
from voicecoach.testing import ENGLISH

HOLDING, QUESTION, NUMBER = ListeningState.HOLDING, ListeningState.QUESTION, ListeningState.NUMBER


def meant(*guesses: tuple[str, float], state: ListeningState = HOLDING) -> C | None:
    """Of guesses with these probabilities, the best first."""
    found = tuple(Guess(text, math.log(probability)) for text, probability in guesses)
    return understood(Transcript(found[0].text, -0.3, guesses=found), state, ENGLISH).command


@pytest.mark.parametrize(
    ("share", "expected"), [(0.3, C.STOP), (0.12, C.STOP), (0.08, None)], ids=["a third", "enough", "hardly"]
)
def test_stop_is_believed_although_another_sentence_is_more_probable(share: float, expected: C) -> None:
    assert meant(("Stock it, please.", 1 - share), ("Stop it, please.", share)) is expected


def test_guesses_that_mean_the_same_count_together() -> None:
    assert meant(("Could use top, please.", 0.9), ("Could you stop, please.", 0.06)) is None
    alike = [("Could you stop, please.", 0.06), ("Would you stop, please.", 0.06)]
    assert meant(("Could use top, please.", 0.9), *alike) is C.STOP


def test_another_command_must_be_more_probable_than_a_safety_word() -> None:
    assert meant(("Let's kip this one.", 0.85), ("Let's skip this one.", 0.15)) is None
    assert meant(("Let's kip this one.", 0.7), ("Let's skip this one.", 0.3)) is C.NEXT


def test_the_best_guess_counts_first() -> None:
    assert meant(("Let's skip this one.", 0.6), ("Let's stop this one.", 0.4)) is C.NEXT


def test_a_single_word_among_the_next_guesses_is_nothing() -> None:
    """Single words are what such a recogniser is worst at; they are asked for as phrases."""
    assert meant(("It's tough.", 0.6), ("Stop.", 0.4)) is None


def test_a_probable_answer_is_believed_in_a_question_alone() -> None:
    guesses = [("I bink so.", 0.6), ("I think so.", 0.4)]
    assert meant(*guesses, state=QUESTION) is C.YES
    assert meant(*guesses) is None


def as_phrases(state: ListeningState, **log_probabilities: float) -> C | None:
    return understood(Transcript("Mine.", -0.1, log_probabilities), state, ENGLISH).command


@pytest.mark.parametrize(
    ("phrase", "state", "least"),
    [
        ("stop", HOLDING, -6),
        ("pain", NUMBER, -6),
        ("next", HOLDING, -5),
        ("nine", NUMBER, -5),
        ("yes", QUESTION, -5),
    ],
)
def test_a_phrase_is_believed_from_its_least_probability_on(
    phrase: str, state: ListeningState, least: float
) -> None:
    assert as_phrases(state, **{phrase: least + 0.1}) is C(phrase)
    assert as_phrases(state, **{phrase: least - 0.1}) is None


def test_of_two_phrases_nearly_as_probable_neither_is_believed() -> None:
    """A nine that is taken for a one is worse than to be asked again."""
    assert as_phrases(NUMBER, nine=-3.0, one=-4.6) is C.NINE
    assert as_phrases(NUMBER, nine=-3.0, one=-4.4) is None
    assert understood(Transcript("Nine.", -0.1, {"nine": -0.9, "one": -1.5}), NUMBER, ENGLISH).command is None


def test_a_safety_phrase_need_only_be_the_most_probable() -> None:
    assert as_phrases(HOLDING, help=-5.0, time=-5.1) is C.HELP
    assert as_phrases(HOLDING, help=-5.2, time=-5.1) is None


def said(text: str, probable: float, phrase: str, state: ListeningState = HOLDING) -> C | None:
    """Of a transcript that is so probable, and a phrase that is -3."""
    transcript = Transcript(text, probable / 3, {phrase: -3.0}, (Guess(text, probable),))
    return understood(transcript, state, ENGLISH).command


@pytest.mark.parametrize("word", ["Down.", "Five."], ids=["a decoy", "a phrase of another state"])
def test_a_word_that_is_known_and_more_probable_is_no_command(word: str) -> None:
    assert said(word, -1.0, "done") is None
    assert said(word, -3.1, "done") is C.READY


def test_a_safety_phrase_and_an_answer_are_believed_although_another_word_is_more_probable() -> None:
    assert said("Head.", -1.0, "help") is C.HELP
    assert said("At.", -1.0, "eight", NUMBER) is C.EIGHT


def test_a_rival_that_is_more_probable_than_a_safety_phrase_is_not_that_phrase() -> None:
    assert as_phrases(HOLDING, help=-3.0, up=-2.9) is None
    assert as_phrases(HOLDING, help=-2.9, up=-3.0) is C.HELP
    assert as_phrases(HOLDING, stop=-3.0, up=-2.9) is C.STOP, "it is no rival of that one"


def test_two_phrases_for_the_same_are_no_rivals() -> None:
    assert as_phrases(HOLDING, ready=-3.6, done=-3.7) is C.READY


def test_a_phrase_of_another_state_is_no_rival() -> None:
    assert as_phrases(HOLDING, next=-3.6, yes=-3.7) is C.NEXT


def test_no_guess_beside_the_best_one_is_no_error() -> None:
    assert understood(Transcript("Stock it, please.", -0.3), HOLDING, ENGLISH).command is None


def classified(
    text: str, intents: dict[str, float], state: ListeningState = HOLDING, *more: tuple[str, dict[str, float]]
) -> Understood:
    """Of guesses with these intents, the first one as probable as all others together."""
    first = Guess(text, math.log(0.5 if more else 1.0), intents)
    others = [Guess(other, math.log(0.5 / len(more)), found) for other, found in more]
    return understood(Transcript(text, -0.1, guesses=(first, *others)), state, ENGLISH)


@pytest.mark.parametrize("command", [C.PAIN, C.REPEAT])
@pytest.mark.parametrize(
    ("probable", "state", "is_believed"),
    [(0.85, HOLDING, True), (0.75, HOLDING, False), (0.55, QUESTION, True), (0.45, QUESTION, False)],
)
def test_where_no_template_knows_it_a_probable_intent_is_believed(
    probable: float, state: ListeningState, is_believed: bool, command: C
) -> None:
    intents = {command.value: probable, "-": 1 - probable}
    found = classified("Gone right down my side.", intents, state).command
    assert found is (command if is_believed else None)


def test_pain_stop_and_help_count_together_and_the_likeliest_is_meant() -> None:
    intents = {"pain": 0.5, "help": 0.34, "-": 0.16}
    assert classified("Gone right down my side.", intents).command is C.PAIN


def test_an_intent_that_is_none_in_this_state_does_not_count() -> None:
    assert classified("Away with this.", {"next": 0.9, "yes": 0.1}, QUESTION).command is None
    assert classified("Away with this.", {"next": 0.4, "yes": 0.6}, QUESTION).command is C.YES


def test_the_intents_of_all_guesses_count_by_their_probability() -> None:
    unlikely, likely = {"pain": 0.7, "-": 0.3}, {"pain": 0.95, "-": 0.05}
    assert classified("Gone right.", unlikely).command is None
    assert classified("Gone right.", unlikely, HOLDING, ("Gone down.", likely)).command is C.PAIN


def test_a_number_is_read_and_not_guessed() -> None:
    intents = {"six": 0.45, "seven": 0.35, "-": 0.2}
    assert classified("Slap bang on seven.", intents, NUMBER).command is C.SEVEN
    assert classified("Slap bang on it.", intents, NUMBER).command is None


def test_a_single_word_is_not_classified() -> None:
    assert classified("Gone.", {"pain": 0.9}).command is None


def test_a_symptom_is_told_by_its_own_phrase() -> None:
    assert classified("Numb all down that side.", {"pain": 0.9}).phrase == "numb"
    assert classified("Gone right down that side.", {"pain": 0.9}).phrase == "pain"


def test_a_template_is_overruled_where_the_sentence_is_surely_not_for_the_coach() -> None:
    text = "Let's skip this one."
    assert classified(text, {"-": 0.7, "next": 0.3}).command is C.NEXT
    assert classified(text, {"-": 0.9, "next": 0.1}).command is None


def test_a_template_of_safety_is_never_overruled() -> None:
    assert classified("My back hurts.", {"-": 1.0}).command is C.PAIN


@pytest.mark.parametrize(("alarm", "is_other"), [(0.02, True), (0.1, False)])
def test_what_may_be_a_cry_is_not_clearly_something_else(alarm: float, is_other: bool) -> None:
    assert classified("Over by the gate they went.", {"-": 1 - alarm, "pain": alarm}).is_other is is_other


def test_what_is_surely_for_others_is_something_else_although_an_alarming_word_is_in_it() -> None:
    text = "It was ouch all weekend with Peter."
    assert not classified(text, {"-": 0.94, "repeat": 0.04, "pain": 0.02}).is_other
    assert classified(text, {"-": 0.97, "pain": 0.03}).is_other
    assert not classified("Ouch, Peter.", {"-": 0.97, "pain": 0.03}).is_other
