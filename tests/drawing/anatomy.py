"""What an adult's joints can do, and whether a drawn pose keeps to it.

Ranges of motion, generous by some degrees, after the usual tables (American Academy of Orthopaedic Surgeons):
a drawing may show what somebody stiff will not reach, but nothing that nobody can.
"""

from collections.abc import Iterator

import numpy as np

from voicecoach.care.figure import Figure, Frame, Part, Point, Pose, PropKind, Support
from voicecoach.drawing.body import Array, Shape, body, pelvis_axes
from voicecoach.drawing.props import CHAIR_BACK_HEIGHT, ROLLER_RADIUS, SEAT_HALF, SEAT_HEIGHT

KNEE_DEG, ELBOW_DEG = (0, 160), (0, 150)
HIP_FLEXION_DEG, HIP_ABDUCTION_DEG, HIP_ROTATION_DEG = (-30, 135), (-35, 60), 60
LUMBAR_DEG, CHEST_DEG, NECK_DEG, SIDE_BEND_DEG, TWIST_DEG = (-40, 60), (-30, 45), (-60, 50), 35, 45
FLOOR_CM, TOUCH_CM = 1.0, 2.5
"""How far a drawing may sink into the floor, and how near what carries weight must be."""
JOINT, MIDDLE, END, TIP, HEEL = 0, 2, 4, 5, 6
"""Spheres of a limb: hip or shoulder, knee or elbow, ankle or wrist; ball of the foot or knuckles, heel."""
LEGS = (Part.RIGHT_LEG, Part.LEFT_LEG)
ARMS = (Part.RIGHT_ARM, Part.LEFT_ARM)


def strains(pose: Pose) -> Iterator[str]:
    """Every joint that is bent the wrong way or too far."""
    shapes = body(pose)
    for leg in LEGS:
        yield from _out(f"{leg} knee", _bent(shapes[leg]), KNEE_DEG)
        flexion, abduction, rotation = _hip(pose, leg, shapes[leg])
        yield from _out(f"{leg} hip flexion", flexion, HIP_FLEXION_DEG)
        if abs(flexion) < 90:  # beyond it the angle in the plane of the shoulders says nothing
            yield from _out(f"{leg} hip abduction", abduction, HIP_ABDUCTION_DEG)
        yield from _out(
            f"{leg} knee, turned about the thigh,", rotation, (-HIP_ROTATION_DEG, HIP_ROTATION_DEG)
        )
    for arm in ARMS:
        yield from _out(f"{arm} elbow", _bent(shapes[arm]), ELBOW_DEG)
    yield from _out("lower back", pose.lumbar_deg, LUMBAR_DEG)
    yield from _out("upper back", pose.chest_deg, CHEST_DEG)
    yield from _out("neck", pose.neck_deg, NECK_DEG)
    yield from _out("side bend", pose.side_bend_deg, (-SIDE_BEND_DEG, SIDE_BEND_DEG))
    yield from _out("twist", pose.twist_deg, (-TWIST_DEG, TWIST_DEG))


def _out(name: str, angle: float, allowed: tuple[float, float]) -> Iterator[str]:
    if not allowed[0] - 1e-6 <= angle <= allowed[1] + 1e-6:
        yield f"{name} at {angle:.0f}°, but it goes from {allowed[0]}° to {allowed[1]}°"


def _bent(limb: Shape) -> float:
    upper, lower = _bone(limb, JOINT, MIDDLE), _bone(limb, MIDDLE, END)
    return float(np.degrees(np.arccos(np.clip(upper @ lower, -1, 1))))


def _hip(pose: Pose, leg: Part, limb: Shape) -> tuple[float, float, float]:
    """Flexion, abduction, and how far the knee is turned from where it points by itself."""
    forward, up, right = (np.array(axis) for axis in pelvis_axes(pose))
    outward = right if leg is Part.RIGHT_LEG else -right
    thigh, shin = _bone(limb, JOINT, MIDDLE), _bone(limb, MIDDLE, END)
    flexion = float(np.degrees(np.arctan2(thigh @ forward, -thigh @ up)))
    abduction = float(np.degrees(np.arcsin(np.clip(thigh @ outward, -1, 1))))
    if _bent(limb) < 20:  # a straight knee does not say how the thigh is turned
        return flexion, abduction, 0.0
    hinge = np.cross(shin, thigh)  # to the right, for a knee that bends as knees do
    within = thigh - (thigh @ right) * right
    natural = _carried(within / np.linalg.norm(within), thigh, right)
    cosine = hinge @ natural / np.linalg.norm(hinge)
    return flexion, abduction, float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _carried(a: Array, b: Array, vector: Array) -> Array:
    """`vector` after the shortest turn that takes `a` to `b`."""
    cross, cosine = np.cross(a, b), float(a @ b)
    carried: Array = (
        vector + np.cross(cross, vector) + np.cross(cross, np.cross(cross, vector)) / (1 + cosine)
    )
    return carried


def _bone(limb: Shape, a: int, b: int) -> Array:
    bone = np.array(limb.centres[b]) - np.array(limb.centres[a])
    unit: Array = bone / np.linalg.norm(bone)
    return unit


def in_the_air(figure: Figure, frame: Frame) -> Iterator[str]:
    """What is said to carry weight, and touches nothing."""
    shapes = body(frame.pose)
    for support in frame.rests:
        gap = min(_gap(figure, *sphere) for sphere in _spheres(shapes, support))
        if gap > TOUCH_CM:
            yield f"{support} is {gap:.0f} cm from what it rests on"


def _spheres(shapes: dict[Part, Shape], support: Support) -> list[tuple[Point, float]]:
    trunk, head = shapes[Part.TRUNK], shapes[Part.HEAD]
    match support:
        case Support.HEAD:
            return _of(head, range(2, 6))
        case Support.SHOULDERS:
            return _of(trunk, range(6, 11))
        case Support.BACK:
            return _of(trunk, range(2, 8))
        case Support.HIPS:
            return [*_of(trunk, (0, 1)), *(s for leg in LEGS for s in _of(shapes[leg], (JOINT,)))]
    side, _, place = support.value.partition("_")
    limb = shapes[Part(f"{side}_{'arm' if place in ('hand', 'elbow') else 'leg'}")]
    spheres = {"hand": (END, TIP, 6), "elbow": (MIDDLE,), "knee": (MIDDLE,), "foot": (TIP, HEEL)}
    return _of(limb, spheres[place])


def _of(shape: Shape, which: "range | tuple[int, ...]") -> list[tuple[Point, float]]:
    return [(shape.centres[i], shape.radii[i]) for i in which]


def _gap(figure: Figure, centre: Point, radius: float) -> float:
    """Between a sphere and the nearest thing that can carry it."""
    x, y, z = centre
    gaps = [abs(y)]
    for prop in figure.props:
        px, _, pz = prop.at
        match prop.kind:
            case PropKind.WALL:
                gaps.append(abs(px - x))
            case PropKind.ROLLER:
                gaps.append(abs(float(np.hypot(px - x, ROLLER_RADIUS - y)) - ROLLER_RADIUS))
            case PropKind.CHAIR:
                beside = max(abs(px - x), abs(pz - z)) - SEAT_HALF
                gaps.append(float(np.hypot(max(beside, 0), y - SEAT_HEIGHT)))
                gaps.append(float(np.hypot(px - SEAT_HALF - 6 - x, y - CHAIR_BACK_HEIGHT)))
    return min(gaps) - radius
