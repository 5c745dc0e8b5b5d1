"""What a body should not follow is refused, with the file, the key and the reason."""

import re
from pathlib import Path

import pytest

from voicecoach.care import Hold
from voicecoach.library import Library, Own
from voicecoach.tables import InputError

GOOD = """
name = "Mine"
description = "Two of my own choice."
exercises = [ { id = "bridge", hold_s = 7, sets = 2 }, { id = "cat_cow", breaths = 3 } ]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path


def program_file(own: Path, text: str | bytes) -> Library:
    data = text if isinstance(text, bytes) else text.encode()
    (own / "mine.toml").write_bytes(data)
    return Library(Own(own, own / "packs"))


def test_a_program_of_ones_own_is_found_and_played(own: Path) -> None:
    library = program_file(own, GOOD)
    assert "mine" in library.program_ids
    mine = library.program("mine")
    assert [e.id for e in mine.exercises] == ["bridge", "cat_cow"]
    dose = mine.exercises[0].dose
    assert isinstance(dose, Hold)
    assert dose.hold_s == 7
    assert mine.exercises[0].sets == 2


def test_a_program_can_be_given_by_its_path(own: Path) -> None:
    program_file(own, GOOD)
    assert Library().program(str(own / "mine.toml")).name == "Mine"


def test_a_folder_that_is_not_there_is_no_error(own: Path) -> None:
    assert Library(Own(own / "nothing", own / "nothing")).program_ids == Library().program_ids


def entries(text: str) -> str:
    return f'name = "Mine"\ndescription = "Mine."\nexercises = [{text}]\n'


BAD: dict[str, tuple[str | bytes, str, str]] = {
    "name missing": (GOOD.replace('name = "Mine"', ""), "name", "missing"),
    "description missing": ('name = "Mine"\nexercises = [{ id = "bridge" }]', "description", "missing"),
    "exercises missing": ('name = "Mine"\ndescription = "Mine."', "exercises", "missing"),
    "name no text": (GOOD.replace('"Mine"', "5"), "name", "must be a text"),
    "gentle no flag": (GOOD + "gentle = 1\n", "gentle", "must be true or false"),
    "a flag for a number": (entries('{ id = "bridge", hold_s = true }'), "hold_s", "must be a whole number"),
    "hold as text": (entries('{ id = "bridge", hold_s = "long" }'), "hold_s", "must be a whole number"),
    "negative hold": (entries('{ id = "bridge", hold_s = -5 }'), "exercises[0].hold_s", "from 1 to 10"),
    "no hold": (entries('{ id = "bridge", hold_s = 0 }'), "exercises[0].hold_s", "from 1 to 10"),
    "hold above the cap": (entries('{ id = "bridge", hold_s = 11 }'), "exercises[0].hold_s", "from 1 to 10"),
    "hold without end": (entries('{ id = "bridge", hold_s = 9999999999999 }'), "hold_s", "from 1 to 10"),
    "too many breaths": (entries('{ id = "cat_cow", breaths = 21 }'), "breaths", "from 1 to 20"),
    "too many sets": (entries('{ id = "bridge", sets = 1000 }'), "sets", "from 1 to 20"),
    "unknown exercise": (entries('{ id = "headstand" }'), "exercises[0].id", "no exercise 'headstand'"),
    "second entry wrong": (entries('{ id = "bridge" }, { id = "x" }'), "exercises[1].id", "no exercise"),
    "unknown key": (GOOD + 'colour = "red"\n', "colour", "not a key that belongs here"),
    "unknown key in entry": (entries('{ id = "bridge", reps = 2 }'), "exercises[0].reps", "not a key"),
    "breaths of a hold": (entries('{ id = "bridge", breaths = 2 }'), "exercises[0].breaths", "not a key"),
    "control characters": (GOOD.replace('"Mine"', '"Mi\\u001b[2Jne"'), "name", "printable"),
    "two lines": (GOOD.replace('"Mine"', '"Mine\\nis fine"'), "name", "one line"),
    "empty name": (GOOD.replace('"Mine"', '"  "'), "name", "one line"),
    "endless name": (GOOD.replace("Mine", "M" * 500), "name", "1 to 200"),
    "no exercise": (entries(""), "exercises", "a list of 1 to 40"),
    "ten thousand exercises": (entries('{ id = "bridge" },\n' * 4_000), "exercises", "has 4000 entries"),
    "hours of exercise": (entries('{ id = "bridge", sets = 20 },\n' * 40), "exercises", "at most 90 minutes"),
    "exercises no tables": (entries('"bridge"'), "exercises[0]", "must be a table"),
    "a huge file": ("#" * 100_001, "mine.toml", "larger than"),
    "ten thousand in a huge file": (entries('{ id = "bridge" },\n' * 10_000), "mine.toml", "larger than"),
    "invalid UTF-8": (b'name = "\xff\xfe"', "mine.toml", "cannot be read"),
    "no TOML": ("name = = 3", "mine.toml", "cannot be read"),
    "deeply nested": ("a = " + "[\n" * 40_000, "mine.toml", "nested more than"),
    "opt-in exercise": (entries('{ id = "lower_back_foam_rolling" }'), "exercises", "opt_in = true"),
}


@pytest.mark.parametrize("case", sorted(BAD))
@pytest.mark.fault(
    "a hostile program file: huge, negative hold, control characters, 10,000 entries",
    "refused with file, key and reason",
)
def test_a_bad_program_is_refused_with_file_key_and_reason(own: Path, case: str) -> None:
    text, key, reason = BAD[case]
    library = program_file(own, text)
    with pytest.raises(InputError) as refusal:
        library.program("mine")
    message = str(refusal.value)
    assert "mine.toml" in message
    assert key in message
    assert reason in message
    assert len(message) < 600
    assert message.isprintable(), "no escape sequence of a hostile file reaches the terminal"


@pytest.mark.fault("a program of three hours", "refused with its length: 90 minutes at most")
def test_a_program_that_is_too_long_is_refused_with_its_length(own: Path) -> None:
    """Forty exercises of twenty sets were accepted: three hours on the floor."""
    sets = {14: False, 20: True}
    for n, refused in sets.items():
        library = program_file(own, entries(f'{{ id = "knee_to_chest", sets = {n} }},\n' * 4))
        if refused:
            with pytest.raises(InputError, match=r"takes 1\d\d minutes, but may take at most 90 minutes"):
                library.program("mine")
        else:
            assert 60 < library.minutes(library.program("mine")) <= 90


def test_the_length_that_is_listed_is_the_one_that_is_limited(own: Path) -> None:
    library = Library()
    assert {name: library.minutes(library.program(name)) for name in library.program_ids} == {
        "desk": 7,
        "floor": 20,
        "full": 27,
        "gentle": 9,
        "roller": 9,
        "seated": 8,
        "stability": 19,
    }


def test_an_unreadable_program_is_refused_with_its_name(own: Path) -> None:
    (own / "mine.toml").mkdir()
    with pytest.raises(InputError, match=re.escape("mine.toml")):
        Library(Own(own, own)).program("mine")


def test_a_program_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(InputError, match=r"no program 'yoga'.*floor.*gentle"):
        Library().program("yoga")


def test_an_opt_in_program_may_hold_the_roller(own: Path) -> None:
    library = program_file(own, entries('{ id = "lower_back_foam_rolling" }') + "opt_in = true\n")
    assert library.program("mine").exercises[0].opt_in


def test_a_gentle_program_never_holds_longer_than_the_ordinary_one() -> None:
    library = Library()
    shorter = []
    for e in library.program("gentle").exercises:
        if isinstance(e.dose, Hold):
            ordinary = library.exercises[e.id].dose
            assert isinstance(ordinary, Hold)
            assert e.dose.hold_s <= ordinary.hold_s
            shorter.append(e.dose.hold_s < ordinary.hold_s)
    assert any(shorter)
