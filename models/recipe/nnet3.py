"""Writes Kaldi's binary acoustic model file: a transition model and an nnet3 network.

Source of the format: Kaldi, hmm/hmm-topology.cc, hmm/transition-model.cc, nnet3/nnet-nnet.cc and the Write
functions of nnet3/nnet-simple-component.cc. Only components with fixed parameters are supported.
"""

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def int32(value: int) -> bytes:
    return b"\x04" + struct.pack("<i", value)


def float32(value: float) -> bytes:
    return b"\x04" + struct.pack("<f", value)


def _double(value: float) -> bytes:
    return b"\x08" + struct.pack("<d", value)


def vector(values: npt.ArrayLike) -> bytes:
    data = np.ascontiguousarray(values, "<f4")
    return b"FV " + int32(len(data)) + data.tobytes()


def matrix(values: npt.ArrayLike) -> bytes:
    data = np.ascontiguousarray(values, "<f4")
    return b"FM " + int32(data.shape[0]) + int32(data.shape[1]) + data.tobytes()


def _ints(values: Sequence[int]) -> bytes:
    return b"\x04" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes()


def transition_model(outputs: Sequence[int], stay: float) -> bytes:
    """Phone k + 1 has one emitting state with output `outputs[k]` and self-loop probability `stay`."""
    n = len(outputs)
    topology = _ints(range(1, n + 1)) + _ints([-1] + [0] * n) + int32(1)
    topology += int32(2) + int32(0) + int32(2)  # two states; the first: output class, two transitions
    topology += int32(0) + float32(stay) + int32(1) + float32(1 - stay) + int32(-1) + int32(0)
    triples = b"".join(int32(k + 1) + int32(0) + int32(o) for k, o in enumerate(outputs))
    logs = [0.0] + [v for _ in outputs for v in (np.log(stay), np.log(1 - stay))]
    return (
        b"<TransitionModel> <Topology> " + topology + b"</Topology> <Triples> " + int32(n) + triples
        + b"</Triples> <LogProbs> " + vector(logs) + b"</LogProbs> </TransitionModel> "
    )  # fmt: skip


class Graph:
    """The network's nodes and components, in the order of computation."""

    def __init__(self, inputs: int) -> None:
        self._nodes = [f"input-node name=input dim={inputs}"]
        self._components: list[bytes] = []

    def _add(self, name: str, kind: str, source: str, body: bytes) -> str:
        head = f"<ComponentName> {name} <{kind}> ".encode()
        self._components.append(head + body + f"</{kind}> ".encode())
        self._nodes.append(f"component-node name={name} component={name} input={source}")
        return name

    def affine(self, name: str, source: str, weights: Floats, bias: Floats) -> str:
        """`weights` is [outputs, inputs]."""
        body = b"<LinearParams> " + matrix(weights) + b"<BiasParams> " + vector(bias)
        return self._add(name, "FixedAffineComponent", source, body)

    def relu(self, name: str, source: str, width: int) -> str:
        none, zero = vector([]), _double(0.0)
        body = b"<Dim> " + int32(width) + b"<ValueAvg> " + none + b"<DerivAvg> " + none + b"<Count> " + zero
        body += b"<OderivRms> " + none + b"<OderivCount> " + zero
        body += b"<NumDimsSelfRepaired> " + zero + b"<NumDimsProcessed> " + zero
        return self._add(name, "RectifiedLinearComponent", source, body)

    def scale(self, name: str, source: str, scales: Floats) -> str:
        return self._add(name, "FixedScaleComponent", source, b"<Scales> " + vector(scales))

    def bias(self, name: str, source: str, bias: Floats) -> str:
        return self._add(name, "FixedBiasComponent", source, b"<Bias> " + vector(bias))

    def written(self, output: str, left: int, right: int) -> bytes:
        """The whole network. `left` and `right`: its context in frames of 10 ms."""
        nodes = [*self._nodes, f"output-node name=output input={output} objective=linear"]
        head = b"<Nnet3> \n" + "\n".join(nodes).encode() + b"\n\n<NumComponents> "
        tail = b"</Nnet3> <LeftContext> " + int32(left) + b"<RightContext> " + int32(right)
        parts = [head, int32(len(self._components)), *self._components, tail, b"<Priors> ", vector([])]
        return b"".join(parts)


def appended(source: str, offsets: Sequence[int]) -> str:
    """`source` at several offsets, in frames of 10 ms, appended to one vector."""
    parts = [source if k == 0 else f"Offset({source}, {k})" for k in offsets]
    return parts[0] if len(parts) == 1 else f"Append({', '.join(parts)})"


def write(path: Path, transitions: bytes, network: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x00B" + transitions + network)
