"""Places and outlines in the picture, in centimetres to the right and down."""

from dataclasses import dataclass

Flat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """Discs and the links between them; without links, a polygon."""

    points: tuple[Flat, ...]
    radii: tuple[float, ...] = ()
    links: tuple[tuple[int, int], ...] = ()
