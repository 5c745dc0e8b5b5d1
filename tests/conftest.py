"""Hooks for the whole suite: slow tests only with --all, groups for pytest-xdist, a check for leftover files.

A parallel run is `pytest -n auto --dist loadgroup`, as scripts/test has it. Tests of one group run in one
worker, one after the other; every other test runs wherever there is room.
"""

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.card.card import Card
from tests.faults.report import Measured
from voicecoach.testing import SHARED_PROMPTS

LEFT_OUT = pytest.StashKey[int]()
LEFT_BEHIND = pytest.StashKey[list[str]]()
FOLDER = pytest.StashKey[Path]()
GIVES_WAY = pytest.StashKey[bool]()
BEGIN_FIRST = ("card", "scene whole_floor", "tests/session/test_promises.py", "scene", "words")
"""Groups and tests that take long begin first, in this order, so that nobody waits for one in the end."""
CACHES = ("torchinductor_",)
"""What libraries keep in the folder for temporary files, for the next process. It goes with the folder."""


os.environ["LC_ALL"] = "C.UTF-8"  # the region of the machine would choose the emergency number


class Worker(Protocol):
    """pytest-xdist's view of a worker process; its types are not published."""

    config: pytest.Config


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also run the tests marked slow")
    parser.addoption("--renew-streams", action="store_true", help="write tests/scenes/streams/ anew")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Home and everything temporary lie in a folder of this run's own: no test meets the user's files, and
    what is temporary must be gone in the end. To look at a failed test's files: pytest --basetemp DIR."""
    config.stash[LEFT_OUT] = 0
    if hasattr(config, "workerinput"):
        return  # a worker has it from the environment
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `timeout` ends a run as Ctrl-C does: tidily
    config.stash[FOLDER] = folder = Path(tempfile.mkdtemp(prefix="voicecoach-"))
    config.option.basetemp = config.option.basetemp or str(folder / "pytest")
    for name in ("tmp", "home", "pulse", "prompts"):
        (folder / name).mkdir(mode=0o700)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")
    os.environ["HOME"] = str(folder / "home")
    os.environ.setdefault(SHARED_PROMPTS, str(folder / "prompts"))
    os.environ["PULSE_RUNTIME_PATH"] = str(
        folder / "pulse"
    )  # else a look at the sound devices makes one in TMPDIR


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.option.all and "slow" not in config.option.markexpr:
        slow = [item for item in items if item.get_closest_marker("slow")]
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        config.stash[LEFT_OUT] = len(slow)
    for item in items:
        if item.get_closest_marker("card"):
            item.add_marker(pytest.mark.xdist_group("card"))
    if hasattr(config, "workerinput"):
        items.sort(key=_place)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The sound card's tests run in real time: all others in a parallel run give way to them."""
    if hasattr(item.config, "workerinput") and not item.get_closest_marker("card") and hasattr(os, "nice"):
        os.nice(0 if item.config.stash.get(GIVES_WAY, False) else 5)
        item.config.stash[GIVES_WAY] = True


def _place(item: pytest.Item) -> int:
    mark = item.get_closest_marker("xdist_group")
    group = str(mark.args[0]) if mark else ""
    places = (
        i for i, begin in enumerate(BEGIN_FIRST) if group.startswith(begin) or item.nodeid.startswith(begin)
    )
    return next(places, len(BEGIN_FIRST))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Worker, error: object) -> None:
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    report: dict[str, int] | None = getattr(config, "workeroutput", None)
    if report is not None:  # a worker of a parallel run
        report["left_out"] = config.stash[LEFT_OUT]
        return
    if session.exitstatus == pytest.ExitCode.INTERRUPTED:
        return  # nobody had the time to clear up
    gc.collect()  # an engine's folder goes with the engine
    names = sorted(path.name for path in (config.stash[FOLDER] / "tmp").iterdir())
    config.stash[LEFT_BEHIND] = [name for name in names if not name.startswith(CACHES)]
    if config.stash[LEFT_BEHIND]:
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(FOLDER, None):
        shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left := config.stash.get(LEFT_BEHIND, []):
        terminalreporter.write_line(
            f"FAILED: left behind in the folder for temporary files: {', '.join(left)}"
        )
    if config.stash[LEFT_OUT]:
        terminalreporter.write_line(f"{config.stash[LEFT_OUT]} slow tests were left out: scripts/test --all")


@pytest.fixture(scope="session")
def card(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Card]:
    folder: Path = tmp_path_factory.mktemp("card")
    card = Card(folder)
    yield card
    card.close()


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Measured:
    """Call it with what was measured ("ended 0.4 s after SIGTERM"): scripts/faults puts it in its table."""
    return lambda text: record_property("measured", text)
