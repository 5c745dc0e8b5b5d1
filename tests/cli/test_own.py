"""Programs and exercises of one's own, from the template to the session."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli


@pytest.fixture
def run(home: Path) -> "Run":
    return Run(home)


class Run:
    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli, list(arguments))


def test_a_template_is_right_as_it_is_and_is_not_overwritten(run: Run) -> None:
    for kind in ("program", "exercise"):
        assert run(kind, "new", "mine").exit_code == 0
        checked = run(kind, "check", "mine")
        assert checked.exit_code == 0, checked.output
        assert run(kind, "new", "mine").exit_code == 2
        assert run(kind, "new", "../mine").exit_code == 2


def test_an_exercise_of_ones_own_is_played_in_a_program_of_ones_own(run: Run) -> None:
    run("exercise", "new", "heel_lift")
    run("program", "new", "evening")
    path = run.home / "data" / "programs" / "evening.toml"
    path.write_text(path.read_text("utf-8").replace("pelvic_tilt", "heel_lift"), "utf-8")
    shown = run("show", "evening")
    assert "Heel lift." in shown.output
    assert (
        "The movement in one sentence." in run("show", "heel_lift").output
        or "Say here what moves" in shown.output
    )


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("hold_max_s = 10 ", "hold_max_s = 500 ", "dose.hold_max_s"),
        ("contraindications = []", 'contraindications = ["gout"]', "contraindications"),
        ('["seated_pelvic_tilt"]', '["lower_back_foam_rolling"]', "substitutes"),
        ("ease_out = [", "ease_out = []\nother = [", "lines"),
        ("sides = [] ", 'sides = ["left"] ', "lines.sides"),
        ('equipment = ["mat"]', 'equipment = ["rope"]', "equipment.rope"),
    ],
)
def test_a_mistake_is_told_with_file_and_key(run: Run, old: str, new: str, key: str) -> None:
    run("exercise", "new", "mine")
    path = run.home / "data" / "exercises" / "mine.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    wrong = run("exercise", "check", "mine")
    assert wrong.exit_code == 2
    assert key in wrong.output
    assert "mine.toml" in wrong.output


@pytest.mark.parametrize(
    ("hold_s", "prescribed", "allowed"), [(11, False, False), (11, True, True), (121, True, False)]
)
def test_a_longer_hold_has_to_be_prescribed(run: Run, hold_s: int, prescribed: bool, allowed: bool) -> None:
    """A file may not exceed an exercise's longest hold without saying that a professional wants it."""
    run("program", "new", "mine")
    path = run.home / "data" / "programs" / "mine.toml"
    text = path.read_text("utf-8").replace("hold_s = 5", f"hold_s = {hold_s}")
    path.write_text(text.replace("# prescribed", "prescribed") if prescribed else text, "utf-8")
    checked = run("program", "check", "mine")
    assert (checked.exit_code == 0) is allowed, checked.output
    if not allowed:
        assert "exercises[2].hold_s" in checked.output
