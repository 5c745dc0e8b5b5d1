"""The sequence loss, compared with the sum over all paths."""

import itertools
import math

import pytest
import torch
from recipe.augment import OTHER
from recipe.graph import STAY, Costs
from recipe.phones import SILENCE, SPEECH, Units
from recipe.sequence import TOLERANCE, WordLoop

UNITS = Units(["no"])
GRAMMAR = ["no", "on"]
TIME = 4


@pytest.fixture
def loop() -> WordLoop:
    return WordLoop(GRAMMAR, UNITS, Costs(), ["on"])


def transition(loop: WordLoop, a: int, b: int) -> float:
    """Probability of going from state `a` to `b`, from the loop's tables, one arc at a time."""
    stay = float(loop._stay[a])
    probability = stay if a == b else 0.0
    if loop._leave[a] > 0:
        probability += (1 - stay) * float(loop._entry[b])
    elif b == a + 1:
        probability += 1 - stay
    return probability


def brute_force(loop: WordLoop, scores: torch.Tensor, weights: torch.Tensor) -> float:
    total = 0.0
    for path in itertools.product(range(len(loop.outputs)), repeat=len(scores)):
        p = float(loop._entry[path[0]])
        for a, b in itertools.pairwise(path):
            p *= transition(loop, a, b)
        for t, state in enumerate(path):
            p *= math.exp(float(scores[t, loop.outputs[state]])) * float(weights[t, state])
        total += p
    return math.log(total)


def test_the_likelihood_is_the_sum_over_all_paths(loop: WordLoop) -> None:
    torch.manual_seed(3)
    scores = torch.randn(1, TIME, len(UNITS))
    weights = torch.rand(1, TIME, len(loop.outputs))
    found = loop.log_likelihood(scores, weights)
    assert found.item() == pytest.approx(brute_force(loop, scores[0], weights[0]), abs=1e-4)


def test_the_gradient_agrees_with_finite_differences(loop: WordLoop) -> None:
    torch.manual_seed(4)
    scores = torch.randn(2, TIME, len(UNITS), requires_grad=True)
    words = torch.tensor([[0, 1, 1, 0], [OTHER, OTHER, 0, 2]])
    torch.autograd.backward(loop.loss(scores, words, boost=0.3))
    assert scores.grad is not None
    for place in [
        (0, 1, int(loop.outputs[2])),
        (1, 0, SPEECH),
        (0, 3, SILENCE),
        (1, 3, int(loop.outputs[-1])),
    ]:
        step = torch.zeros_like(scores)
        step[place] = 0.05
        with torch.no_grad():
            change = (loop.loss(scores + step, words, 0.3) - loop.loss(scores - step, words, 0.3)) / 0.1
        assert scores.grad[place].item() == pytest.approx(change.item(), abs=2e-3)


def test_all_words_are_equally_likely(loop: WordLoop) -> None:
    entries = [max(float(e) for e in loop._entry[loop._number == k]) for k in (1, 2)]
    assert entries[0] == pytest.approx(entries[1])
    assert float(loop._stay[0]) == pytest.approx(STAY)


def test_a_word_with_phones_of_its_own_can_be_spelt_with_shared_phones_at_a_cost(loop: WordLoop) -> None:
    own = [k for k in range(len(loop.outputs)) if loop._number[k] == 1 and loop.outputs[k] >= 41]
    shared = [k for k in range(len(loop.outputs)) if loop._number[k] == 1 and loop.outputs[k] < 41]
    assert own
    assert shared
    assert loop._entry[own[0]] > loop._entry[shared[0]] > 0


def test_a_word_spelt_with_shared_phones_only_has_no_cost() -> None:
    loop = WordLoop(GRAMMAR, UNITS, Costs(), [], ["no"])
    outputs, entries = loop.outputs[loop._number == 1], loop._entry[loop._number == 1]
    assert outputs.tolist() == UNITS.shared(["N", "OW"])
    assert entries[0] == loop._entry[loop._number == 2].max()


def test_the_numerator_allows_only_the_word_being_spoken(loop: WordLoop) -> None:
    words = torch.zeros(1, 20, dtype=torch.long)
    words[0, 8:15] = 1
    allowed = loop.allowed(words)
    no = loop._number == 1
    assert allowed[0, 11, no].all()
    assert not allowed[0, 11, 0], "no silence in the middle of a word"
    assert not allowed[0, 11, 1], "no filler for a command"
    assert allowed[0, 8 - TOLERANCE, no].all()
    assert not allowed[0, 8 - TOLERANCE - 1, no].any()
    assert allowed[0, 0, 0]


def test_other_words_and_decoys_can_go_through_the_filler(loop: WordLoop) -> None:
    words = torch.tensor([[OTHER] * 9, [2] * 9])
    allowed = loop.allowed(words)
    assert allowed[0, 4, 1]
    assert not allowed[0, 4, loop._number == 1].any()
    assert allowed[1, 4, 1], '"on" is absorbable here'
    assert allowed[1, 4, loop._number == 2].all()


def test_a_homophone_of_a_grammar_word_can_be_that_word_or_the_filler(loop: WordLoop) -> None:
    """ "know" sounds the same as "no"."""
    allowed = loop.allowed(torch.tensor([[0] * 9 + [OTHER - 1] * 9]))
    assert allowed[0, 13, loop._number == 1].all()
    assert allowed[0, 13, 1]
    assert not allowed[0, 13, 0]
    assert not allowed[0, 13, loop._number == 2].any()
    assert not allowed[0, 4, 1]


def test_the_loss_is_lower_for_the_right_word(loop: WordLoop) -> None:
    words = torch.ones(1, 12, dtype=torch.long)
    right, wrong = torch.zeros(1, 12, len(UNITS)), torch.zeros(1, 12, len(UNITS))
    right[..., loop.outputs[loop._number == 1]] = 3.0
    wrong[..., loop.outputs[loop._number == 2]] = 3.0
    assert loop.loss(right, words, 0.0) < loop.loss(torch.zeros_like(right), words, 0.0)
    assert loop.loss(torch.zeros_like(right), words, 0.0) < loop.loss(wrong, words, 0.0)
