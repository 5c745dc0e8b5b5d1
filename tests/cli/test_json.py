"""What prints data prints it for programs as well, under keys that stay."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from voicecoach.audio import Device
from voicecoach.cli import cli, devices


def read(*arguments: str) -> Any:
    told = CliRunner().invoke(cli, [*arguments, "--json"])
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


def test_programs_with_what_is_wrong_with_them(home: Path) -> None:
    own = home / "data" / "programs"
    own.mkdir(parents=True)
    (own / "mine.toml").write_text('name = "M"\ndescription = "x"\nexercises = [{ id = "nothing" }]\n')
    found = {program["name"]: program for program in read("list")}
    assert found["floor"].keys() == {"name", "description", "minutes", "exercises", "problem"}
    assert found["floor"]["minutes"] > 10
    assert "bridge" in found["full"]["exercises"]
    assert found["floor"]["problem"] is None
    assert "there is no exercise 'nothing'" in found["mine"]["problem"]
    assert found["mine"]["exercises"] is None


def test_an_exercise_and_a_program_as_they_are_spoken() -> None:
    bridge, floor = read("show", "bridge"), read("show", "floor")
    assert (bridge["kind"], bridge["id"]) == ("exercise", "bridge")
    assert (floor["kind"], floor["id"]) == ("program", "floor")
    assert bridge["lines"][0].keys() == {"exercise", "text", "wait_s", "hold_s"}
    assert any(line["hold_s"] == 5 and "three" in line["text"] for line in bridge["lines"])
    assert bridge["if_it_hurts"]
    assert len({line["exercise"] for line in floor["lines"]}) > 5


def test_voices_with_the_one_that_is_chosen(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text('voice = "hibari:heart"\n')
    (heart,) = [voice for voice in read("voices") if voice["chosen"]]
    assert heart == {
        "driver": "hibari",
        "voice": "hibari:heart",
        "chosen": True,
        "usual": True,
        "problem": None,
    }
    assert {voice["driver"] for voice in read("voices", "espeak")} == {"espeak"}


def test_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    headset = Device(3, "Headset (cable), grün", "ALSA", 1, 2, True, False)
    monkeypatch.setattr(devices, "list_devices", lambda fetch: [headset])
    assert read("devices") == [
        {
            "index": 3,
            "name": "Headset (cable), grün",
            "system": "ALSA",
            "inputs": 1,
            "outputs": 2,
            "default_input": True,
            "default_output": False,
        }
    ]


def test_answers_about_oneself() -> None:
    assert read("profile", "show") == {}
