"""The model shelf checks every byte: a model with 400 flipped bytes once loaded, and heard words in noise."""

import shutil
import tomllib
from pathlib import Path

import pytest

from voicecoach.storage import SHIPPED_MODEL, ModelAbsent, Shelf, ShelfError, shipped
from voicecoach.storage.shelf import OWN_LIST

NAME = SHIPPED_MODEL
FILES = sorted(tomllib.loads((shipped("models") / "manifest.toml").read_text("utf-8"))[NAME]["sha256"])


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped("models"), tmp_path / "models"))


def test_the_shipped_model_is_the_published_one() -> None:
    assert Shelf(Path("nowhere")).verified() == shipped("models") / NAME


def test_an_untouched_copy_is_accepted(models: Path) -> None:
    assert Shelf(models, models).verified() == models / NAME


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("where", ["first", "middle", "last"])
@pytest.mark.fault("one byte of the model flips", "refused, the file is named")
def test_one_flipped_byte_is_refused_and_its_file_named(models: Path, name: str, where: str) -> None:
    path = models / NAME / name
    data = bytearray(path.read_bytes())
    data[{"first": 0, "middle": len(data) // 2, "last": -1}[where]] ^= 1
    path.write_bytes(data)
    with pytest.raises(ShelfError, match="not the published one") as caught:
        Shelf(models, models).verified()
    assert str(path) in str(caught.value)
    assert not isinstance(caught.value, ModelAbsent), "a damaged model is not one to go on without"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.fault("a file of the model is missing", "refused, the file is named")
def test_a_missing_file_is_named(models: Path, name: str) -> None:
    (models / NAME / name).unlink()
    with pytest.raises(ShelfError, match="cannot be read") as caught:
        Shelf(models, models).verified()
    assert str(models / NAME / name) in str(caught.value)


def test_every_file_vosk_reads_is_in_the_manifest_and_the_card_is_not() -> None:
    folder = shipped("models") / NAME
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert present - {"SHA256SUMS", "CARD.md"} == set(FILES)


def test_a_changed_card_does_not_stop_the_model_from_being_used(models: Path) -> None:
    (models / NAME / "CARD.md").write_text("corrected")
    assert Shelf(models, models).verified() == models / NAME


def test_the_shipped_model_names_its_language() -> None:
    assert Shelf(Path("nowhere")).entry(NAME).language == "en"


@pytest.mark.parametrize(("line", "language"), [('language = "de"\n', "de"), ("", "")])
def test_an_added_model_has_the_language_of_its_list_or_an_unknown_one(
    tmp_path: Path, line: str, language: str
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / OWN_LIST).write_text(f'{line}[sha256]\n"am/final.mdl" = "0"\n')
    assert Shelf(tmp_path).entry("mine").language == language


@pytest.mark.parametrize("away", [NAME, "manifest.toml"])
@pytest.mark.fault("the model is missing", "an error of its own, since keys suffice")
def test_a_missing_model_is_a_distinct_error_because_keys_suffice_without_it(models: Path, away: str) -> None:
    (models / away).rename(models / "elsewhere")
    with pytest.raises(ModelAbsent, match="recognition model is missing"):
        Shelf(models, models).verified()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[other.sha256]\n",
        b"[NAME]\n",
        b"[NAME.sha256]\n",
        b'NAME = "a text"\n',
        b'[NAME]\nsha256 = "a text"\n',
        b"NAME = [1]\n",
        b"\xff\xfe\x00",
        b"[NAM",
    ],
    ids=["empty", "other", "no list", "empty list", "text", "text as list", "array", "not utf-8", "cut"],
)
@pytest.mark.fault(
    "the list of the model's files is damaged",
    "refused; it never means that nothing is checked",
)
def test_a_damaged_manifest_is_named_and_never_means_that_nothing_is_to_be_checked(
    models: Path, text: bytes
) -> None:
    (models / "manifest.toml").write_bytes(text.replace(b"NAME", NAME.encode()))
    with pytest.raises(ShelfError, match=r"manifest\.toml"):
        Shelf(models, models).verified()


@pytest.mark.parametrize(
    "name",
    [
        "graph/HCLG.fst",
        "rescore/G.fst",
        "rnnlm/final.raw",
        "ivector/final.ie",
        "conf/ivector.conf",
    ],
)
@pytest.mark.fault("a file beside the model's published ones", "refused, the file is named")
def test_a_file_beside_the_published_ones_is_refused_because_vosk_would_read_it(
    models: Path, name: str
) -> None:
    """Vosk takes what it finds by name: such a file changed what it hears, and no hash was compared."""
    path = models / NAME / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"anything")
    with pytest.raises(ShelfError, match="not one of the model's published files") as caught:
        Shelf(models, models).verified()
    assert str(path) in str(caught.value)
