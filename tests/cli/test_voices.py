"""What `voices` prints: what there is to choose from, in lines that can be copied into the settings."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.speaking.own_voice import install
from voicecoach.cli import cli
from voicecoach.speaking import espeak_driver


@pytest.fixture(autouse=True)
def settings(home: Path) -> Path:
    """The user's settings, which are not there yet."""
    (home / "config").mkdir()
    return home / "config" / "settings.toml"


def voices(*arguments: str) -> list[str]:
    told = CliRunner().invoke(cli, ["voices", *arguments])
    assert told.exit_code == 0, told.output
    return told.stdout.splitlines()


def test_the_usual_voices_are_listed_and_how_to_see_the_many_others() -> None:
    others = len(espeak_driver.voices()) - 1
    assert voices() == [
        "hibari:heart  (usual)",
        "espeak:gmw/en-US",
        f"espeak: {others} more: voicecoach voices espeak",
    ]


def test_those_of_one_driver_are_all_listed() -> None:
    assert voices("espeak") == [f"espeak:{name}" for name in espeak_driver.voices()]
    assert "espeak:gmw/en-GB-scotland" in voices("espeak")


def test_the_chosen_one_is_marked(settings: Path) -> None:
    settings.write_text('voice = "espeak:gmw/en-GB-scotland"\n')
    assert voices()[:3] == [
        "hibari:heart  (usual)",
        "espeak:gmw/en-GB-scotland  (chosen)",
        "espeak:gmw/en-US",
    ]


def test_of_a_driver_that_is_chosen_by_its_name_alone_the_voice_that_speaks_is_marked(settings: Path) -> None:
    """All 141 voices of espeak-ng were listed, each as the chosen one."""
    settings.write_text('voice = "espeak"\n')
    assert voices()[:2] == ["hibari:heart  (usual)", "espeak:gmw/en-US  (chosen)"]
    assert len(voices()) == 3


def test_a_voice_of_the_users_own_is_listed(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "own", monkeypatch, "b'', 24_000")
    settings.write_text('voice = "mine:anna"\n')
    assert voices()[-1] == "mine:anna  (chosen)"
    assert voices("mine") == ["mine:anna  (chosen)"]


def test_a_driver_that_cannot_be_used_is_listed_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "own", monkeypatch, "b'', 24_000")
    (tmp_path / "own" / "my_package" / "my_driver.py").write_text("import no_such_library")
    assert voices()[-1] == "mine: cannot be used (No module named 'no_such_library')"
    assert voices()[0] == "hibari:heart  (usual)", "the others are not affected"
