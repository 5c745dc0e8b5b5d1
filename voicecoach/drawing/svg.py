"""A drawing for a page: at one key frame, with what figure.js needs to move it to the others.

`currentColor` is the body and `Canvas`, the page's own background, the gap around its parts; so it can be
seen in light and dark pages. A page may colour `.moving`, `.gap`, `.wood`, `.ground` and `.arrow` anew.
"""

import json
from collections.abc import Iterable, Iterator
from html import escape

from voicecoach.care.exercise import Side
from voicecoach.care.figure import Figure
from voicecoach.drawing.flat import Outline
from voicecoach.drawing.outline import path
from voicecoach.drawing.scene import Item, Scene, scene

MOVING, WOOD = "#1c86d1", "#b59a78"
_FAR_OPACITY, _FAR_MOVING_OPACITY, _GROUND_OPACITY = "0.45", "0.65", "0.13"
_GAP = 2.2
_WOODEN = ("chair", "roller")


def svg(figure: Figure, side: Side | None = None, title: str = "") -> str:
    """`figure` done with `side`, at its start; `pose` of figure.js moves it. `title`: the exercise's name."""
    drawn = scene(figure, side)
    return _element(drawn, 0, title, f' data-frames="{escape(_frames(drawn))}"')


def still(drawn: Scene, frame: int, title: str) -> str:
    """One key frame, to be printed; its arrow shows the way into it."""
    return _element(drawn, frame, title, "")


def _element(drawn: Scene, frame: int, title: str, data: str) -> str:
    box = " ".join(f"{value:.1f}" for value in drawn.box)
    shot = drawn.frames[frame]
    parts = zip(drawn.items, shot.outlines, strict=True)
    arrows = enumerate(each.arrow for each in drawn.frames) if data else [(frame, shot.arrow)]
    return (
        f'<svg class="figure" viewBox="{box}" role="img" aria-label="{escape(title)}"{data}>'
        f"<title>{escape(title)}</title>"
        f"{''.join(_props(drawn))}{''.join(_part(*each) for each in parts)}"
        f"{''.join(_arrow(i, outline, i == frame) for i, outline in arrows if outline)}</svg>"
    )


def _props(drawn: Scene) -> Iterator[str]:
    for kind, outline in drawn.props:
        look = (
            f'class="wood" fill="{WOOD}"'
            if kind in _WOODEN
            else f'class="ground" fill="currentColor" opacity="{_GROUND_OPACITY}"'
        )
        yield f'<path {look} d="{path(outline)}"/>'


def _part(item: Item, outline: Outline) -> str:
    classes = " ".join(name for name, is_so in (("moving", item.moving), ("far", item.far)) if is_so)
    colour = MOVING if item.moving else "currentColor"
    opacity = _FAR_MOVING_OPACITY if item.moving else _FAR_OPACITY
    lighter = f' opacity="{opacity}"' if item.far else ""
    data = path(outline)
    return (
        f'<g class="part" data-part="{item.part}">'
        f'<path class="gap" fill="Canvas" stroke="Canvas" stroke-width="{_GAP}" stroke-linejoin="round" '
        f'd="{data}"/><path class="{classes}" fill="{colour}"{lighter} d="{data}"/></g>'
    )


def _arrow(frame: int, outline: Outline, shown: bool) -> str:
    hidden = "" if shown else ' visibility="hidden"'
    return (
        f'<path class="arrow" data-frame="{frame}" fill="{MOVING}" stroke="Canvas" stroke-width="{_GAP}" '
        f'paint-order="stroke"{hidden} d="{path(outline)}"/>'
    )


def _frames(drawn: Scene) -> str:
    """For figure.js: which discs are joined, and where they are in each key frame and on the ways between."""
    shapes = drawn.frames[0].outlines
    return json.dumps(
        {
            "parts": [{"radii": each.radii, "links": each.links} for each in shapes],
            "frames": [{"phase": shot.phase, "at": _at(shot.outlines)} for shot in drawn.frames],
            "ways": {f"{a}-{b}": [_at(step) for step in way] for (a, b), way in drawn.ways.items()},
        },
        separators=(",", ":"),
    )


def _at(outlines: Iterable[Outline]) -> list[float]:
    return [round(value, 2) for outline in outlines for point in outline.points for value in point]
