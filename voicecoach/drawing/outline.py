"""The outline of two joined discs, a bone with its flesh: figure.js has the same for what moves in a page."""

from math import acos, atan2, cos, hypot, pi, sin

from voicecoach.drawing.flat import Flat, Outline

_LEAST = 0.02
"""An angle below which an arc would vanish, because one disc lies in the other."""
_CORNERS = 16


def path(outline: Outline) -> str:
    """As the data of an SVG path."""
    if not outline.links:
        return "M" + "L".join(_text(point) for point in outline.points) + "Z"
    points, radii = outline.points, outline.radii
    return "".join(_bone(points[a], points[b], radii[a], radii[b]) for a, b in outline.links)


def polygons(outline: Outline) -> list[list[Flat]]:
    """The same with corners, for pictures of dots."""
    if not outline.links:
        return [list(outline.points)]
    points, radii = outline.points, outline.radii
    return [_corners(points[a], points[b], radii[a], radii[b]) for a, b in outline.links]


def _bone(a: Flat, b: Flat, a_radius: float, b_radius: float) -> str:
    towards, opening = _tangents(a, b, a_radius, b_radius)
    one, other = towards + opening, towards - opening
    round_b, round_a = int(opening > pi / 2), int(opening < pi / 2)
    return (
        f"M{_text(_on(a, a_radius, one))}L{_text(_on(b, b_radius, one))}"
        f"A{b_radius} {b_radius} 0 {round_b} 0 {_text(_on(b, b_radius, other))}"
        f"L{_text(_on(a, a_radius, other))}"
        f"A{a_radius} {a_radius} 0 {round_a} 0 {_text(_on(a, a_radius, one))}Z"
    )


def _corners(a: Flat, b: Flat, a_radius: float, b_radius: float) -> list[Flat]:
    towards, opening = _tangents(a, b, a_radius, b_radius)
    steps = [i / _CORNERS for i in range(_CORNERS + 1)]
    around_b = [_on(b, b_radius, towards + opening * (1 - 2 * step)) for step in steps]
    around_a = [_on(a, a_radius, towards - opening - 2 * (pi - opening) * step) for step in steps]
    return around_b + around_a


def _tangents(a: Flat, b: Flat, a_radius: float, b_radius: float) -> tuple[float, float]:
    """The direction from `a` to `b`, and how far from it the tangents touch, as angles."""
    distance = max(hypot(b[0] - a[0], b[1] - a[1]), 1e-6)
    opening = acos(max(-1.0, min(1.0, (a_radius - b_radius) / distance)))
    return atan2(b[1] - a[1], b[0] - a[0]), min(max(opening, _LEAST), pi - _LEAST)


def _on(centre: Flat, radius: float, angle: float) -> Flat:
    return centre[0] + radius * cos(angle), centre[1] + radius * sin(angle)


def _text(point: Flat) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
