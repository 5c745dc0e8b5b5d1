"""A figure that cannot be drawn is refused with its file, its key and the reason."""

from pathlib import Path

import pytest

from voicecoach.care.figure import Phase
from voicecoach.library import Library, Own
from voicecoach.library.loader import PACKS
from voicecoach.tables import InputError

BRIDGE = (PACKS / "lower_back" / "exercises" / "bridge.toml").read_text("utf-8")
LINES = """
[lines]
name = "Mine"
set_up = ["Lie on your back."]
steps = ["Lift your hips."]
way_out = "Let your hips sink down."
brief = ["Lift your hips."]
begin = "Lift, and hold."
end = "And lower."
ease_out = ["Let your hips sink down."]
"""


def loaded(tmp_path: Path, text: str) -> Library:
    """With an exercise `mine` of the user's own."""
    (tmp_path / "exercises").mkdir(exist_ok=True)
    (tmp_path / "exercises" / "mine.toml").write_text(text + LINES, "utf-8")
    return Library(Own(tmp_path / "programs", tmp_path / "packs", tmp_path / "exercises"))


def test_an_exercise_of_ones_own_may_have_a_figure_or_none(tmp_path: Path) -> None:
    assert loaded(tmp_path, BRIDGE).exercises["mine"].figure == Library().exercises["bridge"].figure
    assert loaded(tmp_path, BRIDGE.partition("[figure]")[0]).exercises["mine"].figure is None


def test_what_a_frame_leaves_out_is_as_it_was_at_the_start(tmp_path: Path) -> None:
    figure = loaded(tmp_path, BRIDGE).exercises["mine"].figure
    assert figure is not None
    start, hold = figure.frames
    assert hold.phase is Phase.HOLD
    assert hold.pose.hips != start.pose.hips
    assert hold.pose.right_leg == start.pose.right_leg


HOLD_FRAME = BRIDGE[BRIDGE.rindex("[[figure.frames]]") :]
BAD = {
    "a word that is no moment": (
        'phase = "hold"',
        'phase = "held"',
        "figure.frames[1].phase",
        "must be one of",
    ),
    "no hold": ('phase = "hold"', 'phase = "start"', "figure.frames", "'hold'"),
    "a breath in a hold": (
        HOLD_FRAME,
        HOLD_FRAME + '\n[[figure.frames]]\nphase = "in"\n',
        "figure.frames[2].phase",
        "this dose has 'hold'",
    ),
    "no start": ('phase = "start"', 'phase = "hold"', "figure.frames[0].phase", "the first must be 'start'"),
    "only a start": (HOLD_FRAME, "", "figure.frames", "has 1 entries"),
    "no leg": ("left_leg = ", "# left_leg = ", "figure.frames[0].left_leg", "is missing"),
    "two numbers": ("hips = [5, 12, 0]", "hips = [5, 12]", "figure.frames[0].hips", "must be"),
    "too far away": ("hips = [5, 12, 0]", "hips = [5, 1200, 0]", "figure.frames[0].hips", "from -300 to 300"),
    "an unknown limb": ("right_leg = ", "right_log = ", "figure.frames[0].right_log", "known keys"),
    "an unknown key of a limb": (
        "right_arm = { to",
        "right_arm = { two",
        "figure.frames[0].right_arm.two",
        "to",
    ),
    "nothing moves": ('moving = ["trunk"]', "moving = []", "figure.moving", "has 0 entries"),
    "an unknown part": ('moving = ["trunk"]', 'moving = ["tail"]', "figure.moving", "must be one of"),
    "a neck that breaks": ("neck_deg = ", "neck_deg = 100 # ", "figure.frames[1].neck_deg", "from -90 to 90"),
    "both in turn and with sides": (
        'moving = ["trunk"]',
        'moving = ["trunk"]\nalternates = true',
        "figure.alternates",
        "sides",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_figure_that_cannot_be_drawn_is_refused_with_its_key(tmp_path: Path, name: str) -> None:
    old, new, key, reason = BAD[name]
    text = BRIDGE.replace("sides = []", 'sides = ["left"]') if "sides" in name else BRIDGE
    assert old in text
    lines = LINES.replace("begin =", 'sides = ["Left first."]\nbegin =') if "sides" in name else LINES
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "mine.toml").write_text(text.replace(old, new, 1) + lines, "utf-8")
    with pytest.raises(InputError) as refused:
        Library(Own(tmp_path / "programs", tmp_path / "packs", tmp_path / "exercises"))
    message = str(refused.value)
    assert "mine.toml" in message
    assert f": {key}" in message
    assert reason in message
