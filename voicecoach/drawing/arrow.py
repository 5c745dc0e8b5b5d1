"""An arrow along a line or a curve, as a polygon."""

from collections.abc import Sequence
from math import hypot

from voicecoach.drawing.flat import Flat

_HALF_SHAFT, _HALF_HEAD, _HEAD = 1.7, 5.0, 8.0
_STEPS = 10


def arrow(points: Sequence[Flat]) -> list[Flat]:
    """From the first of two or three points to the last; the middle one of three bends it."""
    first, *middle, last = points
    bend = middle[0] if middle else ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
    curve = [_curved(first, bend, last, step / _STEPS) for step in range(_STEPS + 1)]
    shaft = [point for point in curve[:-1] if _distance(point, last) > _HEAD + 1] or [first]
    neck = shaft[-1]
    along = _unit(neck, last)
    base = (last[0] - _HEAD * along[0], last[1] - _HEAD * along[1])
    shaft = [*shaft, base]
    ways = [_unit(a, b) for a, b in zip(shaft, [*shaft[1:], last], strict=True)]
    right = [_beside(point, way, _HALF_SHAFT) for point, way in zip(shaft, ways, strict=True)]
    left = [_beside(point, way, -_HALF_SHAFT) for point, way in zip(shaft, ways, strict=True)]
    return [*right, _beside(base, along, _HALF_HEAD), last, _beside(base, along, -_HALF_HEAD), *left[::-1]]


def _curved(a: Flat, bend: Flat, b: Flat, part: float) -> Flat:
    """On the quadratic curve."""
    first, middle, last = (1 - part) ** 2, 2 * part * (1 - part), part**2
    return (
        first * a[0] + middle * bend[0] + last * b[0],
        first * a[1] + middle * bend[1] + last * b[1],
    )


def _distance(a: Flat, b: Flat) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])


def _unit(a: Flat, b: Flat) -> Flat:
    length = max(_distance(a, b), 1e-6)
    return (b[0] - a[0]) / length, (b[1] - a[1]) / length


def _beside(point: Flat, way: Flat, by: float) -> Flat:
    return point[0] - by * way[1], point[1] + by * way[0]
