"""The macOS application, read back; its executable is a shell script, which runs here as well."""

import plistlib
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.desktop.conftest import a_shortcut, files_below
from voicecoach.desktop import macos

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


def about(app: Path) -> dict[str, object]:
    found: dict[str, object] = plistlib.loads((app / "Contents" / "Info.plist").read_bytes())
    return found


def test_the_application_says_why_it_listens_and_has_an_icon(home: Path) -> None:
    app, link = macos.install(a_shortcut('It\'s <mine> & "yours", 李', None)).files
    assert app.parent == home / "Applications"
    assert link.resolve() == app.resolve()
    told = about(link)
    assert told["CFBundleName"] == 'It\'s <mine> & "yours", 李'
    assert "Nothing is recorded" in str(told["NSMicrophoneUsageDescription"])
    assert str(told["CFBundleIdentifier"]).isascii()
    with Image.open(app / "Contents" / "Resources" / str(told["CFBundleIconFile"])) as icon:
        assert icon.format == "ICNS"


def test_the_application_passes_on_every_character(home: Path) -> None:
    nasty = ("two words", 'a "quoted" word', "it's", "back\\slash", "$HOME", "`id`", "100%", "", "grüße")
    script = 'import sys; print("\\n".join(sys.argv[1:]))'
    app = macos.install(a_shortcut(command=(sys.executable, "-c", script, *nasty))).files[0]
    started = app / "Contents" / "MacOS" / str(about(app)["CFBundleExecutable"])
    assert subprocess.check_output([started], text=True).splitlines() == list(nasty)


def test_several_lie_side_by_side_and_are_listed_renewed_and_removed(home: Path) -> None:
    chosen = macos.install(a_shortcut("Back / all", None))
    floor = macos.install(a_shortcut())
    assert chosen.files[0].name == "Back - all.app"
    assert macos.installed() == [chosen, floor]
    assert macos.install(a_shortcut()) == floor
    assert sorted(macos.remove(floor)) == sorted(floor.files)
    assert macos.installed() == [chosen]
    macos.remove(chosen)
    assert files_below(home) == []
    assert list((home / "Desktop").iterdir()) == []


def test_an_application_of_the_users_own_is_neither_overwritten_nor_removed(home: Path) -> None:
    own = home / "Applications" / "Back exercises (floor).app"
    own.mkdir(parents=True)
    with pytest.raises(FileExistsError, match="not made by voicecoach"):
        macos.install(a_shortcut())
    assert macos.installed() == []
    assert own.exists()


def test_it_can_be_installed_again_after_it_was_thrown_away(home: Path) -> None:
    """The link on the desktop is left behind then."""
    app, link = macos.install(a_shortcut()).files
    app.rename(home / "bin.app")
    assert macos.install(a_shortcut()).files == (app, link)


def test_a_home_without_a_desktop_folder_has_the_application_alone(home: Path) -> None:
    (home / "Desktop").rmdir()
    assert macos.install(a_shortcut()).files == (home / "Applications" / "Back exercises (floor).app",)
