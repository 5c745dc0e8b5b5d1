"""The table of faults in docs/promises.md: which tests inject one, and what was measured when they last ran.

A test that injects a fault is marked `@pytest.mark.fault("what goes wrong", "what must happen")`, in literal
texts, since they are read from the source. It may take the fixture `measured` and call it with what was
measured. `scripts/faults` runs these tests and renews the table.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

Measured = Callable[[str], None]
"""The type of the fixture `measured`."""

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "promises.md"
BEGIN, END = "<!-- made by scripts/faults -->", "<!-- end of what scripts/faults makes -->"
HEAD = "| fault | what must happen | measured | test |\n|---|---|---|---|\n"
NOT_RUN, FAILED = "not run", "**failed**"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    file: str
    """of the test, such as tests/faults/test_terminal.py"""
    line: int
    test: str
    what: str
    expected: str


def marked(folder: Path = ROOT / "tests") -> list[Fault]:
    """Every test marked `fault`, in the order of files and lines."""
    found = []
    for path in folder.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
            if isinstance(node, ast.FunctionDef):
                file = path.relative_to(folder.parent).as_posix()
                found += [Fault(file, node.lineno, node.name, *texts) for texts in _texts(file, node)]
    return sorted(found)


def _texts(file: str, test: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    for mark in test.decorator_list:
        if ast.unparse(mark).startswith("pytest.mark.fault"):
            try:
                assert isinstance(mark, ast.Call)
                what, expected = (ast.literal_eval(argument) for argument in mark.args)
            except (AssertionError, ValueError):
                raise SystemExit(f"{file}: {test.name}: mark.fault needs two literal texts.") from None
            yield what, expected


def results(junit: Path) -> dict[str, str]:
    """What each test that ran measured, or else that it passed or failed, by its name."""
    cases: dict[str, list[ElementTree.Element]] = {}
    for case in ElementTree.parse(junit).iter("testcase"):
        if case.find("skipped") is None:
            cases.setdefault(case.get("name", "").partition("[")[0], []).append(case)
    return {name: _result(each) for name, each in cases.items()}


def _result(cases: list[ElementTree.Element]) -> str:
    if any(case.find(kind) is not None for case in cases for kind in ("failure", "error")):
        return FAILED
    said = [
        value.get("value", "") for c in cases for value in c.iterfind("properties/property[@name='measured']")
    ]
    passed = "passed" if len(cases) == 1 else f"passed, {len(cases)} cases"
    return "; ".join(dict.fromkeys(said)) or passed


def rows(document: str) -> dict[str, list[tuple[str, str, str]]]:
    """What the table has of each test: (fault, what must happen, measured)."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    table = document.partition(BEGIN)[2].partition(END)[0].replace(HEAD, "")
    for line in table.strip().splitlines():
        what, expected, measured, test = re.split(r"(?<!\\) \| ", line.removeprefix("| ").removesuffix(" |"))
        found.setdefault(test.strip("`"), []).append((what, expected, measured))
    return found


def renewed(document: str, faults: list[Fault], measured: Mapping[str, str]) -> str:
    """`document` with a new table. A test that did not run now keeps what was measured before."""
    before = {test: old[0][2] for test, old in rows(document).items()}
    cells = (
        (f.what, f.expected, measured.get(f.test) or before.get(f.test) or NOT_RUN, f"`{f.test}`")
        for f in faults
    )
    table = "".join(f"| {' | '.join(map(_cell, row))} |\n" for row in cells)
    start, _, rest = document.partition(BEGIN)
    _, _, end = rest.partition(END)
    return f"{start}{BEGIN}\n\n{HEAD}{table}\n{END}{end}"


def _cell(text: str) -> str:
    """Text that is in one cell of a table, whatever it contains."""
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def main(junit: Path) -> None:
    faults, measured = marked(), results(junit)
    DOCUMENT.write_text(renewed(DOCUMENT.read_text("utf-8"), faults, measured), "utf-8")
    ran = {fault.test for fault in faults} & measured.keys()
    print(f"{DOCUMENT.relative_to(ROOT)}: {len(faults)} faults, {len(ran)} tests measured anew")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
