"""What `show` prints, and the drawings that it leaves."""

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli


def show(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["show", *arguments])


def test_an_exercise_is_left_as_a_page_and_as_a_picture(home: Path) -> None:
    page, picture = home / "bridge.html", home / "bridge.png"
    done = show("Bridge", "--html", str(page), "--png", str(picture))
    assert done.exit_code == 0, done.output
    assert str(page) in done.output
    assert str(picture) in done.output
    assert "<svg" in page.read_text("utf-8")
    assert "Keep a straight line from shoulders to knees." in page.read_text("utf-8")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_a_program_is_drawn_from_its_first_exercise_to_its_last(home: Path) -> None:
    page = home / "seated.html"
    assert show("seated", "--html", str(page)).exit_code == 0
    text = page.read_text("utf-8")
    assert text.index("Seated pelvic tilt") < text.index("Seated cat and cow") < text.index("Seated rotation")


def test_a_drawing_takes_the_place_of_no_file(home: Path) -> None:
    page = home / "mine.html"
    page.write_text("mine", "utf-8")
    done = show("bridge", "--html", str(page))
    assert done.exit_code == 2
    assert "is there already" in done.output
    assert page.read_text("utf-8") == "mine"


def test_an_exercise_without_a_figure_is_told_how_to_get_one(home: Path) -> None:
    CliRunner().invoke(cli, ["exercise", "new", "heel_lift"])
    done = show("heel_lift", "--png", str(home / "heel_lift.png"))
    assert done.exit_code == 2
    assert "figure" in done.output
    assert not (home / "heel_lift.png").exists()


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("bridge", "Bridge"),
        ("Bridge", "Bridge"),
        ("brige", "Bridge"),
        ("pelvic tilt", "Pelvic tilt"),
        ("Pelvic-Tilt", "Pelvic tilt"),
        ("seated pelvic tilt", "Seated pelvic tilt"),
        ("cat cow", "Cat and cow"),
        ("flor", "Floor"),
        ("Seated", "Seated"),
    ],
)
def test_an_exercise_or_a_program_is_found_by_what_it_is_called_about(
    home: Path, called: str, name: str
) -> None:
    done = show(called)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{name}: ")


def test_a_name_that_is_like_nothing_is_answered_with_all_that_there_are(home: Path) -> None:
    done = show("anything")
    assert done.exit_code == 2
    assert "There is no exercise or program 'anything'." in done.output
    assert "desk, floor, full" in done.output
    assert "Pelvic tilt" in done.output
