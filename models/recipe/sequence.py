"""The sequence loss: boosted maximum mutual information (MMI) over a loop of words.

The phone loss is about single frames, but what counts is the word. So after the phones, the network is
trained with boosted MMI (Povey et al. 2008, "Boosted MMI for model and feature-space discriminative
training", eq. 2). It maximises the probability of the spoken words among all paths (the denominator) through
a loop of the grammar's words, silence, and the filler "some speech". Other speech has to go through the
filler, so a false "stop" in talk costs as much as a missed one.

The numerator is the same loop restricted by the alignment: at each step, only the states of the word being
spoken, give or take TOLERANCE steps, are allowed. Lattices are not needed, as in lattice-free MMI.
"""

import math
from collections.abc import Collection, Sequence
from typing import Any

import torch
from torch import Tensor

from recipe.augment import OTHER
from recipe.graph import STAY, Costs, spellings
from recipe.phones import SILENCE, SPEECH, Units

TOLERANCE = 2
"""Steps of 30 ms."""
_SILENCE_SHARE = 0.4
"""Probability that the loop enters silence rather than a word."""
_OFF_ALIGNMENT = 1e-5
"""Weight of a state off the alignment in the numerator. Not zero, because an alignment can be wrong."""


class WordLoop:
    """The states of a loop over silence, the filler and the words of `grammar`, numbered as in augment.Batch.

    `absorbable` words may also go through the filler: decoys, on which nobody acts. `shared_only` words are
    spelt with the shared phones, not with their own.
    """

    def __init__(
        self,
        grammar: Sequence[str],
        units: Units,
        costs: Costs,
        absorbable: Collection[str],
        shared_only: Collection[str] = (),
    ) -> None:
        outputs, entry, ends, stay, number = (
            [SILENCE, SPEECH],
            [],
            [True, True],
            [STAY, costs.filler_stay],
            [0, OTHER],
        )
        share = (1 - _SILENCE_SHARE) / (len(grammar) + 1)
        entry = [_SILENCE_SHARE, share]
        for k, word in enumerate(grammar, start=1):
            for spelt, cost in spellings(word, units, costs, shared_only=word in shared_only):
                n = len(spelt)
                outputs += spelt
                entry += [share * math.exp(-cost), *[0.0] * (n - 1)]
                ends += [*[False] * (n - 1), True]
                stay += [STAY] * n
                number += [k] * n
        self.outputs = torch.tensor(outputs)
        self._number = torch.tensor(number)
        self._entry, self._stay = torch.tensor(entry), torch.tensor(stay)
        last = torch.tensor(ends)
        self._leave = (1 - self._stay) * last
        """Probability of going from a word's last state to any word."""
        self._advance = (1 - self._stay) * ~last
        """Probability of going from a state to the next one of its word."""
        absorbed = {k for k, word in enumerate(grammar, start=1) if word in absorbable}
        self._absorbable = torch.zeros(len(grammar) + 2, dtype=torch.bool)
        self._absorbable[list(absorbed)] = True

    def allowed(self, words: Tensor) -> Tensor:
        """[streams, time, states]: does the alignment allow a state? `words`: [streams, time], 33 a
        second."""
        homophone = words < OTHER
        words = torch.where(homophone, OTHER - words, words)
        absorbable = self._absorbable[words] | homophone  # OTHER is -1, the last element, which is False
        allowed = torch.zeros(*words.shape, len(self.outputs), dtype=torch.bool)
        filler = torch.zeros(words.shape, dtype=torch.bool)
        for shift in range(-TOLERANCE, TOLERANCE + 1):
            allowed |= _rolled(words, shift)[..., None] == self._number
            filler |= _rolled(absorbable, shift)
        allowed[..., 1] |= filler
        return allowed

    def log_likelihood(self, scores: Tensor, weights: Tensor) -> Tensor:
        """[streams]: the logarithm of the summed probability of all paths.

        `scores` [streams, time, outputs]: log-likelihoods; `weights` [streams, time, states]: their factors.
        """
        found: Tensor = _Paths.apply(scores, weights, self)  # type: ignore[no-untyped-call]
        return found

    def loss(self, scores: Tensor, words: Tensor, boost: float) -> Tensor:
        """The MMI loss in nats a frame. `boost`: what the denominator adds to wrong paths, in nats a
        frame."""
        allowed = self.allowed(words)
        ones = torch.ones(allowed.shape)
        numerator = ones.masked_fill(~allowed, _OFF_ALIGNMENT)
        denominator = ones.masked_fill(~allowed, math.exp(boost))
        both = self.log_likelihood(torch.cat([scores, scores]), torch.cat([numerator, denominator]))
        n = len(scores)
        return (both[n:] - both[:n]).mean() / scores.shape[1]

    def _step(self, alpha: Tensor) -> Tensor:
        """[streams, states] one step later. A word's last state never advances, so that no probability flows
        from it into the first state of the next word in the table."""
        after = torch.outer(alpha @ self._leave, self._entry).addcmul_(alpha, self._stay)
        after[:, 1:].addcmul_(alpha[:, :-1], self._advance[:-1])
        return after

    def _step_back(self, beta: Tensor) -> Tensor:
        before = torch.outer(beta @ self._entry, self._leave).addcmul_(beta, self._stay)
        before[:, :-1].addcmul_(beta[:, 1:], self._advance[:-1])
        return before


def _rolled(x: Tensor, shift: int) -> Tensor:
    """`x` [streams, time] moved by `shift`, with its edge repeated."""
    moved = torch.roll(x, shift, 1)
    if shift > 0:
        moved[:, :shift] = x[:, :1]
    elif shift < 0:
        moved[:, shift:] = x[:, -1:]
    return moved


class _Paths(torch.autograd.Function):
    """The forward-backward algorithm over the loop, normalised at each frame. The gradient of the
    log-likelihood is the occupancy of each output."""

    @staticmethod
    def forward(ctx: Any, scores: Tensor, weights: Tensor, loop: WordLoop) -> Tensor:
        states = scores.index_select(-1, loop.outputs)
        top = states.amax(-1, keepdim=True)
        likelihood = (states - top).exp_() * weights
        n, time, _ = likelihood.shape
        alphas = torch.empty_like(likelihood)
        scales = torch.empty(n, time)
        alpha = loop._entry.expand(n, -1)
        for t in range(time):
            alpha = (loop._step(alpha) if t else alpha) * likelihood[:, t]
            scales[:, t] = scale = alpha.sum(-1)
            alphas[:, t] = alpha.div_(scale[:, None])
        beta = torch.ones(n, likelihood.shape[-1])
        for t in range(time - 1, -1, -1):
            alphas[:, t] *= beta
            if t:
                beta = loop._step_back(beta * likelihood[:, t] / scales[:, t, None])
        occupancy = torch.zeros_like(scores).index_add_(-1, loop.outputs, alphas)
        ctx.save_for_backward(occupancy)
        return (scales.log() + top[..., 0]).sum(-1)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None]:
        (occupancy,) = ctx.saved_tensors
        return occupancy * grads[0][:, None, None], None, None
