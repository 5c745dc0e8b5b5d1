"""What the documents name exists: files, sections, tests."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.faults.report import DOCUMENT, marked, renewed, rows

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("models/**/*.md")])
CODE = [
    path for folder in ("voicecoach", "scripts", "tests", "models") for path in ROOT.glob(f"{folder}/**/*.py")
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CITED = re.compile(r"docs/\w+\.(?:md|png)")
TEST = re.compile(r"`(test_\w+)`")
PACKS = {"The coach's own": "en/coach.toml", "Exercises for the lower back": "lower_back/en.toml"}
"""The sections of docs/lines.md, and where their lines come from."""


def anchors(document: Path) -> set[str]:
    """The anchors of the headings, as they are made on the usual sites."""
    titles = re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    for link in LINK.findall(document.read_text("utf-8")):
        file, _, anchor = link.partition("#")
        if "://" in file or file.startswith("mailto:"):
            continue
        target = document.parent / file if file else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_that_a_document_names_exists(document: Path) -> None:
    sources = "\n".join(path.read_text("utf-8") for path in ROOT.glob("tests/**/*.py"))
    modules = {path.stem for path in ROOT.glob("tests/**/*.py")}
    named = set(TEST.findall(document.read_text("utf-8"))) - modules
    assert {name for name in named if f"def {name}(" not in sources} == set()


def test_every_document_that_the_code_cites_exists() -> None:
    cited = {name for path in CODE for name in CITED.findall(path.read_text("utf-8"))}
    assert cited
    assert {name for name in cited if not (ROOT / name).exists()} == set()


def test_the_designs_of_before_are_cited_nowhere() -> None:
    """A reader of this repository cannot open them."""
    elsewhere = re.compile(r"\b(SAFETY|VOICE|AUDIO|FAULTS|BENCH|ARCHITECTURE)\.md")
    paths = [path for path in [*CODE, *DOCUMENTS] if path != Path(__file__).resolve()]
    assert [path for path in paths if elsewhere.search(path.read_text("utf-8"))] == []


def test_the_table_of_faults_lists_exactly_the_tests_that_inject_one() -> None:
    """What they measured is renewed by `scripts/faults` alone."""
    document = DOCUMENT.read_text("utf-8")
    assert document == renewed(document, marked(), {}), "run scripts/faults, and commit docs/promises.md"
    assert rows(document)


def test_tests_that_inject_a_fault_have_names_of_their_own() -> None:
    """The table, and what was measured, are kept by name."""
    places = {(fault.test, fault.file) for fault in marked()}
    assert len(places) == len({test for test, _ in places})


def spoken(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """The keys of a pack and their lines, as docs/lines.md writes them; without numbers and descriptions."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from spoken(value, f"{before}{key}.")
        elif key not in ("numbers", "description"):
            yield f"{before}{key}", value if isinstance(value, str) else "<br>".join(value)


@pytest.mark.parametrize("section", PACKS)
def test_the_list_of_spoken_lines_has_every_line_as_it_is_spoken_today(section: str) -> None:
    """A physiotherapist reviews that list."""
    document = (ROOT / "docs" / "lines.md").read_text("utf-8")
    table = document.split(f"## {section}\n")[1].split("\n## ")[0]
    head, *found = re.findall(r"^\| (.+) \| (.+) \| (.+) \|$", table, re.MULTILINE)
    assert head == ("key", "before", "after")
    today = {key: before if after == "the same" else after for key, before, after in found if after != "-"}
    pack = tomllib.loads((ROOT / "voicecoach" / "packs" / PACKS[section]).read_text("utf-8"))
    assert today == dict(spoken(pack))
