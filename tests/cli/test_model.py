"""voicecoach model, as a user types it, with real models."""

import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.storage.bad_server import BadServer, serving
from tests.storage.test_adding import zip_of
from voicecoach.cli import cli
from voicecoach.storage import SHIPPED_MODEL, shipped

MODEL = shipped("models") / SHIPPED_MODEL


def typed(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, ["model", *arguments])
    assert "Traceback" not in result.output
    return result


def test_a_model_is_added_from_a_url_chosen_verified_and_heard_with(home: Path) -> None:
    archive = zip_of(MODEL, home / "any.zip")
    with serving(BadServer(archive.read_bytes(), cut_after=[1_000_000])) as url:
        result = typed("add", url)
    assert result.exit_code == 0, result.output
    assert "small-model: added" in result.output
    assert "no published hashes" in result.output
    assert typed("use", "small-model").exit_code == 0
    assert "* small-model" in typed("list").output
    assert typed("verify").output.count("every file is as published") == 3
    word = Path(__file__).resolve().parents[2] / "audio_fixtures/words/stop_festival-kal.flac"
    heard = CliRunner().invoke(cli, ["hear", "--jobs", "1", str(word)])
    assert '"command": "stop"' in heard.output


def test_a_model_that_lacks_a_command_word_is_refused_with_the_word(home: Path) -> None:
    """A real model whose vocabulary was doctored: Vosk itself would only never hear the word (R7)."""
    poor = home / "poor"
    shutil.copytree(MODEL, poor)
    words = poor / "graph/words.txt"
    words.write_text(words.read_text("utf-8").replace("\npain ", "\nxpainx "), "utf-8")
    result = typed("add", str(poor))
    assert result.exit_code == 4
    assert "does not know the word pain" in result.output
    assert "poor" not in typed("list").output


@pytest.mark.fault("a model that crashes Vosk", "the process that tries it dies; exit code and a sentence")
def test_a_damaged_model_that_crashes_vosk_is_reported_clearly(home: Path) -> None:
    broken = home / "broken"
    shutil.copytree(MODEL, broken)
    (broken / "am/final.mdl").write_bytes(b"\0B<TransitionModel> rubbish")
    result = typed("add", str(broken))
    assert result.exit_code == 4
    assert "Vosk" in result.output


def test_an_added_model_that_was_damaged_later_is_named_with_the_way_back(home: Path) -> None:
    assert typed("add", str(MODEL), "--name", "mine").exit_code == 0
    assert typed("use", "mine").exit_code == 0
    (home / "data/models/mine/graph/Gr.fst").write_bytes(b"x")
    result = typed("verify", "mine")
    assert result.exit_code == 4
    assert "Gr.fst" in result.output
    assert f"voicecoach model use {SHIPPED_MODEL}" in result.output
    assert typed("use", SHIPPED_MODEL).exit_code == 0


def test_a_file_that_is_not_a_zip_is_bad_input(home: Path) -> None:
    (home / "no.zip").write_bytes(b"<html>not found</html>")
    result = typed("add", str(home / "no.zip"))
    assert result.exit_code == 4
    assert "not a usable zip" in result.output


@pytest.mark.fault("a model's zip that wants to write elsewhere", "refused, nothing is written")
def test_a_hostile_zip_writes_nothing(home: Path) -> None:
    with zipfile.ZipFile(home / "evil.zip", "w") as file:
        file.writestr("../../../evil", b"x")
    result = typed("add", str(home / "evil.zip"))
    assert result.exit_code == 4
    assert not list(home.rglob("evil"))
