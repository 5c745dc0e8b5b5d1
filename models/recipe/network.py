"""The acoustic network: a factorised TDNN (TDNN-F) at 33 frames a second, with little right context.

Each layer is a bottleneck over two frames, an affine layer over two frames, and a scaled skip connection
(Povey et al. 2018, "Semi-orthogonal low-rank matrix factorization for deep neural networks", sections 2 and
3). Their orthogonality constraint is left out: batch normalisation keeps the scale. Right context adds
latency, 130 ms here.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from recipe.features import COEFFICIENTS

SUBSAMPLING = 3
SPLICE = 4
"""Frames of 10 ms on either side that the first layer takes in."""
BYPASS = 0.66


@dataclass(frozen=True)
class Shape:
    """The layers' widths, and for each factorised layer two offsets in steps of 30 ms: of the earlier frame
    of its bottleneck, and of the later frame of its affine layer."""

    width: int = 448
    bottleneck: int = 112
    offsets: tuple[tuple[int, int], ...] = ((-1, 1), (-1, 1), (-1, 1), (-2, 0), (-2, 0), (-3, 0), (-3, 0))

    def left_frames(self) -> int:
        return SPLICE - SUBSAMPLING * sum(past for past, _ in self.offsets)

    def right_frames(self) -> int:
        return SPLICE + SUBSAMPLING * sum(future for _, future in self.offsets)


def shifted(x: Tensor, steps: int) -> Tensor:
    """x[:, t + steps], with the edge repeated as in Kaldi. x is [streams, time, width]."""
    if steps == 0:
        return x
    edge = x[:, -1:] if steps > 0 else x[:, :1]
    fill = edge.expand(-1, abs(steps), -1)
    return torch.cat([x[:, steps:], fill], 1) if steps > 0 else torch.cat([fill, x[:, :steps]], 1)


def normalised(norm: nn.BatchNorm1d, x: Tensor) -> Tensor:
    """`norm` over all frames of all streams. Flattened, as a transposed layout would cost three copies."""
    flat: Tensor = norm(x.flatten(0, 1))
    return flat.view(x.shape)


class Factorised(nn.Module):
    def __init__(self, shape: Shape, past: int, future: int) -> None:
        super().__init__()
        self.past, self.future = past, future
        self.linear = nn.Linear(shape.width * 2, shape.bottleneck, bias=False)
        self.affine = nn.Linear(shape.bottleneck * (2 if future else 1), shape.width)
        self.norm = nn.BatchNorm1d(shape.width, affine=False)

    def forward(self, x: Tensor) -> Tensor:
        z = self.linear(torch.cat([shifted(x, self.past), x], -1))
        z = self.affine(torch.cat([z, shifted(z, self.future)], -1) if self.future else z)
        z = normalised(self.norm, torch.relu(z))
        return BYPASS * x + z


class Network(nn.Module):
    """From MFCC [streams, frames, 40], 100 frames a second, to hidden features [streams, frames / 3, width].

    Two heads read the hidden features: `phones` gives the logits of the phone loss, `words` the scores of the
    word loss. The exported model has the `words` head only.
    """

    def __init__(self, outputs: int, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or Shape()
        self.scaling = nn.BatchNorm1d(COEFFICIENTS, affine=False)
        self.first = nn.Linear(COEFFICIENTS * (2 * SPLICE + 1), shape.width)
        self.first_norm = nn.BatchNorm1d(shape.width, affine=False)
        self.layers = nn.ModuleList(Factorised(shape, past, future) for past, future in shape.offsets)
        self.phones = nn.Linear(shape.width, outputs)
        self.words = nn.Linear(shape.width, outputs)

    def forward(self, mfcc: Tensor) -> Tensor:
        x = normalised(self.scaling, mfcc)
        spliced = torch.cat([shifted(x, k)[:, ::SUBSAMPLING] for k in range(-SPLICE, SPLICE + 1)], -1)
        x = normalised(self.first_norm, torch.relu(self.first(spliced)))
        for layer in self.layers:
            x = layer(x)
        return x

    def from_the_start(self, mfcc: Tensor) -> Tensor:
        """As `forward`, for streams that start as a recording does: Kaldi repeats the first frame to the left
        of it. If that was not part of the training, every recording would begin with some word.
        """
        steps = -(-self.shape.left_frames() // SUBSAMPLING)
        before = mfcc[:, :1].expand(-1, SUBSAMPLING * steps, -1)
        found: Tensor = self(torch.cat([before, mfcc], 1))[:, steps:]
        return found

    def matrices(self) -> list[nn.Parameter]:
        """The hidden layers' weight matrices, which Muon trains."""
        hidden = [self.first]
        for layer in self.layers:
            assert isinstance(layer, Factorised)
            hidden += [layer.linear, layer.affine]
        return [m.weight for m in hidden if isinstance(m.weight, nn.Parameter)]

    def others(self) -> list[nn.Parameter]:
        """All other parameters, which AdamW trains."""
        matrices = {id(p) for p in self.matrices()}
        return [p for p in self.parameters() if id(p) not in matrices]
