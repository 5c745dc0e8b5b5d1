"""Removes one control at a time and shows that a test catches it; the controls are in tests/mutants.toml.

scripts/mutants runs this. Each mutant changes one text in a copy of the program, then runs the tests named
for it, which must pass without the change and fail with it. A mutant that survives is a control that no test
protects.
"""

import argparse
import contextlib
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "tests" / "mutants.toml"
COPIED = ("voicecoach", "tests")
LINKED = ("pyproject.toml", "models", "audio_fixtures", "scripts", "docs")
PATIENCE_S = 300
PASSED, FAILED, HUNG = 0, 1, -1
CAUGHT, SURVIVED, BROKEN = "caught", "SURVIVED", "BROKEN"
SLIP = re.compile(r"^E +(NameError|ImportError|ModuleNotFoundError|SyntaxError|UnboundLocalError)\b", re.M)
"""A test that fails by one of these shows that the mutant was badly written, not that a control is missed."""


class Unusable(Exception):
    """The list of mutants, or the suite, is not in a state in which mutants mean anything."""


@dataclass(frozen=True, slots=True)
class Mutant:
    name: str
    """what the control sees to"""
    file: str
    text: str
    """what makes the control; it occurs once in the file"""
    becomes: str
    tests: tuple[str, ...]
    """pytest's ids of the tests that must catch it"""

    def applied(self, source: str) -> str:
        times = source.count(self.text)
        if times != 1:
            raise Unusable(f"{LIST.name}: {self.name}: its text is {times} times in {self.file}, not once.")
        changed = source.replace(self.text, self.becomes)
        compile(changed, self.file, "exec")
        return changed


def mutants() -> list[Mutant]:
    tables = tomllib.loads(LIST.read_text("utf-8"))["mutant"]
    return [Mutant(**{**table, "tests": tuple(table["tests"])}) for table in tables]


def copied(folder: Path) -> Path:
    """A copy of the program and its tests in `folder`; what no mutant changes is linked."""
    folder.mkdir()
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    return folder


def pytest(folder: Path, tests: Iterable[str]) -> tuple[int, str]:
    """The exit code of these tests in `folder`, or HUNG, and what they printed."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    # no bytecode: a file changed twice in a second would be taken for the one before
    env |= {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "--tb=short", "-p", "no:cacheprovider", *tests]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            code = HUNG
        finally:  # the tests' own processes, too
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return code, log.read_text("utf-8", "replace")


def tried(mutant: Mutant, folder: Path) -> tuple[str, str]:
    """Whether the mutant was caught, and what the tests printed."""
    file = folder / mutant.file
    source = file.read_text("utf-8")
    file.write_text(mutant.applied(source), "utf-8")
    try:
        code, output = pytest(folder, mutant.tests)
    finally:
        file.write_text(source, "utf-8")
    if code == PASSED:
        return SURVIVED, output
    return (BROKEN if code != FAILED or SLIP.search(output) else CAUGHT), output


def run(chosen: list[Mutant], workers: int, place: Path) -> Counter[str]:
    """Try all of `chosen`, each in one of `workers` copies in `place`; print a line for each."""
    folders: queue.Queue[Path] = queue.Queue()
    for i in range(workers):
        folders.put(copied(place / str(i)))
    folder = folders.get()
    code, output = pytest(folder, dict.fromkeys(test for mutant in chosen for test in mutant.tests))
    folders.put(folder)
    if code != PASSED:
        raise Unusable(f"{output}\nThese tests must pass before anything is removed.")

    def result(mutant: Mutant) -> str:
        folder = folders.get()
        try:
            verdict, output = tried(mutant, folder)
        finally:
            folders.put(folder)
        print(told(mutant, verdict, output), flush=True)
        return verdict

    with ThreadPoolExecutor(workers) as pool:
        return Counter(pool.map(result, chosen))


def told(mutant: Mutant, verdict: str, output: str) -> str:
    """A line for the reader, and more where something is wrong."""
    line = f"{verdict:<8}  {mutant.name}"
    if verdict == CAUGHT:
        test = re.search(r"^(?:FAILED|ERROR) \S*::(\w+)", output, re.M)
        return f"{line}  ({test[1]})" if test else line
    more = [f"{mutant.file}: {' '.join(mutant.tests)}"]
    if verdict == BROKEN:
        more += output.splitlines()[-12:]
    return "\n".join([line, *(f"{'':<8}  {text}" for text in more)])


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-j", type=int, default=1, metavar="N", help="how many at a time")
    parser.add_argument("--only", default="", metavar="TEXT", help="only those with TEXT in name or file")
    options = parser.parse_args()
    chosen = [mutant for mutant in mutants() if options.only in f"{mutant.name} {mutant.file}"]
    if not chosen:
        print(f"scripts/mutants: none has {options.only!r} in its name or file.", file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory(prefix="mutants-") as place:
            verdicts = run(chosen, max(1, options.j), Path(place))
    except Unusable as error:
        print(f"scripts/mutants: {error}", file=sys.stderr)
        return 2
    print(", ".join(f"{verdicts[v]} {v.lower()}" for v in (CAUGHT, SURVIVED, BROKEN)))
    return 0 if verdicts[CAUGHT] == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
