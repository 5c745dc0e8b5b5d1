"""Training on the CPU, seeded and resumable, in three stages.

1. Phones: cross-entropy on every frame of the augmented streams.
2. Words: the sequence loss, plus a small share of the phone loss as regularisation (as in Povey et al. 2016,
   "Purely sequence-trained neural networks for ASR based on lattice-free MMI", 2.7).
3. Fine-tuning on words, without random equalisation and with a lower learning rate. The result is a weighted
average of the weights before and after it (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
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
"""Outputs at the end of a stream, which lack context and are left out of the loss."""
_FILLER_WEIGHT = 0.02
_PHONE_SHARE = 0.1
_SAVE_EVERY = 100
_WARM_UP = 200
_MIN_PRIOR = 2e-4
FINE_TUNED_SHARE = 0.75
"""Weight of the fine-tuned network in the average. At 0.5, 11 of 320 safety phrases of held-out voices were
not acted on, instead of 8; at 1, 3 fewer of 297 recordings of withheld words were heard."""
_ADAM_SHARE = 0.33
"""AdamW's learning rate as a share of Muon's."""
_BF16 = any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16"))
"""With bfloat16 in hardware, matrix products take half the time; emulated, they take five times as long.
Weights, sums and losses stay in 32 bits."""


@dataclass(frozen=True)
class Schedule:
    """Steps and peak learning rate of each stage, and streams in a step.

    In each stage the learning rate has a linear warm-up, then follows a cosine.
    """

    phone_steps: int
    word_steps: int
    streams: int = 16
    fine_tuning_steps: int = 0
    """If not 0, speech is equalised at random before this stage, and the result is the average of the
    networks before and after it. Equalised to the end, the network decides 120 ms later; without the average,
    it hears fewer of the words that are known from synthesis only."""
    phone_rate: float = 3e-3
    word_rate: float = 3e-4
    fine_tuning_rate: float = 1.5e-4
    boost: float = 0.05
    scale: float = 0.5
    """The word head starts with score = scale x (phone logit - prior_share x log prior)."""
    prior_share: float = 0.8
    seed: int = 1

    @property
    def steps(self) -> int:
        return self.phone_steps + self.word_steps + self.fine_tuning_steps

    def fine_tunes(self, step: int) -> bool:
        return step >= self.phone_steps + self.word_steps

    def equalises(self, step: int) -> bool:
        return self.fine_tuning_steps > 0 and not self.fine_tunes(step)

    def rate(self, step: int) -> float:
        top, start, steps = self.phone_rate, 0, self.phone_steps
        if self.fine_tunes(step):
            start, steps = self.phone_steps + self.word_steps, self.fine_tuning_steps
            top = self.fine_tuning_rate
        elif step >= self.phone_steps:
            top, start, steps = self.word_rate, self.phone_steps, self.word_steps
        at = (step - start) / max(1, steps)
        return (
            top * min(1.0, (step - start + 1) / min(_WARM_UP, steps)) * 0.5 * (1.01 + math.cos(math.pi * at))
        )


Names = Sequence[str]
Loop = Callable[[Names, Names], WordLoop]
"""Makes a batch's word loop from its extra words and the words to be spelt with shared phones only."""
Drawn = tuple[Tensor, Tensor, Tensor, Names, Names]
Weights = dict[str, Tensor]


class _Batches(Dataset[Drawn]):
    def __init__(self, streams: Streams, schedule: Schedule) -> None:
        self._streams, self._schedule = streams, schedule

    def __len__(self) -> int:
        return self._schedule.steps

    def __getitem__(self, step: int) -> Drawn:
        schedule = self._schedule
        batch = self._streams.batch(step, schedule.streams, equalise=schedule.equalises(step))
        outputs, words = (
            labels[:, ::SUBSAMPLING].astype(np.int64) for labels in (batch.outputs, batch.words)
        )
        features = torch.from_numpy(batch.features)
        return (
            features,
            torch.from_numpy(outputs),
            torch.from_numpy(words),
            batch.extra_words,
            batch.shared_only,
        )


def phone_loss(logits: Tensor, outputs: Tensor, shared_output: Tensor) -> tuple[Tensor, float]:
    """The loss, and the share of speech frames that are right.

    `logits` are [streams, time, outputs], `outputs` [streams, time].

    The loss is the cross-entropy over all outputs, averaged with that over the shared phones alone. So a word
    with phones of its own trains the shared phones, too, with which unrecorded words are spelt.

    The filler's output is not a class. It is regressed on the log-sum-exp of the phone logits ("any speech"),
    so that [unk] needs a single state. A free loop of phones for [unk] made Vosk's lattices grow to 50 MB.
    """
    filler, target = logits[..., SPEECH], outputs.flatten()
    classes = logits.clone()
    classes[..., SPEECH] = -1e4
    among_all = nn.functional.cross_entropy(classes.flatten(0, 1), target)
    phones, target_phones = classes[..., : FIRST_PHONE + len(PHONES)], shared_output[target]
    among_phones = nn.functional.cross_entropy(phones.flatten(0, 1), target_phones)
    some_phone = torch.logsumexp(logits[..., FIRST_PHONE:], -1).detach()
    loss = 0.5 * (among_all + among_phones) + _FILLER_WEIGHT * nn.functional.mse_loss(filler, some_phone)
    speech = target >= FIRST_PHONE
    right = phones.flatten(0, 1).argmax(-1) == target_phones
    return loss, right[speech].float().mean().item()


def start_word_head(network: Network, counts: Tensor, schedule: Schedule) -> None:
    """Initialises the word head from the phone head, scaled and with most of the log prior subtracted."""
    prior = counts / counts.sum()
    logs = prior.clamp(min=_MIN_PRIOR).log()
    logs[SPEECH] = prior[FIRST_PHONE:].sum().log()
    with torch.no_grad():
        network.words.weight.copy_(schedule.scale * network.phones.weight)
        network.words.bias.copy_(schedule.scale * (network.phones.bias - schedule.prior_share * logs))


def train(
    streams: Streams, network: Network, units: Units, loop: Loop, schedule: Schedule, folder: Path
) -> None:
    """Trains `network` in place. Continues from folder/checkpoint.pt if there is one."""
    torch.set_num_threads(max(1, (os.cpu_count() or 1) - 1))  # waiting threads spin and would slow the loader
    counts, shared_output = torch.ones(len(units)), torch.tensor(units.shared_output)
    before: Weights = {}
    """the weights before fine-tuning"""
    matrices, rest = network.matrices(), network.others()
    optimisers = (Muon(matrices, 0.0), torch.optim.AdamW(rest, 0.0, weight_decay=1e-3))
    checkpoint, start = folder / "checkpoint.pt", 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        for optimiser, state in zip(optimisers, saved["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        counts, start, before = saved["counts"], saved["step"], saved["before_fine_tuning"]
    network.train()
    half = torch.autocast("cpu", torch.bfloat16, _BF16)
    recent: list[tuple[float, float, float]] = []
    for step, (features, outputs, words, extra_words, shared_only) in _batches(streams, schedule, start):
        for optimiser, share in zip(optimisers, (1.0, _ADAM_SHARE), strict=True):
            for group in optimiser.param_groups:
                group["lr"] = share * schedule.rate(step)
        if step == schedule.phone_steps:
            start_word_head(network, counts, schedule)
        with half:
            hidden = network.from_the_start(features)
            time = min(hidden.shape[1], outputs.shape[1]) - _EDGE
            hidden, outputs, words = (x[:, :time] for x in (hidden, outputs, words))
            phone_logits = network.phones(hidden).float()
        loss, right = phone_loss(phone_logits, outputs, shared_output)
        word_loss = torch.zeros(())
        if step >= schedule.phone_steps:
            with half:
                word_scores = network.words(hidden).float()
            word_loss = loop(extra_words, shared_only).loss(word_scores, words, schedule.boost)
            loss = word_loss + _PHONE_SHARE * loss
        network.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        with half:
            for optimiser in optimisers:
                optimiser.step()
        counts += torch.bincount(outputs.flatten(), minlength=len(counts))
        if schedule.fine_tunes(step + 1) and not schedule.fine_tunes(step):
            before = {name: weights.clone() for name, weights in network.state_dict().items()}
        recent.append((loss.item(), word_loss.item(), right))
        if (step + 1) % _SAVE_EVERY == 0 or step + 1 == schedule.steps:
            means = np.mean(recent, axis=0)
            recent.clear()
            print(
                f"step {step + 1}: loss {means[0]:.3f}, word loss {means[1]:.4f}, "
                f"{100 * means[2]:.1f} % of speech frames right",
                flush=True,
            )
            states = [optimiser.state_dict() for optimiser in optimisers]
            state = {"network": network.state_dict(), "before_fine_tuning": before, "optimisers": states}
            torch.save(state | {"counts": counts, "step": step + 1}, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").rename(checkpoint)
    if before:
        network.load_state_dict(averaged(before, network.state_dict()))
    network.eval()


def averaged(before: Weights, after: Weights) -> Weights:
    """The weighted average, FINE_TUNED_SHARE of it `after`. The counters of batch normalisation are integers
    and are taken from `after`."""
    return {
        name: before[name].lerp(weights, FINE_TUNED_SHARE) if weights.is_floating_point() else weights
        for name, weights in after.items()
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
