"""The sequence loss: a spoken word against all that a grammar would rather have heard.

Frame by frame a network learns phones; what counts is the word. So after the phones the network is trained
with boosted maximum mutual information (Povey et al. 2008, "Boosted MMI for model and feature-space
discriminative training", eq. 2): the probability of the right words among all paths through a loop of every
word of the grammars, silence, and the filler "some speech". Talk has to go through the filler, so a false
"stop" in talk costs as much as a missed one.

The right words are the same loop, held to the alignment: at each moment only the states of the word that is
being said (give or take TOLERANCE steps) may be passed.
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
_UNLIKELY = 1e-5
"""Weight of a path off the alignment: not zero, as an alignment can be wrong."""


class WordLoop:
    """States of a loop over silence, filler and the words of `grammar`; word numbers as in augment.Batch.

    `passable` are words that may as well go through the filler: near words and talk, which nobody acts on.
    `plain` are spelt with the phones that all words share, and not with their own.
    """

    def __init__(
        self,
        grammar: Sequence[str],
        units: Units,
        costs: Costs,
        passable: Collection[str],
        plain: Collection[str] = (),
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
            for spelt, cost in spellings(word, units, costs, plain=word in plain):
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
        """From a word's last state to any word."""
        self._on = (1 - self._stay) * ~last
        """From a state to the next one of its word."""
        passes = {k for k, word in enumerate(grammar, start=1) if word in passable}
        self._passes = torch.zeros(len(grammar) + 2, dtype=torch.bool)
        self._passes[list(passes)] = True

    def right(self, words: Tensor) -> Tensor:
        """[streams, time, states]: may this state be passed now? `words` [streams, time] at 33 a second."""
        alike = words < OTHER
        words = torch.where(alike, OTHER - words, words)
        passes = self._passes[words] | alike  # OTHER is -1: the last, never passable by itself
        allowed = torch.zeros(*words.shape, len(self.outputs), dtype=torch.bool)
        filler = torch.zeros(words.shape, dtype=torch.bool)
        for shift in range(-TOLERANCE, TOLERANCE + 1):
            allowed |= _rolled(words, shift)[..., None] == self._number
            filler |= _rolled(passes, shift)
        allowed[..., 1] |= filler
        return allowed

    def log_likelihood(self, scores: Tensor, weights: Tensor) -> Tensor:
        """[streams]: log of the summed weight of all paths.

        `scores` [streams, time, outputs] are logarithms; `weights` [streams, time, states] multiply a state.
        """
        found: Tensor = _Paths.apply(scores, weights, self)  # type: ignore[no-untyped-call]
        return found

    def loss(self, scores: Tensor, words: Tensor, boost: float) -> Tensor:
        """Nats a frame. `boost` makes paths off the alignment likelier, in nats a frame."""
        right = self.right(words)
        ones = torch.ones(right.shape)
        held = ones.masked_fill(~right, _UNLIKELY)
        free = ones.masked_fill(~right, math.exp(boost))
        both = self.log_likelihood(torch.cat([scores, scores]), torch.cat([held, free]))
        n = len(scores)
        return (both[n:] - both[:n]).mean() / scores.shape[1]

    def _step(self, alpha: Tensor) -> Tensor:
        """[streams, states] one moment later. No last state goes on, so the first column is not missed."""
        after = torch.outer(alpha @ self._leave, self._entry).addcmul_(alpha, self._stay)
        after[:, 1:].addcmul_(alpha[:, :-1], self._on[:-1])
        return after

    def _step_back(self, beta: Tensor) -> Tensor:
        before = torch.outer(beta @ self._entry, self._leave).addcmul_(beta, self._stay)
        before[:, :-1].addcmul_(beta[:, 1:], self._on[:-1])
        return before


def _rolled(x: Tensor, shift: int) -> Tensor:
    """`x` [streams, time] moved by `shift`, its edge repeated."""
    moved = torch.roll(x, shift, 1)
    if shift > 0:
        moved[:, :shift] = x[:, :1]
    elif shift < 0:
        moved[:, shift:] = x[:, -1:]
    return moved


class _Paths(torch.autograd.Function):
    """Forward and backward over the loop, each frame normalised; the gradient is the outputs' occupancy."""

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
