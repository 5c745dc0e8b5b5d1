"""The user's own programs and exercises on the page, with their mistakes."""

from pathlib import Path

import pytest

from tests.page.pages import Pages, text
from voicecoach.own import Kind, begin


def spoil(path: Path, old: str, new: str) -> None:
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new), "utf-8")


def test_a_template_is_written_checked_and_shown(pages: Pages) -> None:
    made = pages.post("own", kind="program", name="My evening")
    assert "My evening (program): as it should be" in text(made).replace("<b>", "").replace("</b>", "")
    assert str(pages.places.own_programs / "my_evening.toml") in text(made)
    assert "Pelvic tilt" in text(pages.get("program/my_evening"))


def test_what_is_there_is_not_overwritten(pages: Pages) -> None:
    path = begin(pages.places, Kind.EXERCISE, "mine")
    path.write_text("# changed\n", "utf-8")
    refused = pages.post("own", kind="exercise", name="mine")
    assert refused.status_code == 422
    assert "is there already" in text(refused)
    assert path.read_text("utf-8") == "# changed\n"


@pytest.mark.parametrize("name", ["", "../mine", "a/b", "3 words", "x" * 41, "mine.toml"])
def test_a_name_that_can_be_none_is_refused(pages: Pages, name: str) -> None:
    refused = pages.post("own", kind="program", name=name)
    assert refused.status_code == 422
    assert "cannot be a name" in text(refused)


def test_each_mistake_is_told_at_its_file_and_the_others_stay_usable(pages: Pages) -> None:
    begin(pages.places, Kind.PROGRAM, "good")
    spoil(begin(pages.places, Kind.PROGRAM, "bad"), "hold_s = 5", "hold_s = 500")
    spoil(begin(pages.places, Kind.EXERCISE, "odd"), "rest_s = 5", "rest_s = 500")
    shown = text(pages.get("own"))
    assert "bad.toml: exercises[2].hold_s: is 500" in shown
    assert "odd.toml: rest_s: is 500, but must be a whole number from 2 to 60" in shown
    assert pages.get("program/good").status_code == 200
    assert "odd.toml" in text(pages.get(""))


def test_what_took_the_place_of_a_wrong_exercise_is_told_too(pages: Pages) -> None:
    spoil(begin(pages.places, Kind.EXERCISE, "first"), "rest_s = 5", "rest_s = 500")
    second = begin(pages.places, Kind.EXERCISE, "second")
    spoil(second, "seated_pelvic_tilt", "first")
    assert "'first' cannot take its place" in text(pages.get("own"))
    assert pages.get("exercise/second").status_code == 404
    assert pages.get("program/gentle").status_code == 200
