"""Training on the processor, resumable and seeded: first phones, then words.

Phones: cross-entropy on every frame of augmented streams. Words: the sequence loss, with a share of the first
loss to keep the phones (as in Povey et al. 2016, "Purely sequence-trained neural networks for ASR", 2.7).
"""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from recipe.augment import Streams
from recipe.muon import Muon
from recipe.network import SUBSAMPLING, Network
from recipe.phones import FIRST_PHONE, PHONES, SPEECH, Units
from recipe.sequence import WordLoop

_EDGE = 4
"""Outputs at the end of a stream that lack context and are not judged."""
_FILLER_WEIGHT = 0.02
_PHONE_SHARE = 0.1
_SAVE_EVERY = 100
_WARM_UP = 200
_LEAST_PRIOR = 2e-4
SETTLED_SHARE = 0.75
"""In the mean of the network before it settles and after: with half of it, of 320 safety phrases of voices
kept aside 11 lead to nothing instead of 8; all of it hears 3 of 297 untaught words less."""
_ADAM_SHARE = 0.33
"""AdamW's learning rate in Muon's."""
_BF16 = any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16"))
"""Where the processor multiplies bfloat16 itself that takes half the time; elsewhere five times as much.
Weights, sums and losses stay in 32 bits."""


@dataclass(frozen=True)
class Schedule:
    """Steps of each part, streams a step, the highest learning rate of each part.

    A learning rate rises over the first steps of its part, then falls on a cosine.
    """

    phone_steps: int
    word_steps: int
    streams: int = 16
    settle_steps: int = 0
    """more steps on words. With some, speech is coloured (augment.Streams) until they begin, and the network
    made is a mean of that before them and that after: coloured to the end it decides 120 ms later, settled
    it hears less of what only synthesis teaches"""
    phone_rate: float = 3e-3
    word_rate: float = 3e-4
    settle_rate: float = 1.5e-4
    boost: float = 0.05
    scale: float = 0.5
    """How sure the words may begin to be of the phones: score = scale x (logit - prior_share x log prior)."""
    prior_share: float = 0.8
    seed: int = 1

    @property
    def steps(self) -> int:
        return self.phone_steps + self.word_steps + self.settle_steps

    def settles(self, step: int) -> bool:
        return step >= self.phone_steps + self.word_steps

    def coloured(self, step: int) -> bool:
        return self.settle_steps > 0 and not self.settles(step)

    def rate(self, step: int) -> float:
        top, start, steps = self.phone_rate, 0, self.phone_steps
        if self.settles(step):
            top, start, steps = self.settle_rate, self.phone_steps + self.word_steps, self.settle_steps
        elif step >= self.phone_steps:
            top, start, steps = self.word_rate, self.phone_steps, self.word_steps
        at = (step - start) / max(1, steps)
        return (
            top * min(1.0, (step - start + 1) / min(_WARM_UP, steps)) * 0.5 * (1.01 + math.cos(math.pi * at))
        )


Names = Sequence[str]
Loop = Callable[[Names, Names], WordLoop]
"""The words of the grammars and a batch's guests; of both, those that are spelt plainly."""
Drawn = tuple[Tensor, Tensor, Tensor, Names, Names]
Weights = dict[str, Tensor]


class _Batches(Dataset[Drawn]):
    def __init__(self, streams: Streams, schedule: Schedule) -> None:
        self._streams, self._schedule = streams, schedule

    def __len__(self) -> int:
        return self._schedule.steps

    def __getitem__(self, step: int) -> Drawn:
        schedule = self._schedule
        batch = self._streams.batch(step, schedule.streams, in_colour=schedule.coloured(step))
        outputs, words = (
            labels[:, ::SUBSAMPLING].astype(np.int64) for labels in (batch.outputs, batch.words)
        )
        features = torch.from_numpy(batch.features)
        return features, torch.from_numpy(outputs), torch.from_numpy(words), batch.guests, batch.plain


def phone_loss(logits: Tensor, outputs: Tensor, shared_output: Tensor) -> tuple[Tensor, float]:
    """Loss and share of right speech frames; logits [streams, time, outputs], outputs [streams, time].

    Every frame is judged among all outputs, and once more among the shared phones alone: so a word that has
    phones of its own teaches the shared ones, too, with which words that nobody recorded are spelt.

    The filler's output is no class: it learns the log of the summed phones ("some speech, whichever"), so
    that [unk] needs one state. A free loop of phones for [unk] blew Vosk's lattices up to 50 MB.
    """
    filler, right = logits[..., SPEECH], outputs.flatten()
    classes = logits.clone()
    classes[..., SPEECH] = -1e4
    among_all = nn.functional.cross_entropy(classes.flatten(0, 1), right)
    phones, right_phones = classes[..., : FIRST_PHONE + len(PHONES)], shared_output[right]
    among_phones = nn.functional.cross_entropy(phones.flatten(0, 1), right_phones)
    some_phone = torch.logsumexp(logits[..., FIRST_PHONE:], -1).detach()
    loss = 0.5 * (among_all + among_phones) + _FILLER_WEIGHT * nn.functional.mse_loss(filler, some_phone)
    speech = right >= FIRST_PHONE
    found = phones.flatten(0, 1).argmax(-1) == right_phones
    return loss, found[speech].float().mean().item()


def begin_words(network: Network, counts: Tensor, schedule: Schedule) -> None:
    """The words' scores start as the scaled phones, each less its share of the logarithm of its prior."""
    prior = counts / counts.sum()
    logs = prior.clamp(min=_LEAST_PRIOR).log()
    logs[SPEECH] = prior[FIRST_PHONE:].sum().log()
    with torch.no_grad():
        network.words.weight.copy_(schedule.scale * network.phones.weight)
        network.words.bias.copy_(schedule.scale * (network.phones.bias - schedule.prior_share * logs))


def train(
    streams: Streams, network: Network, units: Units, loop: Loop, schedule: Schedule, folder: Path
) -> None:
    """Trains `network` in place. Goes on from folder/checkpoint.pt if it is there.

    If the schedule settles, `network` ends as a mean of its weights before and after that (Wortsman et al.
    2022, "Robust fine-tuning of zero-shot models").
    """
    torch.set_num_threads(max(1, (os.cpu_count() or 1) - 1))  # threads spin while they wait for the loader
    counts, shared_output = torch.ones(len(units)), torch.tensor(units.shared_output)
    unsettled: Weights = {}
    matrices, rest = network.matrices(), network.others()
    optimisers = (Muon(matrices, 0.0), torch.optim.AdamW(rest, 0.0, weight_decay=1e-3))
    checkpoint, start = folder / "checkpoint.pt", 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        for optimiser, state in zip(optimisers, saved["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        counts, start, unsettled = saved["counts"], saved["step"], saved["unsettled"]
    network.train()
    half = torch.autocast("cpu", torch.bfloat16, _BF16)
    shown: list[tuple[float, float, float]] = []
    for step, (features, outputs, words, guests, plain) in _batches(streams, schedule, start):
        for optimiser, share in zip(optimisers, (1.0, _ADAM_SHARE), strict=True):
            for group in optimiser.param_groups:
                group["lr"] = share * schedule.rate(step)
        if step == schedule.phone_steps:
            begin_words(network, counts, schedule)
        with half:
            hidden = network.from_the_start(features)
            time = min(hidden.shape[1], outputs.shape[1]) - _EDGE
            hidden, outputs, words = (x[:, :time] for x in (hidden, outputs, words))
            phone_logits = network.phones(hidden).float()
        loss, right = phone_loss(phone_logits, outputs, shared_output)
        wrong_words = torch.zeros(())
        if step >= schedule.phone_steps:
            with half:
                word_scores = network.words(hidden).float()
            wrong_words = loop(guests, plain).loss(word_scores, words, schedule.boost)
            loss = wrong_words + _PHONE_SHARE * loss
        network.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        with half:
            for optimiser in optimisers:
                optimiser.step()
        counts += torch.bincount(outputs.flatten(), minlength=len(counts))
        if schedule.settles(step + 1) and not schedule.settles(step):
            unsettled = {name: weights.clone() for name, weights in network.state_dict().items()}
        shown.append((loss.item(), wrong_words.item(), right))
        if (step + 1) % _SAVE_EVERY == 0 or step + 1 == schedule.steps:
            means = np.mean(shown, axis=0)
            shown.clear()
            print(
                f"step {step + 1}: loss {means[0]:.3f}, of it words {means[1]:.4f}, "
                f"speech frames right {100 * means[2]:.1f} %",
                flush=True,
            )
            states = [optimiser.state_dict() for optimiser in optimisers]
            state = {"network": network.state_dict(), "unsettled": unsettled, "optimisers": states}
            torch.save(state | {"counts": counts, "step": step + 1}, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").rename(checkpoint)
    if unsettled:
        network.load_state_dict(mixed(unsettled, network.state_dict()))
    network.eval()


def mixed(unsettled: Weights, settled: Weights) -> Weights:
    """The mean of each weight, SETTLED_SHARE of it `settled`; of batch normalisation's counters, which are
    whole numbers, those of `settled`."""
    return {
        name: unsettled[name].lerp(weights, SETTLED_SHARE) if weights.is_floating_point() else weights
        for name, weights in settled.items()
    }


def _batches(streams: Streams, schedule: Schedule, start: int) -> Iterator[tuple[int, Drawn]]:
    loader = DataLoader(
        _Batches(streams, schedule),
        batch_size=None,
        sampler=range(start, schedule.steps),
        num_workers=1,
        prefetch_factor=4,
    )
    return zip(range(start, schedule.steps), loader, strict=True)
