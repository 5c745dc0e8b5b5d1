"""A spare of the journal that is damaged is passed over: it keeps nobody from beginning a session."""

import json
from pathlib import Path

import pytest

from voicecoach.storage import Journal

EVENT = ["events", "2026-11-01T08:00:00.000", 0, 10, "PainReported", "{}"]
DAMAGED = {
    "no list": {},
    "no rows": [1, 2],
    "an empty row": [[]],
    "another table": [["secrets", 1, 2]],
    "a table that is no name": [[["events"], 1, 2, 3, 4, 5]],
    "too few values": [EVENT[:-1]],
    "too many values": [[*EVENT, 1]],
    "a list for a value": [[*EVENT[:-1], []]],
    "a number that no table takes": [[*EVENT[:3], 10**30, *EVENT[4:]]],
    "half a character": [[*EVENT[:-1], "\ud800"]],
    "a session cut short": [["sessions", "2026-11-01T08:00:00.000"]],
}


@pytest.mark.parametrize("damage", sorted(DAMAGED))
@pytest.mark.parametrize("journal", ["journal.sqlite3", "file/journal.sqlite3"], ids=["usable", "unusable"])
def test_a_damaged_spare_does_not_keep_a_session_from_beginning(
    tmp_path: Path, damage: str, journal: str
) -> None:
    """Each ended every start with "something failed", until its file was deleted by hand."""
    (tmp_path / "file").write_text("in the way")
    spares = tmp_path / "spares"
    spares.mkdir(mode=0o700)
    (spares / "voicecoach-unwritten-1.json").write_text(json.dumps(DAMAGED[damage]))
    (spares / "voicecoach-unwritten-2.json").write_text(json.dumps([EVENT]))
    (spares / "voicecoach-unwritten-3.json").write_text("[" * 100_000)
    assert Journal(tmp_path / journal, lambda _: None, (spares,)).earlier().locked, (
        "the whole one is believed"
    )
