"""Drawings as a picture of dots, for documents and terminals."""

from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from voicecoach.care.exercise import Exercise
from voicecoach.drawing.flat import Flat, Outline
from voicecoach.drawing.outline import polygons
from voicecoach.drawing.scene import Scene, scene

INK, FAR, MOVING, MOVING_FAR, PAPER = "#1f2933", "#a3adb8", "#1c86d1", "#77b6e4", "#ffffff"
_PROPS = {"mat": "#dfe6ec", "floor": "#e8edf1", "wall": "#d5dde4", "chair": "#c3ad93", "roller": "#c3ad93"}
_GAP_CM = 2.2
_WIDTH_IN, _ROW_IN, _NAME_IN, _EDGE_IN = 10.0, 1.9, 0.34, 0.15
_DOTS_AN_INCH = 100
_POINTS_AN_INCH = 72
_OVER_EVERYTHING = 200


def png(exercises: Sequence[Exercise], columns: int = 1) -> bytes:
    """The key frames of each exercise side by side below its name; those without a figure are left out."""
    drawn = [(e.name, scene(e.figure, e.sides[0] if e.sides else None)) for e in exercises if e.figure]
    rows = -(-len(drawn) // columns)
    width, height = columns * _WIDTH_IN, rows * (_ROW_IN + _NAME_IN) + _EDGE_IN
    canvas = Canvas(figsize=(width, height), dpi=_DOTS_AN_INCH, facecolor=PAPER)
    for i, (name, each) in enumerate(drawn):
        left, top = (i // rows) * _WIDTH_IN + _EDGE_IN, height - (i % rows) * (_ROW_IN + _NAME_IN)
        canvas.text(left / width, (top - 0.28) / height, name, fontsize=13, weight="bold", color=INK)
        for x, w, h, frame in _places(each):
            bottom = top - _NAME_IN - _ROW_IN
            axes = canvas.add_axes(((left + x) / width, bottom / height, w / width, h / height))
            _draw(axes, each, frame, w * _POINTS_AN_INCH / each.box[2])
    out = BytesIO()
    canvas.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _places(drawn: Scene) -> Iterator[tuple[float, float, float, int]]:
    """Left edge, width and height in inches of each key frame that is shown."""
    _, _, width, height = drawn.box
    frames = drawn.different
    w = min((_WIDTH_IN - 2 * _EDGE_IN) / len(frames), _ROW_IN * width / height)
    for i, frame in enumerate(frames):
        yield i * w, w, w * height / width, frame


def _draw(axes: Axes, drawn: Scene, frame: int, points_a_cm: float) -> None:
    left, top, width, height = drawn.box
    axes.set_xlim(left, left + width)
    axes.set_ylim(top + height, top)
    axes.set_axis_off()
    shot, gap = drawn.frames[frame], _GAP_CM * points_a_cm
    for order, (kind, outline) in enumerate(drawn.props):
        _fill(axes, outline, _PROPS[kind], order)
    for order, (item, outline) in enumerate(zip(drawn.items, shot.outlines, strict=True), len(drawn.props)):
        near, far = (MOVING, MOVING_FAR) if item.moving else (INK, FAR)
        _fill(axes, outline, PAPER, order, gap)
        _fill(axes, outline, far if item.far else near, order)
    if shot.arrow is not None:
        _fill(axes, shot.arrow, PAPER, _OVER_EVERYTHING, gap)
        _fill(axes, shot.arrow, MOVING, _OVER_EVERYTHING)


def _fill(axes: Axes, outline: Outline, colour: str, order: int, gap: float = 0) -> None:
    path = Path.make_compound_path(*(_closed(each) for each in polygons(outline)))
    path.should_simplify = False
    patch = PathPatch(
        path, facecolor=colour, edgecolor=colour, linewidth=gap, joinstyle="round", zorder=order
    )
    patch.set_snap(False)  # edges that are rounded to whole dots look frayed
    axes.add_artist(patch)  # `add_patch` would measure each first, which takes ten times as long


def _closed(corners: Sequence[Flat]) -> Path:
    return Path(np.array([*corners, corners[0]]), closed=True)
