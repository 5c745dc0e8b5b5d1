"""events.jsonl: one JSON object a line; if it cannot be written, the session goes on."""

import json
import os
from pathlib import Path

import pytest

from voicecoach.storage import EventLog


def test_every_line_is_an_object_with_its_time(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "out/events.jsonl")
    log.write(14_400, 0.3, "event", "Heard", {"text": "stop", "at_ms": 300})
    log.write(14_400, 0.3, "command", "Hush", {})
    log.close()
    log.close()
    first, second = (tmp_path / "out/events.jsonl").read_text("utf-8").splitlines()
    assert json.loads(first) == {
        "at_s": 0.3, "at_sample": 14_400, "type": "event", "name": "Heard", "text": "stop", "at_ms": 300
    }  # fmt: skip
    assert json.loads(second)["name"] == "Hush"


def test_a_facts_own_fields_do_not_hide_what_it_is(tmp_path: Path) -> None:
    """A key of the log and a field of a fact once had the same name."""
    log = EventLog(tmp_path / "events.jsonl")
    log.write(0, 0.0, "fact", "PainReported", {"words": "ouch", "exercise": "bridge", "report": 1})
    log.close()
    line = json.loads((tmp_path / "events.jsonl").read_text("utf-8"))
    assert (line["type"], line["name"], line["words"]) == ("fact", "PainReported", "ouch")


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    log = EventLog(None)
    log.write(0, 0.0, "event", "Tick", {})
    log.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
@pytest.mark.parametrize("lines", [1, 5000])
@pytest.mark.fault("the disk is full while events are logged", "the log ends, the session does not")
def test_a_full_disk_ends_the_log_and_not_the_session(tmp_path: Path, lines: int) -> None:
    """The log raised ENOSPC into the loop that was just carrying out a "stop" (docs/promises.md, R13)."""
    (tmp_path / "events.jsonl").symlink_to("/dev/full")
    log = EventLog(tmp_path / "events.jsonl")
    for _ in range(lines):
        log.write(0, 0.0, "event", "Heard", {"text": "stop"})
    log.close()
    assert "No space left" in log.failure
