"""Optimiser, schedule, the loss on phones, and the way through all of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from recipe.augment import Streams, Surroundings
from recipe.corpus import FRAME, Phone, Prepared, Spoken, Utterance
from recipe.graph import Costs
from recipe.muon import Muon, orthogonal
from recipe.network import Network, Shape
from recipe.phones import FIRST_PHONE, SPEECH, Units
from recipe.sequence import WordLoop
from recipe.train import SETTLED_SHARE, Schedule, Weights, begin_words, phone_loss, train

UNITS = Units(["stop"])
NOWHERE = Surroundings([], [], [], [])


@pytest.mark.parametrize("shape", [(8, 8), (4, 30), (30, 4)])
def test_an_update_has_all_its_singular_values_near_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(1)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert values.min() > 0.5
    assert values.max() < 1.3


def test_muon_finds_the_matrix_that_made_the_answers() -> None:
    torch.manual_seed(2)
    wanted, x = torch.randn(6, 10), torch.randn(200, 10)
    weight = torch.nn.Parameter(torch.zeros(6, 10))
    optimiser = Muon([weight], 0.05, decay=0.0)
    for step in range(300):
        for group in optimiser.param_groups:
            group["lr"] = 0.05 * (1 - step / 300)
        optimiser.zero_grad()
        loss = (x @ (weight - wanted).T).square().mean()
        loss.backward()
        optimiser.step()
    assert (weight - wanted).abs().max() < 0.1


def test_muon_and_adam_share_the_networks_weights() -> None:
    network = Network(len(UNITS))
    matrices, others = network.matrices(), network.others()
    assert {id(p) for p in matrices} & {id(p) for p in others} == set()
    assert len(matrices) + len(others) == len(list(network.parameters()))
    assert all(p.ndim == 2 for p in matrices)


def test_each_part_of_the_schedule_rises_and_falls() -> None:
    schedule = Schedule(1000, 500, settle_steps=400)
    rates = [schedule.rate(step) for step in range(schedule.steps)]
    assert max(rates[:1000]) == pytest.approx(schedule.phone_rate, rel=0.15)
    assert rates[0] < 0.02 * schedule.phone_rate
    assert rates[999] < 0.02 * schedule.phone_rate
    assert max(rates[1000:]) == pytest.approx(schedule.word_rate, rel=0.45)
    assert rates[1499] < 0.05 * schedule.word_rate
    assert max(rates[1500:]) == pytest.approx(schedule.settle_rate, rel=0.5)
    assert rates[-1] < 0.05 * schedule.settle_rate
    assert [step for step in range(schedule.steps) if schedule.coloured(step)] == list(range(1500))
    assert not any(Schedule(1000, 500).coloured(step) for step in range(1500))


def test_a_word_with_phones_of_its_own_teaches_the_shared_ones_too() -> None:
    own = UNITS.of("stop", ("S", "T", "AA", "P"))
    shared = UNITS.shared(("S", "T", "AA", "P"))
    assert [UNITS.shared_output[o] for o in own] == shared
    logits = torch.zeros(1, 4, len(UNITS), requires_grad=True)
    loss, _ = phone_loss(logits, torch.tensor([own]), torch.tensor(UNITS.shared_output))
    loss.backward()
    assert logits.grad is not None
    for t in range(4):
        assert logits.grad[0, t, own[t]] < 0
        other = FIRST_PHONE if shared[t] != FIRST_PHONE else FIRST_PHONE + 1
        assert logits.grad[0, t, shared[t]] < logits.grad[0, t, other]


def test_the_filler_learns_the_sum_of_the_phones() -> None:
    logits = torch.zeros(1, 1, len(UNITS), requires_grad=True)
    labels = torch.tensor([[FIRST_PHONE]])
    loss, _ = phone_loss(logits, labels, torch.tensor(UNITS.shared_output))
    loss.backward()
    assert logits.grad is not None
    assert logits.grad[0, 0, SPEECH] < 0, "it lies below the summed phones and has to rise"


def test_words_begin_as_scaled_phones_without_the_frequent_ones_advantage() -> None:
    network, schedule = Network(len(UNITS)), Schedule(1, 1)
    counts = torch.full((len(UNITS),), 10.0)
    counts[FIRST_PHONE] = 1000.0
    begin_words(network, counts, schedule)
    hidden = torch.randn(1, 3, network.shape.width)
    shift = network.words(hidden) / schedule.scale - network.phones(hidden)
    assert torch.allclose(network.words.weight, schedule.scale * network.phones.weight)
    assert (shift[..., FIRST_PHONE] < shift[..., FIRST_PHONE + 1]).all()


def trained(folder: Path, *schedules: Schedule) -> Weights:
    """The weights after training by each schedule in turn, which goes on where the last one stopped."""
    chance = np.random.default_rng(0)
    word = Spoken("stop", tuple(Phone(name, 10 + 8 * k, 8) for k, name in enumerate(("S", "T", "AA", "P"))))
    stop = Utterance(chance.integers(-9000, 9000, 60 * FRAME).astype(np.int16), (word,), "test")
    streams = Streams([(Prepared([stop]), 1.0)], UNITS, ["stop"], NOWHERE, 1.5, 1)
    for schedule in schedules:
        torch.manual_seed(1)
        network = Network(len(UNITS), Shape(32, 8))
        train(streams, network, UNITS, lambda *_: WordLoop(["stop"], UNITS, Costs(), ()), schedule, folder)
    return {name: weight.clone() for name, weight in network.state_dict().items()}


@dataclass(frozen=True)
class CutShort(Schedule):
    """As the power cut after `done` steps: rates and parts are those of the whole schedule."""

    done: int = 0

    @property
    def steps(self) -> int:
        return self.done


WHOLE = Schedule(2, 2, settle_steps=2, streams=2)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    return trained(tmp_path_factory.mktemp("uninterrupted"), WHOLE)


def same(one: Weights, other: Weights) -> bool:
    return all(torch.equal(weights, other[name]) for name, weights in one.items())


def test_two_trainings_with_one_seed_agree(tmp_path: Path, uninterrupted: Weights) -> None:
    assert not torch.equal(uninterrupted["words.weight"], uninterrupted["phones.weight"])
    assert same(uninterrupted, trained(tmp_path, WHOLE))


@pytest.mark.parametrize("done", [3, 5], ids=["while it learns words", "while it settles"])
def test_an_interrupted_training_ends_the_same(tmp_path: Path, uninterrupted: Weights, done: int) -> None:
    cut_short = CutShort(2, 2, settle_steps=2, streams=2, done=done)
    assert same(uninterrupted, trained(tmp_path, cut_short, WHOLE))


def test_what_settles_ends_as_the_mean_of_before_and_after(tmp_path: Path) -> None:
    before = trained(tmp_path, CutShort(2, 2, settle_steps=2, streams=2, done=4))["words.weight"]
    ended = trained(tmp_path, WHOLE)["words.weight"]
    after = torch.load(tmp_path / "checkpoint.pt", weights_only=True)["network"]["words.weight"]
    assert not torch.equal(before, after)
    assert torch.allclose(ended, (1 - SETTLED_SHARE) * before + SETTLED_SHARE * after)
