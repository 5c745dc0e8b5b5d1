"""Folders that are deleted while a session is played: it goes on, and what can be kept is kept."""

import shutil
import sqlite3
import sys
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.stage import SHORT, Answers, Stage, counting, stage
from voicecoach import app
from voicecoach.app import assemble
from voicecoach.care import Outcome
from voicecoach.request import VIRTUAL, Request
from voicecoach.session import Mode
from voicecoach.session.sentences import to_render
from voicecoach.storage import Journal, Places, Shelf, shipped
from voicecoach.testing import FIXTURES, SHARED_PROMPTS, RememberingScreen, prepare_home

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be deleted")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files: the last place for a spare."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def deleted_in_a_hold(
    folder: Path, then: Callable[[Stage], None] = lambda it: None
) -> Callable[[Stage], None]:
    """`folder` goes while a hold is counted, and `then` is called at every block after."""

    def when(it: Stage) -> None:
        if folder.exists() and counting(it) and not gone:
            gone.append(it.now_s)
            assert (
                it.player.journal.flush()
            )  # on the virtual clock its thread lags, and would write meanwhile
            shutil.rmtree(folder)
        elif gone:
            then(it)

    gone: list[float] = []
    return when


def ready(home: Path) -> Stage:
    """A session that has taken every line into memory, as one in real time does."""
    it = stage(home)
    it.player.prompts.ahead(to_render(it.player.state))
    assert it.player.prompts.wait(300)
    return it


def hurt(it: Stage) -> None:
    """Report pain, once, and say nothing more."""
    if it.mode is Mode.MOVING:
        it.press("p")
    elif it.mode is Mode.STAYING:
        it.player.inbox.append("enough")


@pytest.mark.fault("the prompt cache's folder is deleted in a session", "it goes on: every line is in memory")
def test_a_session_goes_on_without_the_folder_of_its_prompts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SHARED_PROMPTS, raising=False)
    prompts = tmp_path / "cache" / "prompts"
    it = ready(tmp_path)
    rendered = it.player.prompts.rendered
    it.plays(Answers(deleted_in_a_hold(prompts)))
    assert it.player.outcome is Outcome.COMPLETED
    assert it.said("Goodbye") > 0
    assert it.screen.notices == []
    assert it.player.prompts.rendered == rendered
    assert not prompts.exists()


@pytest.mark.fault(
    "the prompt cache's folder is deleted, and pain is reported", "the whole safety stop is said"
)
def test_a_safety_stop_is_said_without_the_folder_of_its_prompts(tmp_path: Path) -> None:
    it = ready(tmp_path)
    rendered = it.player.prompts.rendered
    it.plays(Answers(deleted_in_a_hold(tmp_path / "cache", hurt)))
    assert it.player.prompts.rendered == rendered
    assert it.said("Breathe gently") > 0
    assert it.said("I have not heard you") > it.said("Breathe gently")
    assert Journal(Places.inside(tmp_path).journal, pytest.fail).earlier().locked


@pytest.mark.fault("the journal's folder is deleted in a session", "it goes on, and its end is remembered")
@pytest.mark.parametrize("pain", [False, True])
def test_a_session_whose_journal_is_deleted_goes_on_and_a_report_of_pain_locks(
    tmp_path: Path, temporary: Path, pain: bool
) -> None:
    """SQLite went on writing to the deleted file, and the report was gone with it."""
    places = Places.inside(tmp_path)
    it = stage(tmp_path).plays(Answers(deleted_in_a_hold(places.data, hurt if pain else lambda it: None)))
    assert it.player.outcome is (Outcome.UNANSWERED if pain else Outcome.COMPLETED)
    again = Journal(places.journal, pytest.fail, places.spares)
    assert again.earlier().locked is pain
    assert again.history()[0].outcome == it.player.outcome.value
    with closing(sqlite3.connect(places.journal)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert len([notice for notice in it.screen.notices if "journal" in notice]) == 1


@pytest.mark.fault("the model's folder is deleted after the start", "the session goes on, and hears")
def test_a_session_hears_without_the_folder_of_its_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    shutil.copytree(shipped("models"), models, ignore=shutil.ignore_patterns("recipe"))
    monkeypatch.setattr(app, "shelf", lambda: Shelf(tmp_path / "own", models))
    scene = FIXTURES / "scenes" / "stop_in_hold.flac"
    script = tomllib.loads(scene.with_suffix(".toml").read_text("utf-8"))
    screen = RememberingScreen()
    request = Request(SHORT, str(scene), str(tmp_path / "coach.wav"), VIRTUAL)
    player = assemble(request, prepare_home(script, tmp_path / "home"), screen)
    shutil.rmtree(models)
    assert player.run() is Outcome.FINISHED_EARLY
    assert [word for _, word in screen.user_lines] == [word for _, _, word in script["turns"]]
