"""The optimiser, the schedule, the phone loss, and whole training runs."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from recipe.augment import Background, Streams
from recipe.corpus import FRAME, Phone, Prepared, Spoken, Utterance
from recipe.graph import Costs
from recipe.muon import Muon, orthogonal
from recipe.network import Network, Shape
from recipe.phones import FIRST_PHONE, SPEECH, Units
from recipe.sequence import WordLoop
from recipe.train import FINE_TUNED_SHARE, Schedule, Weights, phone_loss, start_word_head, train

UNITS = Units(["stop"])
NO_BACKGROUND = Background([], [], [], [])


@pytest.mark.parametrize("shape", [(8, 8), (4, 30), (30, 4)])
def test_all_singular_values_of_an_update_are_close_to_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(1)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert values.min() > 0.5
    assert values.max() < 1.3


def test_muon_solves_a_linear_regression() -> None:
    torch.manual_seed(2)
    wanted, x = torch.randn(6, 10), torch.randn(200, 10)
    weight = torch.nn.Parameter(torch.zeros(6, 10))
    optimiser = Muon([weight], 0.05, decay=0.0)
    for step in range(300):
        for group in optimiser.param_groups:
            group["lr"] = 0.05 * (1 - step / 300)
        optimiser.zero_grad()
        loss = (x @ (weight - wanted).T).square().mean()
        torch.autograd.backward(loss)
        optimiser.step()
    assert (weight - wanted).abs().max() < 0.1


def test_each_weight_has_exactly_one_optimiser() -> None:
    network = Network(len(UNITS))
    matrices, others = network.matrices(), network.others()
    assert {id(p) for p in matrices} & {id(p) for p in others} == set()
    assert len(matrices) + len(others) == len(list(network.parameters()))
    assert all(p.ndim == 2 for p in matrices)


def test_the_learning_rate_rises_and_falls_in_each_stage() -> None:
    schedule = Schedule(1000, 500, fine_tuning_steps=400)
    rates = [schedule.rate(step) for step in range(schedule.steps)]
    assert max(rates[:1000]) == pytest.approx(schedule.phone_rate, rel=0.15)
    assert rates[0] < 0.02 * schedule.phone_rate
    assert rates[999] < 0.02 * schedule.phone_rate
    assert max(rates[1000:]) == pytest.approx(schedule.word_rate, rel=0.45)
    assert rates[1499] < 0.05 * schedule.word_rate
    assert max(rates[1500:]) == pytest.approx(schedule.fine_tuning_rate, rel=0.5)
    assert rates[-1] < 0.05 * schedule.fine_tuning_rate
    assert [step for step in range(schedule.steps) if schedule.equalises(step)] == list(range(1500))
    assert not any(Schedule(1000, 500).equalises(step) for step in range(1500))


def test_a_word_with_phones_of_its_own_trains_the_shared_phones_too() -> None:
    own = UNITS.of("stop", ("S", "T", "AA", "P"))
    shared = UNITS.shared(("S", "T", "AA", "P"))
    assert [UNITS.shared_output[o] for o in own] == shared
    logits = torch.zeros(1, 4, len(UNITS), requires_grad=True)
    loss, _ = phone_loss(logits, torch.tensor([own]), torch.tensor(UNITS.shared_output))
    torch.autograd.backward(loss)
    assert logits.grad is not None
    for t in range(4):
        assert logits.grad[0, t, own[t]] < 0
        other = FIRST_PHONE if shared[t] != FIRST_PHONE else FIRST_PHONE + 1
        assert logits.grad[0, t, shared[t]] < logits.grad[0, t, other]


def test_the_filler_is_trained_towards_the_sum_of_the_phones() -> None:
    logits = torch.zeros(1, 1, len(UNITS), requires_grad=True)
    labels = torch.tensor([[FIRST_PHONE]])
    loss, _ = phone_loss(logits, labels, torch.tensor(UNITS.shared_output))
    torch.autograd.backward(loss)
    assert logits.grad is not None
    assert logits.grad[0, 0, SPEECH] < 0, "it is below the summed phones, so the loss raises it"


def test_the_word_head_starts_as_the_scaled_phone_head_without_most_of_the_prior() -> None:
    network, schedule = Network(len(UNITS)), Schedule(1, 1)
    counts = torch.full((len(UNITS),), 10.0)
    counts[FIRST_PHONE] = 1000.0
    start_word_head(network, counts, schedule)
    hidden = torch.randn(1, 3, network.shape.width)
    shift = network.words(hidden) / schedule.scale - network.phones(hidden)
    assert torch.allclose(network.words.weight, schedule.scale * network.phones.weight)
    assert (shift[..., FIRST_PHONE] < shift[..., FIRST_PHONE + 1]).all()


def trained(folder: Path, *schedules: Schedule) -> Weights:
    """The weights after each schedule in turn; each continues where the one before it stopped."""
    rng = np.random.default_rng(0)
    word = Spoken("stop", tuple(Phone(name, 10 + 8 * k, 8) for k, name in enumerate(("S", "T", "AA", "P"))))
    stop = Utterance(rng.integers(-9000, 9000, 60 * FRAME).astype(np.int16), (word,), "test")
    streams = Streams([(Prepared([stop]), 1.0)], UNITS, ["stop"], NO_BACKGROUND, 1.5, 1)
    for schedule in schedules:
        torch.manual_seed(1)
        network = Network(len(UNITS), Shape(32, 8))
        train(streams, network, UNITS, lambda *_: WordLoop(["stop"], UNITS, Costs(), ()), schedule, folder)
    return {name: weight.clone() for name, weight in network.state_dict().items()}


@dataclass(frozen=True)
class CutShort(Schedule):
    """The same schedule, interrupted after `done` steps."""

    done: int = 0

    @property
    def steps(self) -> int:
        return self.done


WHOLE = Schedule(2, 2, fine_tuning_steps=2, streams=2)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    return trained(tmp_path_factory.mktemp("uninterrupted"), WHOLE)


def same(one: Weights, other: Weights) -> bool:
    return all(torch.equal(weights, other[name]) for name, weights in one.items())


def test_two_training_runs_with_one_seed_give_the_same_weights(
    tmp_path: Path, uninterrupted: Weights
) -> None:
    assert not torch.equal(uninterrupted["words.weight"], uninterrupted["phones.weight"])
    assert same(uninterrupted, trained(tmp_path, WHOLE))


@pytest.mark.parametrize("done", [3, 5], ids=["in the word stage", "in fine-tuning"])
def test_an_interrupted_training_run_gives_the_same_weights(
    tmp_path: Path, uninterrupted: Weights, done: int
) -> None:
    cut_short = CutShort(2, 2, fine_tuning_steps=2, streams=2, done=done)
    assert same(uninterrupted, trained(tmp_path, cut_short, WHOLE))


def test_the_result_is_the_average_of_before_and_after_fine_tuning(tmp_path: Path) -> None:
    before = trained(tmp_path, CutShort(2, 2, fine_tuning_steps=2, streams=2, done=4))["words.weight"]
    ended = trained(tmp_path, WHOLE)["words.weight"]
    after = torch.load(tmp_path / "checkpoint.pt", weights_only=True)["network"]["words.weight"]
    assert not torch.equal(before, after)
    assert torch.allclose(ended, (1 - FINE_TUNED_SHARE) * before + FINE_TUNED_SHARE * after)
