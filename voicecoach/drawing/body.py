"""A pose to a body: spheres along the bones, and the links between them, in centimetres.

Every bone keeps its length in every pose. Elbows and knees lie where the two bones of a limb meet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicecoach.care.figure import UPRIGHT_DEG, Limb, Part, Point, Pose

Array = NDArray[np.float64]

UPPER_ARM, FOREARM, HAND = 29.0, 25.0, 16.0
THIGH, SHIN, FOOT = 43.0, 42.0, 16.0
ANKLE_HEIGHT, WRIST_HEIGHT = 8.0, 3.2
"""Of a flat foot, and of a flat hand: their bones are that high above the floor."""
_FLAT = 0.5
SPINE = (13.0, 13.0, 13.0, 11.0)
"""From the hips to the seventh neck vertebra."""
HIP_OUT, SHOULDER_OUT = 8.5, 15.5


@dataclass(frozen=True, slots=True)
class Shape:
    """One part of the body: spheres, and which of them are joined."""

    centres: tuple[Point, ...]
    radii: tuple[float, ...]
    links: tuple[tuple[int, int], ...]


def body(pose: Pose) -> dict[Part, Shape]:
    """Every part of the body in `pose`."""
    pelvis = _pelvis_axes(pose)
    stations, axes = _spine(pose, pelvis)
    neck, chest = stations[-1], axes[-1]
    shoulders = neck - 3 * chest[1]
    return {
        Part.TRUNK: _trunk(stations, axes, shoulders),
        Part.HEAD: _head(neck, _flexed(chest, pose.neck_deg)),
        Part.RIGHT_ARM: _arm(pose.right_arm, shoulders + SHOULDER_OUT * chest[2], chest, 1),
        Part.LEFT_ARM: _arm(pose.left_arm, shoulders - SHOULDER_OUT * chest[2], chest, -1),
        Part.RIGHT_LEG: _leg(pose.right_leg, stations[0] + HIP_OUT * pelvis[2], pelvis),
        Part.LEFT_LEG: _leg(pose.left_leg, stations[0] - HIP_OUT * pelvis[2], pelvis),
    }


def limbs(pose: Pose) -> dict[Part, Limb]:
    """The limbs as they are drawn: nothing is out of reach, and every direction is given."""
    return {part: _drawn(part, shape) for part, shape in body(pose).items() if part in _TIPS}


_TIPS = {
    Part.RIGHT_ARM: (4, 6),
    Part.LEFT_ARM: (4, 6),
    Part.RIGHT_LEG: (6, 5),
    Part.LEFT_LEG: (6, 5),
}
"""The spheres between which fingers and toes point: wrist and finger tip, heel and ball."""


def _drawn(part: Part, shape: Shape) -> Limb:
    joint, middle, end = (np.array(shape.centres[i]) for i in (0, 2, 4))
    begins, ends = (np.array(shape.centres[i]) for i in _TIPS[part])
    return Limb(_point(end), _point(_bend(joint, middle, end)), _point(_unit(ends - begins)))


def _bend(joint: Array, middle: Array, end: Array) -> Array:
    """To which side of the straight line elbow or knee points."""
    line = _unit(end - joint)
    return _unit(middle - joint - ((middle - joint) @ line) * line)


def lowest(pose: Pose) -> float:
    """How high the lowest point of the body is above the floor."""
    shapes = body(pose).values()
    return min(c[1] - r for shape in shapes for c, r in zip(shape.centres, shape.radii, strict=True))


def pelvis_axes(pose: Pose) -> tuple[Point, Point, Point]:
    """Which way is forward, up the spine, and to the right, for the pelvis."""
    forward, up, right = (_point(axis) for axis in _pelvis_axes(pose))
    return forward, up, right


def _pelvis_axes(pose: Pose) -> Array:
    turn = np.radians(pose.turn_deg)
    forward = np.array([np.cos(turn), 0, np.sin(turn)])
    up = np.array([0.0, 1.0, 0.0])
    return _rotated(np.array([forward, up, np.cross(forward, up)]), (0, 0, 1), pose.trunk_deg - UPRIGHT_DEG)


def _rotated(axes: Array, about: Sequence[float] | Array, angle_deg: float) -> Array:
    """Rodrigues' formula."""
    k, angle = np.asarray(about, dtype=float), np.radians(angle_deg)
    turned: Array = (
        axes * np.cos(angle) + np.cross(k, axes) * np.sin(angle) + np.outer(axes @ k, k) * (1 - np.cos(angle))
    )
    return turned


def _flexed(axes: Array, angle_deg: float) -> Array:
    return _rotated(axes, axes[2], -angle_deg)


def _spine(pose: Pose, pelvis: Array) -> tuple[list[Array], list[Array]]:
    stations, directions = [np.array(pose.hips, dtype=float)], [pelvis]
    axes = pelvis
    for length, lumbar, chest in zip(SPINE, (0.0, 0.5, 0.5, 0.0), (0.0, 0.0, 0.5, 0.5), strict=True):
        axes = _flexed(axes, lumbar * pose.lumbar_deg + chest * pose.chest_deg)
        axes = _rotated(axes, axes[0], pose.side_bend_deg / len(SPINE))
        axes = _rotated(axes, axes[1], -pose.twist_deg / len(SPINE))
        stations.append(stations[-1] + length * axes[1])
        directions.append(axes)
    return stations, directions


_TRUNK = ((8.5, 10.2, -0.5), (6.0, 9.3, 0.0), (6.5, 9.6, 0.5), (8.0, 10.4, 1.0))
"""Of each station of the spine: half the distance of its two spheres, their radius, how far forward."""


def _trunk(stations: Sequence[Array], axes: Sequence[Array], shoulders: Array) -> Shape:
    centres, radii = [], []
    for station, (forward, _, right), (out, radius, ahead) in zip(stations, axes, _TRUNK, strict=False):
        centres += [station + ahead * forward + out * right, station + ahead * forward - out * right]
        radii += [radius, radius]
    right = axes[-1][2]
    centres += [shoulders + (SHOULDER_OUT - 1.5) * right, shoulders - (SHOULDER_OUT - 1.5) * right]
    radii += [6.6, 6.6]
    centres.append(stations[-1])
    radii.append(6.4)
    rungs = [(i, i + 1) for i in range(0, 10, 2)]
    sides = [(i, i + 2) for i in range(8)]
    crossed = [(i, i + 3) for i in range(0, 8, 2)]
    return Shape(
        _points(centres), tuple(radii), (*rungs, *sides, *crossed, (6, 10), (7, 10), (8, 10), (9, 10))
    )


def _head(neck: Array, axes: Array) -> Shape:
    def at(ahead: float, up: float) -> Array:
        place: Array = neck + ahead * axes[0] + up * axes[1]
        return place

    centres = [neck, at(1.5, 8), at(1.5, 17), at(5, 10.5), at(7, 14), at(12, 13)]
    return Shape(_points(centres), (5.8, 5.6, 10.2, 6.4, 4.5, 1.5), ((0, 1), (1, 2), (2, 3), (1, 3), (4, 5)))


def _arm(limb: Limb, shoulder: Array, chest: Array, side: int) -> Shape:
    forward, up, right = chest
    natural = -forward + 0.5 * side * right - 0.3 * up
    elbow, wrist, along = _two_bones(shoulder, limb, UPPER_ARM, FOREARM, natural)
    if limb.tip is not None:
        along = _unit(np.array(limb.tip, dtype=float))
    elif abs(wrist[1] - WRIST_HEIGHT) < _FLAT:
        along = _level(along + 0.3 * up)
    muscle = shoulder + 0.4 * (elbow - shoulder)
    belly = elbow + 0.3 * (wrist - elbow)
    centres = [shoulder, muscle, elbow, belly, wrist, wrist + 0.5 * HAND * along, wrist + HAND * along]
    return Shape(_points(centres), (6.4, 5.4, 4.2, 4.4, 2.9, 3.4, 1.9), _chain(7))


def _leg(limb: Limb, hip: Array, pelvis: Array) -> Shape:
    knee, ankle, along = _two_bones(hip, limb, THIGH, SHIN, pelvis[0])
    thigh = _unit(knee - hip)
    ahead = _bend(hip, knee, ankle)
    ahead = _unit(ahead - (ahead @ along) * along)
    if limb.tip is not None:
        toes = _unit(np.array(limb.tip, dtype=float))
    else:
        toes = _level(ahead) if abs(ankle[1] - ANKLE_HEIGHT) < _FLAT else _unit(ahead + 0.15 * along)
    sole = along - 0.35 * ahead
    sole = _unit(sole - (sole @ toes) * toes)
    calf = knee + 0.32 * (ankle - knee) - 1.2 * ahead
    heel = ankle - 4 * toes + (ANKLE_HEIGHT - 3.6) * sole
    ball = ankle + FOOT * toes + (ANKLE_HEIGHT - 2.6) * sole
    centres = [hip, hip + 0.45 * THIGH * thigh, knee, calf, ankle, ball, heel]
    links = (*_chain(7), (6, 4))
    return Shape(_points(centres), (10.4, 8.6, 6.2, 6.2, 3.9, 2.6, 3.6), links)


def _two_bones(
    joint: Array, limb: Limb, upper: float, lower: float, natural: Array
) -> tuple[Array, Array, Array]:
    """Where the middle joint and the end are, and the direction of the lower bone."""
    to = np.array(limb.to, dtype=float) - joint
    distance = min(max(float(np.linalg.norm(to)), abs(upper - lower) + 1), upper + lower - 0.05)
    line = _unit(to)
    pole = np.array(limb.bend, dtype=float) if limb.bend else natural
    pole = pole - (pole @ line) * line
    if np.linalg.norm(pole) < 1e-6:
        pole = np.cross(line, (0.3, 0.5, 0.8))
    along = (upper**2 - lower**2 + distance**2) / (2 * distance)
    middle = joint + along * line + np.sqrt(max(upper**2 - along**2, 0)) * _unit(pole)
    end = joint + distance * line
    return middle, end, _unit(end - middle)


def _level(vector: Array) -> Array:
    return _unit(vector * (1, 0, 1))


def _unit(vector: Array) -> Array:
    unit: Array = vector / np.linalg.norm(vector)
    return unit


def _chain(count: int) -> tuple[tuple[int, int], ...]:
    return tuple((i, i + 1) for i in range(count - 1))


def _point(vector: Array) -> Point:
    x, y, z = (float(value) for value in vector)
    return x, y, z


def _points(vectors: Sequence[Array]) -> tuple[Point, ...]:
    return tuple(_point(vector) for vector in vectors)
