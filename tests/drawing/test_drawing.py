"""Every exercise is drawn, the right limb moves, and a drawing can be seen by whoever needs to see it."""

import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from voicecoach.care import Breaths, Dose, Exercise, Hold, Side
from voicecoach.care.figure import Figure, Part, Phase, Pose
from voicecoach.drawing import page, png, svg
from voicecoach.drawing.body import body
from voicecoach.drawing.flat import Outline
from voicecoach.drawing.motion import motion
from voicecoach.drawing.scene import Scene, scene
from voicecoach.testing import LIBRARY

EXERCISES = list(LIBRARY.exercises.values())
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
VISIBLY_CM = 1.5
MOVES = {  # what the line of a side means; on the right side lying, the upper leg is the left one
    ("bird_dog", Side.LEFT): {Part.LEFT_LEG, Part.RIGHT_ARM},
    ("bird_dog", Side.RIGHT): {Part.RIGHT_LEG, Part.LEFT_ARM},
    ("clam", Side.LEFT): {Part.RIGHT_LEG},
    ("clam", Side.RIGHT): {Part.LEFT_LEG},
    ("knee_to_chest", Side.LEFT): {Part.LEFT_LEG},
    ("knee_to_chest", Side.RIGHT): {Part.RIGHT_LEG},
    ("knee_to_chest", Side.BOTH): {Part.LEFT_LEG, Part.RIGHT_LEG},
    ("seated_rotation", Side.LEFT): {Part.TRUNK},
    ("seated_rotation", Side.RIGHT): {Part.TRUNK},
    ("side_plank_knees", Side.LEFT): {Part.TRUNK},
    ("side_plank_knees", Side.RIGHT): {Part.TRUNK},
    ("standing_side_bend", Side.LEFT): {Part.TRUNK, Part.LEFT_ARM},
    ("standing_side_bend", Side.RIGHT): {Part.TRUNK, Part.RIGHT_ARM},
}


def figure_of(exercise: Exercise) -> Figure:
    assert exercise.figure is not None
    return exercise.figure


def sides_of(exercise: Exercise) -> tuple[Side | None, ...]:
    return exercise.sides or (None,)


def phases_of(dose: Dose) -> set[Phase]:
    if isinstance(dose, Hold):
        return {Phase.START, Phase.HOLD}
    return {Phase.START, Phase.IN, Phase.OUT} if isinstance(dose, Breaths) else {Phase.START, Phase.LOOP}


@every_exercise
def test_every_exercise_is_drawn_at_each_moment_of_its_dose(exercise: Exercise) -> None:
    for side in sides_of(exercise):
        drawn = scene(figure_of(exercise), side)
        assert {shot.phase for shot in drawn.frames} == phases_of(exercise.dose)
        assert 2 <= len(drawn.different) <= 4


@every_exercise
def test_what_is_marked_as_moving_moves_and_nothing_else_moves_as_far(exercise: Exercise) -> None:
    """Of the limbs: trunk and head carry them along."""
    for side in sides_of(exercise):
        drawn = scene(figure_of(exercise), side)
        way = {item.part: _way(drawn, i) for i, item in enumerate(drawn.items)}
        moving = {item.part for item in drawn.items if item.moving}
        assert all(way[part] > VISIBLY_CM for part in moving), way
        if Part.TRUNK not in moving:
            ways = [way[part] for part in way if part not in moving]
            assert max(ways, default=0) < max(way[part] for part in moving), way


def _way(drawn: Scene, item: int) -> float:
    first = drawn.frames[0].outlines[item]
    return max(_apart(first, shot.outlines[item]) for shot in drawn.frames)


def _apart(one: Outline, other: Outline) -> float:
    pairs = zip(one.points, other.points, strict=True)
    return max(max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in pairs)


@pytest.mark.parametrize(("name", "side"), MOVES)
def test_the_limb_that_is_spoken_of_is_the_one_that_is_marked(name: str, side: Side) -> None:
    drawn = scene(figure_of(LIBRARY.exercises[name]), side)
    assert {item.part for item in drawn.items if item.moving} == MOVES[name, side]


def test_every_side_of_every_exercise_has_been_thought_of() -> None:
    assert set(MOVES) == {(e.id, side) for e in EXERCISES for side in e.sides}


@every_exercise
def test_the_left_side_is_the_mirrored_right_side(exercise: Exercise) -> None:
    if not exercise.sides:
        return
    left, right = scene(figure_of(exercise), Side.LEFT), scene(figure_of(exercise), Side.RIGHT)
    for ours, theirs in zip(left.frames, right.frames, strict=True):
        for a, b in zip(ours.outlines, theirs.outlines, strict=True):
            assert [(-x, y) for x, y in a.points] == pytest.approx(list(b.points))


@pytest.mark.parametrize("name", ["dead_bug", "heel_slides", "knee_rolls"])
def test_where_legs_alternate_the_second_breath_out_is_for_the_other_one(name: str) -> None:
    exercise = LIBRARY.exercises[name]
    one, other = (frame.pose for frame in motion(figure_of(exercise)).frames if frame.phase is Phase.OUT)
    ours, theirs = body(one), body(other)
    for x, y, z in ours[Part.RIGHT_LEG].centres:
        assert any((x, y, -z) == pytest.approx(centre) for centre in theirs[Part.LEFT_LEG].centres)
    assert ours[Part.RIGHT_LEG] != theirs[Part.RIGHT_LEG]


def test_cat_and_cow_round_and_sink() -> None:
    """The middle of the back is above or below the line from hips to shoulders."""
    figure = figure_of(LIBRARY.exercises["cat_cow"])
    cow, cat = (_risen(frame.pose) for frame in figure.frames[1:])
    assert cow < -2
    assert cat > 4


def _risen(pose: Pose) -> float:
    heights = [centre[1] for centre in body(pose)[Part.TRUNK].centres]
    return heights[4] - (heights[0] + heights[-1]) / 2


@every_exercise
def test_a_drawing_says_what_it_is_and_fits_light_and_dark_pages(exercise: Exercise) -> None:
    element = ET.fromstring(svg(figure_of(exercise), sides_of(exercise)[0], 'Cat & "cow"'))
    assert element.get("role") == "img"
    assert element.get("aria-label") == element.findtext("title") == 'Cat & "cow"'
    colours = {path.get("fill") for path in element.iter("path")}
    assert {"currentColor", "Canvas"} <= colours
    assert not colours & {"black", "white", "#000", "#fff"}
    assert any("moving" in (path.get("class") or "").split() for path in element.iter("path"))


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        names = {name for name, _ in attrs}
        assert not names & {"src", "href", "style", "onload", "onclick"}, "it fetches or runs something"


def test_the_page_of_a_program_has_a_drawing_and_the_lines_of_each_exercise() -> None:
    program = LIBRARY.program("floor")
    text = page(program.name, program.description, program.exercises)
    tags = _Tags(text).tags
    assert tags.count("section") == len(program.exercises)
    assert tags.count("svg") >= 2 * len(program.exercises)
    assert "script" not in tags
    for exercise in program.exercises:
        for line in (exercise.name, *exercise.lines.steps, *exercise.lines.ease_out):
            assert line.replace("'", "&#x27;") in text


def test_a_name_with_angle_brackets_is_a_name() -> None:
    bridge = LIBRARY.exercises["bridge"]
    odd = replace(bridge, lines=replace(bridge.lines, name="<b>"))
    assert "<b>" not in page("<b>", "<b>", [odd])


def test_a_picture_has_a_row_for_each_exercise() -> None:
    one, two = png(EXERCISES[:1]), png(EXERCISES[:2])
    assert one.startswith(b"\x89PNG")
    assert struct.unpack(">I", two[20:24])[0] > 1.5 * struct.unpack(">I", one[20:24])[0]


def test_an_exercise_without_a_figure_has_a_page_all_the_same() -> None:
    bare = replace(LIBRARY.exercises["bridge"], figure=None)
    assert "svg" not in _Tags(page(bare.name, "", [bare])).tags
