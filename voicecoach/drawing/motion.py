"""The poses of a figure for one side, and what lies between two of them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from voicecoach.care.exercise import Side
from voicecoach.care.figure import Figure, Frame, Limb, Part, Phase, Point, Pose, Support
from voicecoach.drawing.body import Array, limbs, lowest, pelvis_axes

_LEGS = {Part.RIGHT_LEG, Part.LEFT_LEG}
_OTHER = {"right": "left", "left": "right"}


@dataclass(frozen=True, slots=True)
class Motion:
    """What a drawing shows: written for the right side, and mirrored as a picture for the left."""

    frames: tuple[Frame, ...]
    moving: frozenset[Part]
    mirrored: bool


def motion(figure: Figure, side: Side | None = None) -> Motion:
    """The key frames in which `figure` is drawn when it is done with `side`."""
    start, *later = figure.frames
    moving = frozenset(figure.moving)
    if side is Side.BOTH:
        later = [with_both_legs(frame) for frame in later]
        moving |= _LEGS
    if figure.alternates:
        later += [reflected(frame, start.pose) for frame in later if frame.phase is not Phase.IN]
    return Motion((start, *later), moving, side is Side.LEFT)


def with_both_legs(frame: Frame) -> Frame:
    """The left leg does what the right one does."""
    pose = replace(frame.pose, left_leg=_mirror(frame.pose).limb(frame.pose.right_leg))
    lifted = Support.RIGHT_FOOT not in frame.rests
    rests = tuple(each for each in frame.rests if not (lifted and each is Support.LEFT_FOOT))
    return replace(frame, pose=pose, rests=rests)


def reflected(frame: Frame, start: Pose) -> Frame:
    """The same with right and left exchanged, in the plane that divides the body at the start."""
    mirror, pose = _mirror(start), frame.pose
    other = replace(
        pose,
        right_arm=mirror.limb(pose.left_arm),
        left_arm=mirror.limb(pose.right_arm),
        right_leg=mirror.limb(pose.left_leg),
        left_leg=mirror.limb(pose.right_leg),
        turn_deg=2 * start.turn_deg - pose.turn_deg,
        side_bend_deg=-pose.side_bend_deg,
        twist_deg=-pose.twist_deg,
    )
    return replace(
        frame,
        pose=other,
        rests=tuple(_exchanged(each) for each in frame.rests),
        arrow=tuple(mirror.place(point) for point in frame.arrow),
    )


def _exchanged(support: Support) -> Support:
    side, _, rest = support.value.partition("_")
    return Support(f"{_OTHER[side]}_{rest}") if side in _OTHER else support


@dataclass(frozen=True, slots=True)
class _Mirror:
    """The plane between right and left."""

    through: Point
    across: Point

    def direction(self, way: Point | None) -> Point | None:
        if way is None:
            return None
        across = np.array(self.across)
        return _point(np.array(way) - 2 * (np.array(way) @ across) * across)

    def place(self, point: Point) -> Point:
        through, across = np.array(self.through), np.array(self.across)
        return _point(np.array(point) - 2 * ((np.array(point) - through) @ across) * across)

    def limb(self, limb: Limb) -> Limb:
        return Limb(self.place(limb.to), self.direction(limb.bend), self.direction(limb.tip))


def _mirror(pose: Pose) -> _Mirror:
    return _Mirror(pose.hips, pelvis_axes(pose)[2])


_ANGLES = ("trunk_deg", "turn_deg", "lumbar_deg", "chest_deg", "neck_deg", "side_bend_deg", "twist_deg")
_LIFTS = 4


def between(one: Pose, other: Pose, part: float) -> Pose:
    """The pose on the way from `one` (0) to `other` (1)."""
    changed: dict[str, Any] = {"hips": _way(one.hips, other.hips, part)}
    for name in _ANGLES:
        changed[name] = _mixed(getattr(one, name), getattr(other, name), part)
    before, after = limbs(one), limbs(other)
    for limb, begun in before.items():
        changed[limb.value] = _limb(begun, after[limb], part)
    return _lifted(replace(one, **changed))


def _lifted(pose: Pose) -> Pose:
    """Hips that go straight from one place to the other may press a knee into the floor: they go above it."""
    for _ in range(_LIFTS):
        sunk = -lowest(pose)
        if sunk <= 0:
            break
        x, y, z = pose.hips
        pose = replace(pose, hips=(x, y + sunk, z))
    return pose


def _limb(one: Limb, other: Limb, part: float) -> Limb:
    assert one.bend is not None and other.bend is not None  # noqa: PT018
    assert one.tip is not None and other.tip is not None  # noqa: PT018
    return Limb(
        _way(one.to, other.to, part), _way(one.bend, other.bend, part), _way(one.tip, other.tip, part)
    )


def _mixed(one: float, other: float, part: float) -> float:
    return one + part * (other - one)


def _way(one: Point, other: Point, part: float) -> Point:
    x, y, z = (_mixed(a, b, part) for a, b in zip(one, other, strict=True))
    return x, y, z


def _point(vector: Array) -> Point:
    x, y, z = (float(value) for value in vector)
    return x, y, z
