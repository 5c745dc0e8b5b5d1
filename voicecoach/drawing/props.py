"""What stands or lies beside the body: mat, floor, chair, wall, roller, in centimetres."""

from dataclasses import dataclass
from math import cos, radians, sin

from voicecoach.care.figure import Point, Prop, PropKind
from voicecoach.drawing.body import Shape

SEAT_HEIGHT, SEAT_HALF, CHAIR_BACK_HEIGHT = 46.0, 21.0, 90.0
ROLLER_RADIUS, _ROLLER_HALF = 7.5, 30.0
_MAT_HALF, _MAT_HALF_WIDTH = 96.0, 32.0
_FLOOR_HALF, _FLOOR_HALF_WIDTH = 62.0, 26.0
_WALL_HALF_WIDTH, _WALL_HEIGHT = 32.0, 186.0
_WOOD = 2.2


@dataclass(frozen=True, slots=True)
class Face:
    """A flat piece with corners in their order."""

    corners: tuple[Point, ...]


def pieces(prop: Prop) -> tuple[Face | Shape, ...]:
    """What `prop` is drawn from, what is behind first."""
    x, _, z = prop.at
    match prop.kind:
        case PropKind.MAT:
            return (_ground(x, z, _MAT_HALF, _MAT_HALF_WIDTH),)
        case PropKind.FLOOR:
            return (_ground(x, z, _FLOOR_HALF, _FLOOR_HALF_WIDTH),)
        case PropKind.WALL:
            near, far = z + _WALL_HALF_WIDTH, z - _WALL_HALF_WIDTH
            return (Face(((x, 0, near), (x, 0, far), (x, _WALL_HEIGHT, far), (x, _WALL_HEIGHT, near))),)
        case PropKind.ROLLER:
            ends = ((x, ROLLER_RADIUS, z - _ROLLER_HALF), (x, ROLLER_RADIUS, z + _ROLLER_HALF))
            return (Shape(ends, (ROLLER_RADIUS, ROLLER_RADIUS), ((0, 1),)),)
        case PropKind.CHAIR:
            return _chair(prop)


def _ground(x: float, z: float, half: float, half_width: float) -> Face:
    left, right, far, near = x - half, x + half, z - half_width, z + half_width
    return Face(((left, 0, far), (right, 0, far), (right, 0, near), (left, 0, near)))


def _chair(prop: Prop) -> tuple[Face | Shape, ...]:
    turn = radians(prop.turn_deg)

    def at(ahead: float, height: float, right: float) -> Point:
        x, _, z = prop.at
        return (
            x + ahead * cos(turn) - right * sin(turn),
            height,
            z + ahead * sin(turn) + right * cos(turn),
        )

    half, top = SEAT_HALF, SEAT_HEIGHT - _WOOD
    corners = [at(a, top, r) for a, r in ((-half, -half), (half, -half), (half, half), (-half, half))]
    legs = [at(a, h, r) for a in (-half, half) for r in (-half, half) for h in (_WOOD, top)]
    rests = ((top, 0), (70, 3), (CHAIR_BACK_HEIGHT - _WOOD, 6))
    back = [at(-half - lean, h, r) for h, lean in rests for r in (-half, half)]
    return (
        _bars(legs, ((0, 1), (2, 3), (4, 5), (6, 7))),
        _bars(back, ((0, 2), (2, 4), (1, 3), (3, 5), (4, 5), (2, 3))),
        Face(tuple(corners)),
        _bars(corners, ((0, 1), (1, 2), (2, 3), (3, 0))),
    )


def _bars(points: list[Point], links: tuple[tuple[int, int], ...]) -> Shape:
    return Shape(tuple(points), tuple(_WOOD for _ in points), links)
