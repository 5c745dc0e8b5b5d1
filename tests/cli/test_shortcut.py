"""voicecoach shortcut: what a user types, and what is said and written then."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.desktop.conftest import at_gnome, files_below, home  # noqa: F401
from voicecoach.cli import cli

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="freedesktop entries")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["shortcut", *arguments])


def listed() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("list", "--json").output)
    return found


@pytest.mark.usefixtures("home")
def test_without_a_program_the_icon_starts_what_the_coach_chooses() -> None:
    wrote = run("install")
    assert wrote.exit_code == 0, wrote.output
    (mine,) = listed()
    assert (mine["name"], mine["program"], mine["hotkey"]) == ("Back exercises", None, None)
    entry = Path(str(mine["files"][-1]))  # type: ignore[index]
    assert f"wrote {entry}" in wrote.output
    lines = entry.read_text().splitlines()
    assert next(line for line in lines if line.startswith("Exec=")).endswith(
        "-m voicecoach start --hands-free --page"
    )


@pytest.mark.usefixtures("home")
def test_the_menu_of_the_icon_has_every_way_to_begin() -> None:
    run("install", "floor")
    text = Path(str(listed()[0]["files"][0])).read_text()  # type: ignore[index]
    starts = [line.partition("voicecoach ")[2] for line in text.splitlines() if line.startswith("Exec=")]
    assert starts == [
        "start floor --hands-free --page",
        "start --hands-free --page",
        "start desk --hands-free --page",
        "open try",
        "open",
    ]


@pytest.mark.usefixtures("home")
def test_one_is_removed_by_its_program_or_its_name_and_the_others_stay() -> None:
    run("install")
    run("install", "--program", "desk")
    run("install", "--program", "gentle", "--name", "Good morning, back")
    assert [each["program"] for each in listed()] == [None, "desk", "gentle"]
    removed = run("remove", "desk")
    assert "Back exercises (desk):\n  removed " in removed.output
    assert run("remove", "Good morning, back").exit_code == 0
    assert [each["name"] for each in listed()] == ["Back exercises"]
    assert run("remove").exit_code == 0
    assert "no shortcut" in run("remove").output
    assert "no shortcut" in run("list").output


@pytest.mark.usefixtures("home")
def test_which_one_to_remove_is_asked_and_a_slip_is_answered() -> None:
    for name in ("one", "two"):
        run("install", "--program", "desk", "--name", name)
    for which in ([], ["desk"]):
        refused = run("remove", *which)
        assert refused.exit_code == 2
        assert "Which one: 'one', 'two'?" in refused.output
    assert "Did you mean 'one'?" in run("remove", "onee").output
    assert len(listed()) == 2


def test_all_of_them_are_removed_at_once(home: Path) -> None:  # noqa: F811
    run("install")
    run("install", "desk")
    assert run("remove", "--all").exit_code == 0
    assert files_below(home) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["flor"], "Did you mean 'floor'?"),
        (["floor", "--program", "desk"], "once"),
        (["--name", " "], "1 to 60 printable characters"),
        (["--name", "x" * 61], "1 to 60 printable characters"),
        (["--hotkey", "b"], "Write it like <Super>b"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(
    home: Path,  # noqa: F811
    arguments: list[str],
    said: str,
) -> None:
    refused = run("install", *arguments)
    assert refused.exit_code == 2
    assert said in refused.output
    assert files_below(home / ".local") == files_below(home / "Desktop") == []


@pytest.mark.usefixtures("home")
def test_where_no_hot_key_can_be_set_both_commands_to_bind_by_hand_are_told() -> None:
    wrote = run("install", "--hotkey", "<Super>b")
    assert wrote.exit_code == 0
    assert "Super+B was not set" in wrote.output
    assert "-m voicecoach start --hands-free --page\n" in wrote.output
    assert "-m voicecoach send stop\n" in wrote.output
    assert listed()[0]["hotkey"] is None


@pytest.mark.usefixtures("at_gnome")
def test_a_renewed_icon_keeps_its_hot_key() -> None:
    assert "Super+B starts it" in run("install", "--hotkey", "<Super>b").output
    assert "Super+B starts it" in run("install").output
    assert listed()[0]["hotkey"] == "Super+B"
    assert "Super+B is free" in run("remove").output


def test_a_program_in_a_file_is_found_from_wherever_the_icon_is_used(
    home: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(home)
    file = home / "evening.toml"
    file.write_text('name = "E"\ndescription = "x"\nexercises = [{ id = "bridge" }]\n')
    assert run("install", "--program", "evening.toml").exit_code == 0
    assert listed()[0]["program"] == str(file)
    assert listed()[0]["name"] == "Back exercises (evening)"
