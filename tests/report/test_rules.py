"""The rules of care as they are printed and as they are documented: one and the same."""

from pathlib import Path

from click.testing import CliRunner

from voicecoach.care import RULES
from voicecoach.cli import cli
from voicecoach.report.rules import tables
from voicecoach.testing import LIBRARY

RULES_MD = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
LINES = list(tables(LIBRARY))


def test_the_document_holds_the_table_that_is_printed() -> None:
    """To renew it: voicecoach safety table, below the introduction."""
    printed = CliRunner().invoke(cli, ["safety", "table"])
    assert printed.exit_code == 0
    assert printed.output.splitlines() == LINES
    assert "\n".join(LINES) in RULES_MD.read_text("utf-8")


def test_every_question_and_every_rule_is_in_it() -> None:
    protocol = LIBRARY.protocol
    steps = (*protocol.before, *protocol.after_pain, *protocol.after)
    asked = {step.ask for step in steps if step.ask}
    text = "\n".join(LINES)
    assert {key for key in asked if f"`{key}`" not in text} == set()
    assert {rule.key for rule in RULES if f"| {rule.key} |" not in text} == set()


def test_a_question_that_is_never_asked_aloud_is_asked_on_the_screen() -> None:
    """A question in no conversation would be a safeguard in name only."""
    protocol = LIBRARY.protocol
    steps = (*protocol.before, *protocol.after_pain, *protocol.after)
    never = set(protocol.questions) - {step.ask for step in steps}
    assert never == set(protocol.lacks)
