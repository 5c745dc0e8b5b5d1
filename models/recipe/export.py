"""Writes a trained network as a model folder that stock Vosk loads."""

from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from recipe import graph, nnet3
from recipe.features import COEFFICIENTS
from recipe.network import BYPASS, SPLICE, SUBSAMPLING, Factorised, Network
from recipe.nnet3 import Floats, Graph, appended
from recipe.phones import Units

_MFCC = """--use-energy=false
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=7600
--allow-downsample=true
"""
_DECODING = """--min-active=200
--max-active=3000
--beam=13.0
--lattice-beam=3.0
--acoustic-scale=1.0
--frame-subsampling-factor=3
--frames-per-chunk=6
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.4
--endpoint.rule3.min-trailing-silence=0.6
--endpoint.rule4.min-trailing-silence=1.0
"""


def _numpy(tensor: Tensor) -> Floats:
    return np.asarray(tensor.detach().numpy(), np.float32)


def _norm(norm: nn.BatchNorm1d) -> tuple[Floats, Floats]:
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = 1 / torch.sqrt(norm.running_var + norm.eps)
    return _numpy(scale), _numpy(-norm.running_mean * scale)


def _activated(
    written: Graph, name: str, source: str, affine: tuple[Floats, Floats], norm: nn.BatchNorm1d
) -> str:
    source = written.affine(f"{name}.affine", source, *affine)
    source = written.relu(f"{name}.relu", source, len(affine[1]))
    scale, bias = _norm(norm)
    return written.bias(f"{name}.bias", written.scale(f"{name}.scale", source, scale), bias)


def network_bytes(network: Network) -> bytes:
    """`network` in nnet3's format, with the word head as its output."""
    written = Graph(COEFFICIENTS)
    in_scale, in_bias = _norm(network.scaling)
    weights, bias = _numpy(network.first.weight), _numpy(network.first.bias)
    frames = 2 * SPLICE + 1  # the normalisation of the input is folded into the first layer
    bias = bias + weights @ np.tile(in_bias, frames)
    weights = weights * np.tile(in_scale, frames)
    source = appended("input", range(-SPLICE, SPLICE + 1))
    at = _activated(written, "l1", source, (weights, bias), network.first_norm)
    for k, layer in enumerate(network.layers, start=2):
        assert isinstance(layer, Factorised)
        past, future = SUBSAMPLING * layer.past, SUBSAMPLING * layer.future
        linear = _numpy(layer.linear.weight)
        low = written.affine(
            f"l{k}.linear", appended(at, (past, 0)), linear, np.zeros(len(linear), np.float32)
        )
        affine = (_numpy(layer.affine.weight), _numpy(layer.affine.bias))
        high = _activated(
            written, f"l{k}", appended(low, (0, future) if future else (0,)), affine, layer.norm
        )
        ones = np.ones(len(affine[1]), np.float32)
        at = written.scale(f"l{k}.sum", f"Sum(Scale({BYPASS}, {at}), {high})", ones)
    out = written.affine("words", at, _numpy(network.words.weight), _numpy(network.words.bias))
    return written.written(out, network.shape.left_frames(), network.shape.right_frames())


def export(
    network: Network,
    units: Units,
    words: Iterable[str],
    folder: Path,
    costs: graph.Costs,
    decoys: Collection[str],
) -> None:
    """Writes am/, conf/ and graph/ into `folder`. Raises graph.ToolMissing."""
    phones = graph.build(folder / "graph", words, units, costs, decoys)
    transitions = nnet3.transition_model(phones.outputs, graph.STAY)
    nnet3.write(folder / "am" / "final.mdl", transitions, network_bytes(network))
    (folder / "conf").mkdir(exist_ok=True)
    (folder / "conf" / "mfcc.conf").write_text(_MFCC)
    (folder / "conf" / "model.conf").write_text(_DECODING)
