"""The table of faults says what the tests say, and only what was measured."""

from pathlib import Path

import pytest

from tests.faults.report import BEGIN, END, FAILED, Fault, marked, renewed, results, rows

HANG = Fault("tests/test_a.py", 1, "test_hang", "a | b hangs", "it ends")
DISK = Fault("tests/test_a.py", 9, "test_disk", "the disk is full", "it goes on")
EMPTY = f"before\n{BEGIN}\n{END}\nafter\n"


def junit(folder: Path, *cases: str) -> Path:
    path = folder / "junit.xml"
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    return path


def case(name: str, inside: str) -> str:
    return f'<testcase name="{name}">{inside}</testcase>'


def said(text: str) -> str:
    return f'<properties><property name="measured" value="{text}"/></properties>'


def test_a_row_says_what_was_measured_or_else_whether_the_test_passed(tmp_path: Path) -> None:
    path = junit(
        tmp_path,
        case("test_hang[1]", said("0.1 s")),
        case("test_hang[2]", said("0.2 s")),
        case("test_disk", ""),
        case("test_many[1]", ""),
        case("test_many[2]", ""),
        case("test_bad[1]", said("3 s") + "<failure/>"),
        case("test_bad[2]", ""),
        case("test_skipped", "<skipped/>"),
    )
    assert results(path) == {
        "test_hang": "0.1 s; 0.2 s",
        "test_disk": "passed",
        "test_many": "passed, 2 cases",
        "test_bad": FAILED,
    }


def test_a_test_that_did_not_run_keeps_what_was_measured_before() -> None:
    first = renewed(EMPTY, [HANG, DISK], {"test_hang": "0.1 s"})
    assert rows(first)["test_disk"] == [("the disk is full", "it goes on", "not run")]
    again = renewed(first, [HANG, DISK], {"test_disk": "passed"})
    assert rows(again)["test_hang"] == [(r"a \| b hangs", "it ends", "0.1 s")]
    assert rows(again)["test_disk"] == [("the disk is full", "it goes on", "passed")]
    assert again.startswith("before\n")
    assert again.endswith("after\n")


def test_a_table_that_is_up_to_date_is_not_changed_and_a_lost_test_is_noticed() -> None:
    table = renewed(EMPTY, [HANG, DISK], {})
    assert renewed(table, [HANG, DISK], {}) == table
    assert renewed(table, [DISK], {}) != table


def test_a_mark_without_two_literal_texts_is_refused_with_the_name_of_the_test(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_x.py").write_text("@pytest.mark.fault('a', 'b')\ndef test_good(): ...\n")
    assert [(f.test, f.what, f.expected) for f in marked(tests)] == [("test_good", "a", "b")]
    for mark in ("fault('only one')", "fault(WHAT, 'b')", "fault"):
        (tests / "test_x.py").write_text(f"@pytest.mark.{mark}\ndef test_bad(): ...\n")
        with pytest.raises(SystemExit, match=r"test_x\.py: test_bad"):
            marked(tests)
