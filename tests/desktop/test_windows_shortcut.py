"""The Windows shortcut, read back by somebody else's reader of [MS-SHLLINK] files."""

import io
from pathlib import Path
from typing import Any

import LnkParse3
import pytest

from tests.desktop.conftest import a_shortcut, files_below
from voicecoach.desktop import Binding, HotKey, windows
from voicecoach.desktop.shell_link import ShellLink, link_bytes

PYTHON = r"C:\Users\Jürgen 李\my venv\pythonw.exe"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The Start menu and the desktop."""
    found = tmp_path / "Start Menu" / "Programs", tmp_path / "Desktop"
    monkeypatch.setattr(windows, "_folders", lambda: found)
    return found


def link_to(target: str, hotkey: HotKey | None = None) -> bytes:
    return link_bytes(ShellLink(target, "-m voicecoach", "Back", r"C:\icon.ico", hotkey))


def read(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = LnkParse3.lnk_file(io.BytesIO(data)).get_json()
    return found


def test_target_and_words_survive_spaces_quotes_and_every_letter() -> None:
    arguments = '-m voicecoach start "my \\"own\\" 日本" --hands-free'
    link = read(link_bytes(ShellLink(PYTHON, arguments, "Grüße; 100 %", r"C:\é\icon.ico")))
    assert link["data"]["command_line_arguments"] == arguments
    assert link["data"]["description"] == "Grüße; 100 %"
    assert link["data"]["icon_location"] == r"C:\é\icon.ico"
    assert link["extra"]["ENVIRONMENTAL_VARIABLES_LOCATION_BLOCK"]["target_unicode"] == PYTHON
    assert link["link_info"]["local_base_path_unicode"] == PYTHON
    assert link["header"]["windowstyle"] == "SW_SHOWNORMAL"


def test_a_target_on_a_server_or_with_a_percent_sign_is_named_where_it_is_not_misread() -> None:
    server = read(link_to(r"\\server\share\python.exe"))
    assert "local_base_path" not in server["link_info"]
    assert server["extra"]["ENVIRONMENTAL_VARIABLES_LOCATION_BLOCK"]["target_unicode"].startswith(
        "\\\\server"
    )
    percent = read(link_to(r"C:\%PATH%\python.exe"))
    assert percent["extra"] == {}
    assert percent["link_info"]["local_base_path_unicode"] == r"C:\%PATH%\python.exe"


def test_a_path_too_long_for_a_link_is_refused() -> None:
    with pytest.raises(OSError, match="too long"):
        link_to("C:\\" + "x" * 260)


@pytest.mark.parametrize(
    ("key", "written"),
    [("Ctrl+Alt+b", "CONTROL+ALT - B {0x0642}"), ("Ctrl+Shift+F9", "SHIFT+CONTROL - F9 {0x0378}")],
)
def test_the_link_has_a_hot_key(key: str, written: str) -> None:
    header = read(link_to(PYTHON, HotKey.of(key)))["header"]
    assert header["r_hotkey"] == int(written[-7:-1], 16)


def test_windows_keeps_its_own_key_for_itself(folders: tuple[Path, Path]) -> None:
    assert windows.binding(HotKey.of("Super+b")) is Binding.BY_HAND
    assert windows.install(a_shortcut(hotkey="Super+b")).hotkey is None
    assert windows.install(a_shortcut(hotkey="Ctrl+Alt+b")).hotkey == HotKey.of("Ctrl+Alt+b")


def test_several_lie_side_by_side_and_are_listed_and_removed(folders: tuple[Path, Path]) -> None:
    named = windows.install(a_shortcut('Back: "mine" / 李', None, hotkey="Ctrl+Alt+b"))
    floor = windows.install(a_shortcut())
    assert {path.name for path in named.files} == {"Back- -mine- - 李.lnk"}
    assert windows.installed() == [floor, named]
    assert windows.install(a_shortcut()) == floor
    assert windows.remove(named) == list(named.files)
    assert windows.installed() == [floor]
    assert windows.remove(floor) == list(floor.files)
    assert files_below(folders[0].parent) == files_below(folders[1]) == []


def test_the_file_that_lies_there_is_a_link_to_the_command(folders: tuple[Path, Path]) -> None:
    command = ("C:\\my python.exe", "-m", "voicecoach", "start", "C:\\my programs\\a.toml")
    link = read(windows.install(a_shortcut(command=command)).files[1].read_bytes())
    assert link["data"]["command_line_arguments"] == '-m voicecoach start "C:\\my programs\\a.toml"'


def test_a_link_of_the_users_own_is_neither_overwritten_nor_removed(folders: tuple[Path, Path]) -> None:
    own = folders[1] / "Back exercises (floor).lnk"
    own.parent.mkdir()
    own.write_bytes(link_to(PYTHON))
    with pytest.raises(FileExistsError, match="not made by voicecoach"):
        windows.install(a_shortcut())
    assert windows.installed() == []
    assert own.exists()


def test_python_opens_no_console_window(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "pythonw.exe").touch()
    data = windows.install(a_shortcut(command=(str(tmp_path / "python.exe"), "-m"))).files[0].read_bytes()
    block = read(data)["extra"]["ENVIRONMENTAL_VARIABLES_LOCATION_BLOCK"]
    assert block["target_unicode"] == str(tmp_path / "pythonw.exe")
