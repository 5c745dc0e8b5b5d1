"""A figure seen by the viewer: flat shapes in their order, with a place in every key frame."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, radians, sin

from voicecoach.care.exercise import Side
from voicecoach.care.figure import Figure, Part, Phase, Point, Pose, View
from voicecoach.drawing.arrow import arrow
from voicecoach.drawing.body import Shape, body
from voicecoach.drawing.flat import Flat, Outline
from voicecoach.drawing.motion import Motion, between, motion
from voicecoach.drawing.props import Face, pieces

_MARGIN = 5.0
_STEPS_BETWEEN = 3
_FAR_CM = 4.0
"""A limb that begins so much behind the middle of the trunk is drawn lighter."""
_PAIRS = ((Part.RIGHT_ARM, Part.LEFT_ARM), (Part.RIGHT_LEG, Part.LEFT_LEG))


@dataclass(frozen=True, slots=True)
class Item:
    """A part of the body in the picture."""

    part: Part
    moving: bool
    far: bool


@dataclass(frozen=True, slots=True)
class Shot:
    """One key frame."""

    phase: Phase
    outlines: tuple[Outline, ...]
    """of each item"""
    arrow: Outline | None


@dataclass(frozen=True, slots=True)
class Scene:
    props: tuple[tuple[str, Outline], ...]
    items: tuple[Item, ...]
    """what is behind comes first"""
    frames: tuple[Shot, ...]
    ways: Mapping[tuple[int, int], tuple[tuple[Outline, ...], ...]]
    """between two frames: what lies between, so that limbs keep their lengths"""
    box: tuple[float, float, float, float]
    """left, top, width, height"""

    @property
    def different(self) -> tuple[int, ...]:
        """The key frames that look like none before them."""
        looks = [shot.outlines for shot in self.frames]
        return tuple(i for i, look in enumerate(looks) if look not in looks[:i])


def scene(figure: Figure, side: Side | None = None) -> Scene:
    """What is seen of `figure` when it is done with `side`."""
    moves = motion(figure, side)
    seen = _camera(figure.view, moves.mirrored)
    poses = [frame.pose for frame in moves.frames]
    bodies = [body(pose) for pose in poses]
    items = _items(bodies, figure.view, moves)

    def outlines(pose: Pose) -> tuple[Outline, ...]:
        shapes = body(pose)
        return tuple(_outline(shapes[item.part], seen) for item in items)

    shots = tuple(
        Shot(frame.phase, outlines(frame.pose), _arrow([seen(point) for point in frame.arrow]))
        for frame in moves.frames
    )
    steps = [(i + 1) / (_STEPS_BETWEEN + 1) for i in range(_STEPS_BETWEEN)]
    ways = {
        (one, other): tuple(outlines(between(poses[one], poses[other], step)) for step in steps)
        for one, other in combinations(range(len(poses)), 2)
    }
    props = tuple((prop.kind.value, _outline(piece, seen)) for prop in figure.props for piece in pieces(prop))
    everything = [outline for _, outline in props] + [
        outline for shot in shots for outline in (*shot.outlines, shot.arrow) if outline is not None
    ]
    named = tuple(Item(_other(item.part), item.moving, item.far) for item in items)
    return Scene(props, named if moves.mirrored else items, shots, ways, _box(everything))


def _camera(view: View, mirrored: bool) -> Callable[[Point], Flat]:
    def seen(point: Point) -> Flat:
        x, y, depth = _turned(view, point)
        above = radians(view.above_deg)
        return (-x if mirrored else x), -(y * cos(above) - depth * sin(above))

    return seen


def _turned(view: View, point: Point) -> Point:
    x, y, z = point
    around = radians(view.around_deg)
    return x * cos(around) + z * sin(around), y, z * cos(around) - x * sin(around)


def _items(bodies: list[dict[Part, Shape]], view: View, moves: Motion) -> tuple[Item, ...]:
    """In the order in which they are drawn: what begins on the far side, or leads away, comes first."""

    def depth(part: Part, sphere: int) -> float:
        return sum(_turned(view, shapes[part].centres[sphere])[2] for shapes in bodies) / len(bodies)

    begins, depths = {}, {Part.TRUNK: 0.0, Part.HEAD: 0.5}
    for pair in _PAIRS:
        for part, other in (pair, pair[::-1]):
            begins[part] = (depth(part, 0) - depth(other, 0)) / 2
            leads = sum(depth(part, sphere) - depth(part, 0) for sphere in range(7)) / 7
            depths[part] = begins[part] + 0.35 * leads
    ordered = sorted(Part, key=lambda part: depths[part])
    return tuple(Item(part, part in moves.moving, begins.get(part, 0) < -_FAR_CM) for part in ordered)


def _arrow(points: Sequence[Flat]) -> Outline | None:
    return Outline(tuple(arrow(points))) if points else None


def _outline(piece: Shape | Face, seen: Callable[[Point], Flat]) -> Outline:
    if isinstance(piece, Face):
        return Outline(tuple(seen(corner) for corner in piece.corners))
    return Outline(tuple(seen(centre) for centre in piece.centres), piece.radii, piece.links)


def _other(part: Part) -> Part:
    name = part.value
    if name.startswith("right"):
        return Part(name.replace("right", "left"))
    return Part(name.replace("left", "right"))


def _box(outlines: list[Outline]) -> tuple[float, float, float, float]:
    reach = [(p, r) for o in outlines for p, r in zip(o.points, o.radii or (0,) * len(o.points), strict=True)]
    left = min(p[0] - r for p, r in reach) - _MARGIN
    top = min(p[1] - r for p, r in reach) - _MARGIN
    right = max(p[0] + r for p, r in reach) + _MARGIN
    bottom = max(p[1] + r for p, r in reach) + _MARGIN
    return left, top, right - left, bottom - top
