"""A language and a protocol are data: a toy in German, of another clinic, plays a whole session."""

from pathlib import Path
from shutil import copytree

import pytest

from voicecoach.care import Outcome
from voicecoach.language import Command
from voicecoach.library import Library, Own
from voicecoach.storage import Places
from voicecoach.testing import SAFETY, play_script

PACKS = Path(__file__).parents[1] / "packs"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user who has put two packs into the folder for them."""
    places = Places.inside(tmp_path)
    copytree(PACKS / "de", places.own_packs / "de")
    copytree(PACKS / "ruecken", places.own_packs / "ruecken")
    return tmp_path


def test_a_german_session_of_another_protocol_is_played_without_a_change_of_code(home: Path) -> None:
    """Every line that sounds is the pack's, and every word of the user means what the pack says."""
    user, player, outcome = play_script(PACKS / "session.toml", home)
    assert not user.turns, user.coach_lines[-6:]
    assert [text for _, text in user.user_lines] == [
        "no", "one", "stop", "no", "again", "pain", "two", "other side"
    ]  # fmt: skip
    assert outcome is Outcome.COMPLETED
    said = [text for _, text in user.coach_lines]
    assert "Ist etwas neu taub?" in said
    assert "Alles ruht." in said
    assert "Lassen Sie das Becken sinken." in said
    assert said.count("zwei") >= 2
    assert said[-1] == "Auf Wiedersehen."
    assert player.state.language.id == "de"


def test_nothing_of_english_is_left_in_a_german_session(home: Path) -> None:
    places = Places.inside(home)
    german = Library(Own(places.own_programs, places.own_packs), "ruecken", "de")
    english = Library()
    assert german.program_ids == ["kurz"]
    assert set(german.exercises) == {"bruecke", "drehen", "kippen"}
    assert not {*german.protocol.questions} & {*english.protocol.questions}
    assert {p.text: p.command for p in german.language.vocabulary.phrases}["again"] is Command.RESUME
    assert {p.text for p in german.language.vocabulary.safety} < set(SAFETY)
