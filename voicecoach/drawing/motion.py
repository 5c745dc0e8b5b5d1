"""The poses of a figure for one side, and what lies between two of them."""

from dataclasses import dataclass, replace

import numpy as np

from voicecoach.care.exercise import Side
from voicecoach.care.figure import Figure, Frame, Limb, Part, Phase, Point, Pose, Support
from voicecoach.drawing.body import Array, pelvis_axes

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
        later = [replace(frame, pose=with_both_legs(frame.pose)) for frame in later]
        moving |= _LEGS
    if figure.alternates:
        later += [reflected(frame, start.pose) for frame in later if frame.phase is not Phase.IN]
    return Motion((start, *later), moving, side is Side.LEFT)


def with_both_legs(pose: Pose) -> Pose:
    """The left leg does what the right one does."""
    return replace(pose, left_leg=_mirror(pose).limb(pose.right_leg))


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
_LIMBS = (Part.RIGHT_ARM, Part.LEFT_ARM, Part.RIGHT_LEG, Part.LEFT_LEG)


def between(one: Pose, other: Pose, part: float) -> Pose:
    """The pose on the way from `one` (0) to `other` (1)."""
    angles: dict[str, float] = {
        name: _mixed(getattr(one, name), getattr(other, name), part) for name in _ANGLES
    }
    limbs = {name.value: _limb(getattr(one, name), getattr(other, name), part) for name in _LIMBS}
    return replace(one, hips=_way(one.hips, other.hips, part), **angles, **limbs)


def _limb(one: Limb, other: Limb, part: float) -> Limb:
    return Limb(
        _way(one.to, other.to, part),
        _either(one.bend, other.bend, part),
        _either(one.tip, other.tip, part),
    )


def _either(one: Point | None, other: Point | None, part: float) -> Point | None:
    if one is None or other is None:
        return one or other
    return _way(one, other, part)


def _mixed(one: float, other: float, part: float) -> float:
    return one + part * (other - one)


def _way(one: Point, other: Point, part: float) -> Point:
    x, y, z = (_mixed(a, b, part) for a, b in zip(one, other, strict=True))
    return x, y, z


def _point(vector: Array) -> Point:
    x, y, z = (float(value) for value in vector)
    return x, y, z
