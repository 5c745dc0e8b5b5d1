"""What a transcript means: its best guess, or what the next ones mean together."""

import math

import pytest

from voicecoach.language import Command as C
from voicecoach.language import ListeningState
from voicecoach.listening.meaning import understood
from voicecoach.listening.transcriber import Guess, Transcript
from voicecoach.testing import ENGLISH

HOLDING, QUESTION = ListeningState.HOLDING, ListeningState.QUESTION


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


def test_no_guess_beside_the_best_one_is_no_error() -> None:
    assert understood(Transcript("Stock it, please.", -0.3), HOLDING, ENGLISH).command is None
