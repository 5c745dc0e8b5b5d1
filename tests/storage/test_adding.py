"""Adding a model from a folder, a zip or a URL: on the shelf whole and checked, or not at all."""

import hashlib
import os
import shutil
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.storage.bad_server import BadServer, serving
from voicecoach.storage import (
    SHIPPED,
    SHIPPED_MODEL,
    ModelAbsent,
    Shelf,
    ShelfError,
    Wanted,
    add_model,
    adding,
    shipped,
)
from voicecoach.storage.fetch import Patience

MODEL = shipped("models") / SHIPPED_MODEL
QUICK = Patience(connect_s=2.0, stall_s=0.3, attempts=2)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


def zip_of(folder: Path, path: Path, top: str = "small-model/") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for source in sorted(p for p in folder.rglob("*") if p.is_file()):
            file.write(source, top + source.relative_to(folder).as_posix())
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return zip_of(MODEL, tmp_path_factory.mktemp("zip") / "any.zip")


def any_model(path: Path) -> None:
    """Accepts every model."""


def no_progress(here: int, total: int | None) -> None:
    pass


def added(
    shelf: Shelf,
    source: str | Path,
    name: str | None = None,
    sha256: str | None = None,
    patience: Patience | None = None,
) -> tuple[str, bool]:
    wanted = Wanted(str(source), name, sha256, patience=patience or Patience())
    entry, vouched = add_model(shelf, wanted, any_model, no_progress)
    return entry.name, vouched


def on_disk(shelf: Shelf) -> set[str]:
    return {p.name for p in shelf.own.iterdir()} if shelf.own.exists() else set()


def test_a_zip_comes_onto_the_shelf_under_its_folders_name(shelf: Shelf, archive: Path) -> None:
    assert added(shelf, archive) == ("small-model", False)
    folder = shelf.verified("small-model")
    for path in MODEL.rglob("*"):
        if path.is_file():
            assert (folder / path.relative_to(MODEL)).read_bytes() == path.read_bytes()
    assert shelf.names() == [*SHIPPED, "small-model"]
    assert on_disk(shelf) == {"small-model"}, "no staging folder is left"


def test_a_zip_without_a_folder_takes_the_zips_name(shelf: Shelf, tmp_path: Path) -> None:
    assert added(shelf, zip_of(MODEL, tmp_path / "flat-one.zip", top=""))[0] == "flat-one"
    shelf.verified("flat-one")


def test_a_folder_comes_onto_the_shelf_and_stays_where_it_was(shelf: Shelf, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(MODEL, mine)
    assert added(shelf, mine)[0] == "mine"
    assert (mine / "am/final.mdl").exists()


def test_an_interrupted_download_is_resumed_and_then_removed(shelf: Shelf, archive: Path) -> None:
    data = archive.read_bytes()
    server = BadServer(data, cut_after=[len(data) // 3, len(data) // 3])
    with serving(server) as url:
        with pytest.raises(ShelfError, match="the same command resumes"):
            added(shelf, url, patience=QUICK)
        assert added(shelf, url, patience=QUICK)[0] == "small-model"
    assert len(server.requested_ranges) == 3
    assert all(server.requested_ranges[1:]), "the second and third request resume"
    assert not list((shelf.own / ".downloads").iterdir())


def test_a_zip_that_is_not_the_one_the_user_named_is_refused(shelf: Shelf, archive: Path) -> None:
    right = hashlib.sha256(archive.read_bytes()).hexdigest()
    with serving(BadServer(archive.read_bytes())) as url:
        with pytest.raises(ShelfError, match="not the file you expect"):
            added(shelf, url, sha256="0" * 64)
        with pytest.raises(ModelAbsent):
            shelf.verified("small-model")
        assert added(shelf, url, sha256=right.upper())[0] == "small-model"


def test_plain_http_from_afar_needs_a_hash(shelf: Shelf) -> None:
    with pytest.raises(ShelfError, match="--sha256"):
        added(shelf, "http://models.invalid/small.zip")


@pytest.mark.fault(
    "`model add` from an address that leads to plain http",
    "refused without a hash, and nothing is asked for there",
)
@pytest.mark.parametrize("hops", [1, 2])
def test_a_redirect_to_plain_http_needs_a_hash_as_well(
    shelf: Shelf, archive: Path, hops: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the address that was typed was looked at, so https could lead to a model that anybody changed on
    its way. 127.1 is this computer as well, but none of the names that are known for it."""
    monkeypatch.setenv("NO_PROXY", "*")
    afar = BadServer(archive.read_bytes())
    right = hashlib.sha256(archive.read_bytes()).hexdigest()
    first, second = BadServer(b""), BadServer(b"")
    with serving(afar) as there, serving(second) as between, serving(first) as url:
        second.moved_to = there.replace("127.0.0.1", "127.1")
        first.moved_to = between if hops == 2 else second.moved_to
        with pytest.raises(ShelfError, match=r"leads to http://127\.1:.*tampered with.*--sha256"):
            added(shelf, url, patience=QUICK)
        assert afar.requested_ranges == [], "nothing was asked for there"
        assert len(first.requested_ranges) == 1, "a redirect stays what it is: it is not tried again"
        assert added(shelf, url, sha256=right)[0] == "small-model"


def test_a_redirect_that_leads_nowhere_is_named(shelf: Shelf) -> None:
    server = BadServer(b"")
    with serving(server) as url:
        for nowhere in ("ftp://models.invalid/x.zip", "http://[", "file:///etc/passwd", "http://\33[2J", url):
            server.moved_to = nowhere
            with pytest.raises(ShelfError, match=r"could not be fetched|tampered with") as told:
                added(shelf, url, patience=QUICK)
            assert str(told.value).isprintable()


@pytest.mark.fault("one byte of an added model flips", "noticed at the next start")
def test_one_flipped_byte_afterwards_is_noticed_at_the_next_start(shelf: Shelf, archive: Path) -> None:
    added(shelf, archive)
    path = shelf.own / "small-model/graph/Gr.fst"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ShelfError, match="not the published one") as caught:
        shelf.verified("small-model")
    assert str(path) in str(caught.value)
    assert f"voicecoach model use {SHIPPED_MODEL}" in str(caught.value)


def test_an_unusable_model_never_reaches_the_shelf(shelf: Shelf, archive: Path) -> None:
    def lacks(path: Path) -> None:
        raise ShelfError("the model does not know the word pain")

    with pytest.raises(ShelfError, match="pain"):
        add_model(shelf, Wanted(str(archive)), lacks, no_progress)
    assert on_disk(shelf) == set()


def test_the_same_name_twice_is_refused_and_the_first_stays(shelf: Shelf, archive: Path) -> None:
    added(shelf, archive)
    with pytest.raises(ShelfError, match="--name"):
        added(shelf, archive)
    assert added(shelf, archive, name="second")[0] == "second"
    shelf.verified("small-model")


@pytest.mark.parametrize("name", [SHIPPED_MODEL, "../evil", "a/b", ".hidden", "", "x" * 90])
def test_an_invalid_or_reserved_name_is_refused(shelf: Shelf, archive: Path, name: str) -> None:
    if name == "":
        assert added(shelf, archive, name=name)[0] == "small-model", "without a name, the folder's is taken"
        return
    with pytest.raises(ShelfError, match="name"):
        added(shelf, archive, name=name)


def test_a_static_graph_is_refused_with_the_reason(shelf: Shelf, tmp_path: Path) -> None:
    large = tmp_path / "large"
    shutil.copytree(MODEL, large)
    (large / "graph/HCLr.fst").rename(large / "graph/HCLG.fst")
    with pytest.raises(ShelfError, match=r"graph/HCLr\.fst.*grammar"):
        added(shelf, large)


def test_anything_but_a_model_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(ShelfError, match="no such file"):
        added(shelf, tmp_path / "nothing.zip")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ShelfError, match="no Vosk model"):
        added(shelf, tmp_path / "empty")
    for name in ("one", "two"):
        shutil.copytree(MODEL, tmp_path / "both" / name)
    with pytest.raises(ShelfError, match="2 models"):
        added(shelf, tmp_path / "both")


def test_a_folder_with_a_link_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(MODEL, mine)
    (mine / "secret").symlink_to("/etc/passwd")
    with pytest.raises(ShelfError, match="link"):
        added(shelf, mine)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
def test_a_folder_with_a_pipe_is_refused_with_its_name(shelf: Shelf, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(MODEL, mine)
    os.mkfifo(mine / "pipe")
    with pytest.raises(ShelfError, match=r"mine: contains a link, a pipe or a device, so nothing is copied"):
        added(shelf, mine)


def test_a_known_model_has_to_be_the_published_one(
    shelf: Shelf, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = {
        p.relative_to(MODEL).as_posix(): adding.git_blob_sha1(p) for p in MODEL.rglob("*") if p.is_file()
    }
    monkeypatch.setattr(adding, "published", lambda name: hashes if name == "small-model" else {})
    assert added(shelf, archive) == ("small-model", True)
    hashes["graph/Gr.fst"] = "0" * 40
    shutil.rmtree(shelf.own / "small-model")
    with pytest.raises(ShelfError, match=r"graph/Gr\.fst differs from the published"):
        added(shelf, archive)
    del hashes["graph/Gr.fst"]
    with pytest.raises(ShelfError, match=r"graph/Gr\.fst is not part of the published"):
        added(shelf, archive)
    hashes["ivector/final.ie"] = "0" * 40
    with pytest.raises(ShelfError):
        added(shelf, archive)


def test_a_git_hash_is_the_one_git_prints(tmp_path: Path) -> None:
    """`printf 'hello\\n' | git hash-object --stdin` prints this; CRLF is taken as LF."""
    for data in (b"hello\n", b"hello\r\n"):
        (tmp_path / "text").write_bytes(data)
        assert adding.git_blob_sha1(tmp_path / "text") == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_alpha_cepheis_small_english_model_is_known() -> None:
    files = adding.published("vosk-model-small-en-us-0.15")
    assert len(files) == 14
    assert set(adding.NEEDED) <= set(files)


def test_leftovers_of_a_killed_add_are_removed_after_a_day(shelf: Shelf, archive: Path) -> None:
    old, fresh = shelf.own / ".adding-old", shelf.own / ".adding-fresh"
    for folder in (old, fresh):
        (folder / "unpacked").mkdir(parents=True)
    os.utime(old, (time.time() - 2 * 86400,) * 2)
    added(shelf, archive)
    assert not old.exists()
    assert fresh.exists(), "another `add` may be using it"


def test_the_choice_of_a_model_is_remembered_and_only_a_good_one_is_taken(
    shelf: Shelf, archive: Path
) -> None:
    assert shelf.in_use() == SHIPPED_MODEL
    added(shelf, archive)
    shelf.use("small-model")
    assert Shelf(shelf.own).in_use() == "small-model"
    assert shelf.verified() == shelf.own / "small-model"
    with pytest.raises(ModelAbsent, match="small-model"):
        shelf.use("none-such")
    assert shelf.in_use() == "small-model"


def test_a_source_with_special_characters_is_recorded_as_it_is(shelf: Shelf, tmp_path: Path) -> None:
    strange = tmp_path / 'mod"el\\ [x]'
    shutil.copytree(MODEL, strange)
    added(shelf, strange, name="strange")
    noted = tomllib.loads((shelf.own / "strange/voicecoach.toml").read_text("utf-8"))
    assert noted["source"] == str(strange)
