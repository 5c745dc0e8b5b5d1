"""Atomic writes: whatever goes wrong, the old file stays intact and no temporary file remains."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voicecoach.files import replacing, write_new, write_whole


def test_the_folder_is_created_and_the_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "settings"
    write_whole(path, "first\n")
    write_whole(path, "zweitens: ö\n")
    assert path.read_bytes() == "zweitens: ö\n".encode()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.fault("an interruption while a file is written", "the old file, and nothing beside it")
def test_an_interruption_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    write_whole(path, "old")

    def interrupted() -> None:
        with replacing(path) as part:
            part.write_text("ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_rename_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings"
    write_whole(path, "old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_temporary_file_is_hidden_and_ends_in_part_unless_told_otherwise(tmp_path: Path) -> None:
    with (
        replacing(tmp_path / "voicecoach.desktop") as part,
        replacing(tmp_path / "x.lnk", suffix=".lnk") as link,
    ):
        part.touch()
        link.touch()
        assert part.name.startswith(".voicecoach.desktop.")
        assert part.suffix == ".part"
        assert link.suffix == ".lnk"


def test_concurrent_writers_do_not_interfere(tmp_path: Path) -> None:
    """With only the process id in the temporary name, two threads of one process shared a file."""
    path = tmp_path / "clip"
    texts = [str(n) * 50_000 for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write_whole(path, text), texts * 5))
    assert path.read_text() in texts
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_permissions_are_the_usual_ones_or_the_requested_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_whole(tmp_path / "plain", "")
    write_whole(tmp_path / "program", "", mode=0o755)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"usual": modes["usual"], "plain": modes["usual"], "program": 0o755}


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_takes_the_place_of_none_also_on_a_disk_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def none(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    if not links:
        monkeypatch.setattr(os, "link", none)
    path = tmp_path / "report"
    write_new(path, "first", mode=0o600)
    with pytest.raises(FileExistsError):
        write_new(path, "second")
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name == "nt"


def test_a_new_file_that_comes_in_the_same_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report"
    fsync = os.fsync

    def somebody_else(descriptor: int) -> None:
        fsync(descriptor)
        path.write_text("theirs")

    monkeypatch.setattr(os, "fsync", somebody_else)
    with pytest.raises(FileExistsError):
        write_new(path, "ours")
    assert path.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [path]
