"""voicecoach history and voicecoach report: what users and their programs see of the journal."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.report.journals import hurt, played, realistic
from voicecoach import cli
from voicecoach.audio import FileDuplex
from voicecoach.care import Outcome
from voicecoach.report import table
from voicecoach.session.facts import AnswerGiven, ExerciseDone
from voicecoach.storage import Places, alone
from voicecoach.testing import RememberingScreen, ScriptedUser, assembled

DAY = datetime(2026, 11, 2, 9)


@pytest.fixture
def places(home: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setattr(Places, "spares", property(lambda self: (self.cache / "unwritten",)))
    monkeypatch.chdir(home)
    return Places.of_user()


def said(*arguments: str, code: int = 0, answer: str | None = None) -> Result:
    result = CliRunner().invoke(cli.cli, list(arguments), input=answer)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def one_of_each(places: Places) -> None:
    played(
        places, DAY, *hurt("bridge", 4, spread="yes"), outcome=Outcome.FINISHED_EARLY, pain=3, minutes=8.25
    )
    told = (AnswerGiven("afterwards", "unanswered"), AnswerGiven("effort", 6))
    played(
        places, DAY.replace(day=3), ExerciseDone("bridge"), *told, pain=3, program='mine, "too"', minutes=20
    )


def test_the_table_has_pain_before_and_after_effort_and_what_hurt(places: Places) -> None:
    one_of_each(places)
    lines = said("history").stdout.splitlines()
    assert lines[0].split() == "date program minutes outcome done pain effort reports of pain".split()
    assert lines[1].split() == '2026-11-03 09:00 mine, "too" 20.0 completed 1/7 3 -> skipped 6'.split()
    assert lines[2].split() == "2026-11-02 09:00 floor 8.2 finished early 0/7 3 bridge 4 into the leg".split()
    assert len(said("history", "--count", "1").stdout.splitlines()) == 2


def test_without_a_session_it_says_so(places: Places) -> None:
    assert said("history").stdout == "No session yet.\n"
    assert json.loads(said("history", "--json").stdout) == []
    assert said("history", "--plot").stdout.startswith("No session yet")
    assert len(said("history", "--csv").stdout.splitlines()) == 1, "the header"


def test_json_has_typed_values_under_stable_keys(places: Places) -> None:
    one_of_each(places)
    assert json.loads(said("history", "--json").stdout) == [
        {
            "began": "2026-11-03T09:00:00.000",
            "program": 'mine, "too"',
            "minutes": 20.0,
            "outcome": "completed",
            "screened": True,
            "exercises_done": 1,
            "exercises_planned": 7,
            "done": ["bridge"],
            "pain_before": 3,
            "pain_after": None,
            "effort": 6,
            "skipped": ["pain_after"],
            "pain": [],
        },
        {
            "began": "2026-11-02T09:00:00.000",
            "program": "floor",
            "minutes": 8.2,
            "outcome": "finished early",
            "screened": True,
            "exercises_done": 0,
            "exercises_planned": 7,
            "done": [],
            "pain_before": 3,
            "pain_after": None,
            "effort": None,
            "skipped": [],
            "pain": [{"exercise": "bridge", "level": 4, "spread": "yes", "outward": None}],
        },
    ]


def test_csv_is_what_rfc_4180_says_and_tells_the_same_as_json(places: Places) -> None:
    realistic(places)
    one_of_each(places)
    written = said("history", "--csv").stdout_bytes
    assert written.count(b"\n") == written.count(b"\r\n")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8"), newline="")))
    objects = json.loads(said("history", "--json").stdout)
    assert list(rows[0]) == list(objects[0])
    assert [again(row) for row in rows] == [flat(each) for each in objects]


def again(row: dict[str, str]) -> dict[str, Any]:
    """A row of the CSV with its types."""
    whole = ("exercises_done", "exercises_planned", "pain_before", "pain_after", "effort")
    lists = ("done", "skipped", "pain")
    typed: dict[str, Any] = {**row, "minutes": float(row["minutes"]), "screened": row["screened"] == "yes"}
    typed |= {name: int(row[name]) if row[name] else None for name in whole}
    return typed | {name: row[name].split(";") if row[name] else [] for name in lists}


def flat(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "pain": [f"{p['exercise']}={p['level']}" for p in one["pain"]]}


def test_the_keys_that_programs_rely_on_are_the_columns() -> None:
    assert table.as_csv([]).rstrip().split(",") == [
        "began", "program", "minutes", "outcome", "screened", "exercises_done", "exercises_planned", "done",
        "pain_before", "pain_after", "effort", "skipped", "pain",
    ]  # fmt: skip


def test_the_plot_can_be_a_picture_that_takes_the_place_of_no_file(places: Places, tmp_path: Path) -> None:
    realistic(places)
    assert "sessions" in said("history", "--plot").stdout
    said("history", "--picture", "pain.png")
    before = (tmp_path / "pain.png").read_bytes()
    assert before.startswith(b"\x89PNG")
    assert "is there already" in said("history", "--picture", "pain.png", code=2).output
    assert (tmp_path / "pain.png").read_bytes() == before


def test_an_export_holds_everything(places: Places, tmp_path: Path) -> None:
    realistic(places)
    assert said("history", "export", "all.json").stdout == "30 sessions and 13 answers written to all.json\n"
    kept = json.loads((tmp_path / "all.json").read_text("utf-8"))
    with closing(sqlite3.connect(places.journal)) as db:
        events = db.execute("SELECT session, n, at_ms, kind, data FROM events ORDER BY session, n").fetchall()
        answers = db.execute("SELECT question, answer, told FROM profile ORDER BY question").fetchall()
        columns = [name for _, name, *_ in db.execute("PRAGMA table_info(sessions)")]
        sessions = db.execute("SELECT * FROM sessions ORDER BY rowid").fetchall()
    assert [
        (s["session"], e["n"], e["at_ms"], e["kind"], json.dumps(e["data"]))
        for s in kept["sessions"]
        for e in s["events"]
    ] == events
    assert [(a["question"], json.dumps(a["answer"]), a["told"]) for a in kept["answers"]] == answers
    assert [tuple(s[name] for name in columns) for s in kept["sessions"]] == sessions
    assert (tmp_path / "all.json").stat().st_mode & 0o077 == 0


def test_an_export_takes_the_place_of_no_file(places: Places, tmp_path: Path) -> None:
    realistic(places)
    (tmp_path / "all.json").write_text("mine")
    assert "is there already" in said("history", "export", "all.json", code=2).output
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    said("history", "export", "dangling", code=2)
    assert (tmp_path / "all.json").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.json", "dangling", "data"]


@pytest.mark.fault("the disk fills up while the journal is exported", "no file, and a sentence")
def test_an_export_is_whole_or_not_at_all(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    realistic(places)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("voicecoach.files.os.fsync", full)
    assert "cannot be written (No space left on device)" in said("history", "export", "a.json", code=2).output
    assert "there is no folder" in said("history", "export", "no/a.json", code=2).output
    assert [p.name for p in tmp_path.iterdir()] == ["data"]


def test_deleting_is_asked_about_first(places: Places) -> None:
    realistic(places)
    result = said("history", "delete", "--all", code=1, answer="n\n")
    assert "no longer knows what hurt" in result.output
    assert len(json.loads(said("history", "--json").stdout)) == 30
    result = said("history", "delete", "--before", "2026-11-01", answer="y\n")
    assert "19 sessions deleted." in result.output
    assert len(json.loads(said("history", "--json").stdout)) == 11
    assert "11 sessions and 13 answers deleted." in said("history", "delete", "--all", "--yes").output
    assert said("history").stdout == "No session yet.\n"


@pytest.mark.parametrize("arguments", [(), ("--all", "--before", "2026-01-01"), ("--before", "yesterday")])
def test_what_is_to_be_deleted_has_to_be_said(places: Places, arguments: tuple[str, ...]) -> None:
    realistic(places)
    said("history", "delete", "--yes", *arguments, code=2)
    assert len(json.loads(said("history", "--json").stdout)) == 30


def test_a_locked_coach_stays_locked_at_the_next_start_whatever_was_deleted(places: Places) -> None:
    played(places, DAY, profile={"consulted": "yes"})
    played(places, DAY.replace(day=3), *hurt("bridge", 9), outcome=Outcome.EMERGENCY)
    output = said("history", "delete", "--all", "--yes").output
    assert "1 session deleted." in output
    assert "2026-11-03 09:00 ended for your safety and keeps the coach locked" in output
    assert "so do your answers about yourself" in output
    user = ScriptedUser()
    player = assembled("gentle", places, RememberingScreen(), FileDuplex(user, None))
    try:
        assert player.state.intake.locked
    finally:
        player.close_journal()
        if player.lock is not None:
            player.lock.release()


def test_nothing_is_deleted_while_a_session_is_played(places: Places) -> None:
    realistic(places)
    lock = alone(places.data)
    assert lock is not None
    try:
        result = said("history", "delete", "--all", "--yes", code=6)
    finally:
        lock.release()
    assert "Nothing was deleted. Another session is being played already. End it first" in result.output
    assert len(json.loads(said("history", "--json").stdout)) == 30


def test_a_journal_that_cannot_be_read_is_told_of_in_a_sentence(places: Places) -> None:
    places.data.mkdir(parents=True)
    places.journal.write_text("no journal " * 100)
    for command in (("history", "export", "a.json"), ("history", "delete", "--all", "--yes"), ("report",)):
        assert "cannot be read" in said(*command, code=8).output
    assert places.journal.read_text() == "no journal " * 100


def test_the_report_is_a_file_in_the_current_folder_and_takes_the_place_of_none(
    places: Places, tmp_path: Path
) -> None:
    realistic(places)
    said("report")
    report = tmp_path / "voicecoach-report.html"
    assert "5 Oct 2026 to 28 Nov 2026" in report.read_text("utf-8")
    assert "is there already" in said("report", code=2).output
    said("report", "early.html", "--until", "2026-10-30")
    assert "to 30 Oct 2026" in (tmp_path / "early.html").read_text("utf-8")


def test_the_report_of_an_empty_journal_is_a_page_too(places: Places, tmp_path: Path) -> None:
    said("report", "empty.html")
    assert "no session yet" in (tmp_path / "empty.html").read_text("utf-8")


def test_a_name_that_is_no_text_keeps_nothing_from_being_shown_or_exported(
    places: Places, tmp_path: Path
) -> None:
    """On Linux a file, and so an exercise, may have any bytes as its name."""
    played(places, DAY, *hurt("\udcff", 3), pain=3)
    for form in ("--json", "--csv", "--plot"):
        said("history", form)
    said("history", "export", "all.json")
    said("report")
    kept = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert "\udcff" in [e["data"].get("exercise") for e in kept["sessions"][0]["events"]], "nothing is lost"
