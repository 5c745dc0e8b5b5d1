"""Drawings of the exercises, from the key frames of their figures."""

from pathlib import Path

from voicecoach.drawing.page import page
from voicecoach.drawing.png import png
from voicecoach.drawing.scene import scene
from voicecoach.drawing.svg import still, svg

SCRIPT = Path(__file__).with_name("figure.js")
"""Moves the drawings in a page: `pose(svg, phase, cycle, durationMs)`."""

__all__ = ["SCRIPT", "page", "png", "scene", "still", "svg"]
