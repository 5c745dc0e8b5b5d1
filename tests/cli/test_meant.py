"""A slip of the finger is answered with what was meant, and not taken for it: a session might begin."""

import pytest
from click.testing import CliRunner

from voicecoach.cli import cli
from voicecoach.library import Library, meant


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("strat", "start"),
        ("program chek", "check"),
        ("start flor", "floor"),
        ("start Gentel", "gentle"),
        ("program check flor", "floor"),
        ("exercise check brige", "bridge"),
        ("profile change flor", "floor"),
        ("say --voise espeak hello", "--voice"),
        ("shortcut install flor", "floor"),
    ],
)
def test_what_was_meant_is_suggested(typed: str, suggested: str) -> None:
    refused = CliRunner().invoke(cli, typed.split())
    assert refused.exit_code == 2
    assert f"Did you mean '{suggested}'?" in refused.output


def test_nothing_is_suggested_for_what_is_like_nothing() -> None:
    assert meant("xyzzy", Library().program_ids) == ""
    assert "Did you mean" not in CliRunner().invoke(cli, ["xyzzy"]).output
