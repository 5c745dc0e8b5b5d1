"""An untrusted zip is unpacked into its folder and writes nowhere else (R15)."""

import stat
import zipfile
from pathlib import Path

import pytest

from tests.faults.report import Measured
from voicecoach.storage import ShelfError
from voicecoach.storage.unpack import MOST_MEMBERS, unpack

MOST = 1_000_000


def zipped(folder: Path, *members: tuple[str, bytes]) -> Path:
    path = folder / "model.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def everything(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


def test_a_good_zip_is_unpacked_byte_by_byte(tmp_path: Path) -> None:
    path = zipped(tmp_path, ("m/", b""), ("m/am/final.mdl", b"\0" * 5000), ("m/README", b"hello"))
    unpack(path, tmp_path / "out", MOST)
    assert (tmp_path / "out/m/am/final.mdl").read_bytes() == b"\0" * 5000
    assert (tmp_path / "out/m/README").read_bytes() == b"hello"


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "m/../../evil",
        "/evil",
        "C:/evil",
        "C:evil",
        "m\\..\\..\\evil",
        "..",
        "m/con",
        "m/NUL.txt",
        "m/a:stream",
        "m/evil.",
        "m/evil ",
        "m/bell\x07",
    ],
)
@pytest.mark.fault("a name in a zip that leads out of the folder", "refused before anything is written")
def test_a_name_that_leaves_the_folder_or_is_invalid_is_refused_before_anything_is_written(
    tmp_path: Path, name: str
) -> None:
    before = everything(tmp_path)
    path = zipped(tmp_path, ("m/good", b"x"), (name, b"x"))
    with pytest.raises(ShelfError, match="nothing is unpacked"):
        unpack(path, tmp_path / "out", MOST)
    assert everything(tmp_path) - before == {"model.zip"}


@pytest.mark.fault("a link in a zip", "refused")
def test_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w") as file:
        link = zipfile.ZipInfo("m/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    with pytest.raises(ShelfError, match="link"):
        unpack(path, tmp_path / "out", MOST)
    assert not (tmp_path / "out").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("twin", ["m/a", "M/A", "m//a", "m/./a"])
def test_a_duplicate_name_is_refused(tmp_path: Path, twin: str) -> None:
    path = zipped(tmp_path, ("m/a", b"1"), (twin, b"2"))
    with pytest.raises(ShelfError, match="twice"):
        unpack(path, tmp_path / "out", MOST)


@pytest.mark.fault("a zip bomb", "stopped at the limit")
def test_a_zip_bomb_is_stopped_by_its_unpacked_size(tmp_path: Path, measured: Measured) -> None:
    path = zipped(tmp_path, ("m/a", b"\0" * 700_000), ("m/b", b"\0" * 700_000))
    assert path.stat().st_size < 5000
    with pytest.raises(ShelfError, match="more than is allowed"):
        unpack(path, tmp_path / "out", MOST)
    written = sum(file.stat().st_size for file in (tmp_path / "out").rglob("*") if file.is_file())
    assert written <= MOST
    measured(f"{written / 1e6:.1f} MB written of {MOST / 1e6:.1f} allowed")


@pytest.mark.fault("a zip bomb whose header lies", "stopped at the limit")
def test_a_header_that_lies_about_a_size_does_not_help_a_zip_bomb(tmp_path: Path) -> None:
    path = zipped(tmp_path, ("m/a", b"\0" * 3_000_000))
    data = path.read_bytes().replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(data)
    with pytest.raises(ShelfError):
        unpack(path, tmp_path / "out", MOST)
    written = tmp_path / "out/m/a"
    assert not written.exists() or written.stat().st_size <= MOST


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, *((f"m/{k}", b"") for k in range(MOST_MEMBERS + 1)))
    with pytest.raises(ShelfError, match="too many"):
        unpack(path, tmp_path / "out", MOST)


@pytest.mark.parametrize("cut", [0, 10, 200, -1])
def test_a_truncated_zip_is_reported_clearly(tmp_path: Path, cut: int) -> None:
    path = zipped(tmp_path, ("m/a", bytes(range(256)) * 20))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ShelfError, match="not a usable zip"):
        unpack(path, tmp_path / "out", MOST)


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_damage_in_a_compressed_member_is_noticed_or_harmless(tmp_path: Path, method: int) -> None:
    """What the decompressors raise themselves ended with "something failed"."""
    path, content = tmp_path / "model.zip", bytes(range(256)) * 4
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("m/a", content)
    data = path.read_bytes()
    refused = 0
    for at in range(33, data.index(b"PK\1\2"), 7):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        try:
            unpack(path, tmp_path / f"out{at}", MOST)
        except ShelfError:
            refused += 1
        else:
            assert (tmp_path / f"out{at}/m/a").read_bytes() == content
    assert refused > 20


def test_a_flipped_byte_inside_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("m/a", b"a" * 1000)
    data = bytearray(path.read_bytes())
    data[500] ^= 1
    path.write_bytes(data)
    with pytest.raises(ShelfError, match="not a usable zip"):
        unpack(path, tmp_path / "out", MOST)
