"""The list of mutants is current, and what scripts/mutants calls caught was caught by a test that failed."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests import mutants
from tests.mutants import BROKEN, CAUGHT, ROOT, SURVIVED, Mutant, Unusable, copied, run, tried

ALL = mutants.mutants()
GOOD = Mutant(
    "stop comes last",
    "voicecoach/listening/judge.py",
    "d.command is Command.STOP)",
    "d.command is not Command.STOP)",
    ("tests/listening/test_judge.py::test_pain_comes_before_stop_when_both_were_said",),
)


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_what_a_mutant_removes_is_there_once_and_its_tests_exist(mutant: Mutant) -> None:
    mutant.applied((ROOT / mutant.file).read_text("utf-8"))
    assert mutant.becomes != mutant.text
    for test in mutant.tests:
        file, _, name = test.partition("::")
        assert f"\ndef {name}(" in (ROOT / file).read_text("utf-8"), test


def test_every_mutant_has_a_name_of_its_own() -> None:
    assert len(ALL) >= 20
    assert [name for name, times in Counter(mutant.name for mutant in ALL).items() if times > 1] == []


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_a_mutant_is_caught_only_by_a_test_that_fails(tmp_path: Path) -> None:
    folder = copied(tmp_path / "copy")
    before = (folder / GOOD.file).read_bytes()
    assert tried(GOOD, folder)[0] == CAUGHT
    assert tried(replace(GOOD, becomes="d.command is Command.STOP, reverse=False)"), folder)[0] == SURVIVED
    assert tried(replace(GOOD, becomes="d.command is Comand.STOP)"), folder)[0] == BROKEN, "a slip of the pen"
    assert tried(replace(GOOD, tests=("tests/nothing.py",)), folder)[0] == BROKEN, "no test ran"
    assert (folder / GOOD.file).read_bytes() == before
    assert ROOT not in (folder / "voicecoach").resolve().parents, "the program itself is never touched"


def test_a_text_that_is_not_there_once_is_refused_with_the_name_of_the_mutant() -> None:
    with pytest.raises(Unusable, match=r"stop comes last.*2 times in .*judge\.py"):
        GOOD.applied(2 * f"{GOOD.text}\n")


def test_tests_that_fail_anyway_prove_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "pytest", lambda _folder, _tests: (1, "1 failed"))
    with pytest.raises(Unusable, match="must pass before anything is removed"):
        run([GOOD], 1, tmp_path)
