"""kill -9 at any moment of a session: the journal is intact, it tells what happened, and a report of pain
locks the next start. So too if the disk is full, or another program locks the journal."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from tests.faults.killed import BUSY, NOW, SHORT, Scene
from tests.faults.report import Measured
from tests.waiting import eventually
from voicecoach.care import LOCKING, Intake, Outcome, Plan
from voicecoach.session import Event, Mode, Options, Order, State, Wording, step
from voicecoach.session.facts import PainReported
from voicecoach.storage import Journal, Places, SessionRow
from voicecoach.testing import HEALTHY, LIBRARY, english_session, prepare_home

if sys.platform == "win32":
    pytest.skip("kill -9", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
RETURNING = {"returning": True, "settings": {"wording": "minimal"}}
EVENTS = {event.__name__: event for event in get_args(Event)}
BUSY_S = 3.0
WATCHABLE = 20.0
"""How many times faster than real time a session is played whose journal is locked for seconds."""

Row = tuple[str, dict[str, Any]]
"""Its kind, and its fields."""


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every line of the session, rendered once."""
    home = tmp_path_factory.mktemp("rendered")
    prepare_home(RETURNING, home)
    (home / "tmp").mkdir()
    killed(home, Scene(0, None, 1_000.0))
    return home / "cache" / "prompts"


@pytest.fixture
def homes(tmp_path: Path, prompts: Path) -> Iterator[Path]:
    """Homes of a returning user, each a new one."""

    def new() -> Iterator[Path]:
        for n in range(1_000):
            home = tmp_path / str(n)
            prepare_home(RETURNING, home)
            (home / "cache").mkdir(exist_ok=True)
            (home / "cache" / "prompts").unlink(missing_ok=True)
            (home / "cache" / "prompts").symlink_to(prompts)
            (home / "tmp").mkdir()
            yield home

    return new()


def killed(home: Path, scene: Scene, first: Callable[[], None] | None = None) -> str:
    """Play `scene` until it is killed; what it had shown by then. `first` is called in its process."""
    env = {**os.environ, "VOICECOACH_HOME": str(home), "TMPDIR": str(home / "tmp"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.faults.killed", str(home), json.dumps(asdict(scene))]
    pipe = subprocess.PIPE
    with (
        (home / "errors").open("w") as errors,
        contextlib.ExitStack() as meanwhile,
        subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, stderr=errors, text=True, preexec_fn=first
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        shown = ""
        try:
            for line in process.stdout:
                shown += line
                if NOW in line:
                    break
                if BUSY in line:
                    meanwhile.enter_context(locked(Places.inside(home).journal))
                    process.stdin.write("\n")
                    process.stdin.flush()
            else:
                raise AssertionError(f"{scene} ended by itself:\n{shown}\n{(home / 'errors').read_text()}")
            time.sleep(scene.after_s)
        finally:
            process.kill()
        return shown + process.stdout.read()


@contextlib.contextmanager
def locked(journal: Path) -> Iterator[None]:
    """Another program locks the journal for three seconds, or until all is over."""
    with contextlib.closing(sqlite3.connect(journal, isolation_level=None, check_same_thread=False)) as db:
        db.execute("BEGIN IMMEDIATE")
        release = threading.Timer(BUSY_S, db.execute, ["ROLLBACK"])
        release.start()
        try:
            yield
        finally:
            release.cancel()
            release.join()


@dataclass
class Found:
    """What a killed session left behind."""

    session: str
    told: list[Row]
    """its events and facts"""
    state: State
    """where it stood, by its events"""
    outcome: str | None

    @property
    def reported(self) -> bool:
        return any(kind == "PainReported" for kind, _ in self.told)


def left_in(home: Path) -> Found:
    """Read the journal, and replay its events: they must give the facts beside them."""
    with contextlib.closing(sqlite3.connect(Places.inside(home).journal)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        session = db.execute("SELECT MAX(session) FROM events").fetchone()[0]
        rows = db.execute(
            "SELECT n, kind, data FROM events WHERE session = ? ORDER BY n", (session,)
        ).fetchall()
        outcome = db.execute("SELECT outcome FROM sessions WHERE session = ?", (session,)).fetchone()
    assert [n for n, _, _ in rows] == list(range(len(rows))), "nothing is missing in the middle"
    told = [(kind, json.loads(data)) for _, kind, data in rows]
    state, replayed = replay(told)
    assert told == replayed[: len(told)], "the events give the facts"
    return Found(session, told, state, outcome and outcome[0])


def replay(told: list[Row]) -> tuple[State, list[Row]]:
    """The events among `told` fed to a session, and what a journal would keep of it."""
    program = LIBRARY.program(SHORT)
    intake = Intake(first_run=False, profile=HEALTHY)
    state = english_session(program, intake, Options(Wording.MINIMAL), Plan(program, LIBRARY.exercises))
    replayed: list[Row] = []
    for kind, data in told:
        if kind in EVENTS:
            state, outputs = step(state, msgspec.convert(data, EVENTS[kind]))
            replayed.append((kind, data))
            facts = [output for output in outputs if not isinstance(output, Order)]
            replayed += [(type(fact).__name__, json.loads(json.dumps(asdict(fact)))) for fact in facts]
    return state, replayed


def next_start_is_locked(home: Path) -> bool:
    places = Places.inside(home)
    spares = (places.spares[0], home / "tmp" / places.spares[1].name)
    journal = Journal(places.journal, pytest.fail, spares)
    return journal.earlier().locked


def in_hold(told: list[Row]) -> bool:
    """Whether the last hold that began was not over when the last event came."""
    holds = [data for kind, data in told if kind == "HoldBegan"]
    times = [data["at_ms"] for kind, data in told if kind in EVENTS]
    return bool(holds) and holds[-1]["start_ms"] <= times[-1] <= holds[-1]["end_ms"] + 1_000


class Tally:
    """How many kills came where."""

    def __init__(self) -> None:
        self.kills = self.intakes = self.holds = self.stops = self.reports = self.locks = 0

    def kill(self, home: Path, scene: Scene, first: Callable[[], None] | None = None) -> str:
        """Kill a session, check and count what it left, and return what it showed."""
        try:
            shown = killed(home, scene, first)
            self.add(home, shown)
        except AssertionError as error:
            error.add_note(str(scene))
            raise
        return shown

    def add(self, home: Path, shown: str) -> None:
        """Check what a killed session left, and count it."""
        left = {path.name for path in (home / "tmp").iterdir()}
        assert left <= {Places.inside(home).spares[1].name}, "only what the journal's disk refused"
        before = left_in(home)
        is_locked = next_start_is_locked(home)
        after = left_in(home)  # with what lay in a spare
        # the word itself is shown before the disk has it, the coach's answer to it only afterwards
        answered = "coach" in shown.partition("pain  (key)")[2]
        reported = answered or after.reported
        if before.outcome is None:
            assert is_locked == reported
        else:
            assert is_locked == (before.outcome in LOCKING)
        self.kills += 1
        self.intakes += after.state.mode is Mode.INTAKE
        self.holds += after.state.mode is Mode.MOVING and in_hold(after.told)
        self.stops += after.state.mode in (Mode.SAFETY, Mode.STAYING)
        if before.outcome is None:
            self.reports += reported
            self.locks += is_locked

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.intakes} in questions, {self.holds} in holds, {self.stops} in safety "
            f"stops): {self.kills} journals intact, {self.locks} of {self.reports} reports lock"
        )

    @property
    def a_stop_is_due(self) -> bool:
        """Whether less than half of the kills so far came in a safety stop."""
        return 2 * self.stops <= self.kills


SHORTEST_STOP_S = 45.0
"""Without what comes of the answers to its last question."""


def moment(chance: random.Random, stop: bool) -> Scene:
    """Any moment of the session, two in three of them in a hold; or of a safety stop, one in three of them
    when the report comes."""
    if not stop:
        at_s = chance.choice(
            [chance.uniform(0.0, 100.0), chance.uniform(52.0, 57.0), chance.uniform(83.0, 88.0)]
        )
        return Scene(chance.getrandbits(32), None, at_s, chance.uniform(0.0, 0.003))
    at_s = 0.0 if chance.random() < 1 / 3 else chance.uniform(0.0, SHORTEST_STOP_S)
    return Scene(chance.getrandbits(32), chance.uniform(0.0, 70.0), at_s, chance.uniform(0.0, 0.01))


MANY = pytest.mark.parametrize("moments", [12, pytest.param(200, marks=pytest.mark.slow)])


@MANY
@pytest.mark.fault(
    "kill -9 at any moment of a session", "an intact journal that can be replayed; a report of pain locks"
)
def test_whenever_a_session_is_killed_the_journal_tells_what_happened_and_pain_locks(
    homes: Iterator[Path], moments: int, measured: Measured
) -> None:
    chance, tally = random.Random(moments), Tally()
    for _ in range(moments):
        tally.kill(next(homes), moment(chance, tally.a_stop_is_due))
    assert tally.stops >= moments // 2 - 1
    measured(str(tally))


def full_disk(room_bytes: int) -> Callable[[], None]:
    """No file may grow beyond `room_bytes`."""

    def limit() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, room_bytes))

    return limit


@MANY
@pytest.mark.fault("the disk is full when a session is killed", "an intact journal; a report of pain locks")
def test_a_session_killed_with_a_full_disk_leaves_an_intact_journal_and_pain_locks(
    homes: Iterator[Path], moments: int, measured: Measured
) -> None:
    chance, tally, refused = random.Random(moments), Tally(), 0
    for _ in range(moments):
        home, scene = next(homes), moment(chance, tally.a_stop_is_due)
        room_bytes = Places.inside(home).journal.stat().st_size + chance.randrange(150_000)
        refused += "The journal" in tally.kill(home, scene, full_disk(room_bytes))
    assert refused > moments / 4
    assert tally.stops >= moments // 2 - 1
    measured(f"{tally}; the disk had refused by then in {refused}")


@MANY
@pytest.mark.fault(
    "another program locks the journal for 3 s, and the session is killed",
    "an intact journal; a report of pain locks",
)
def test_a_session_killed_while_its_journal_is_locked_leaves_an_intact_journal_and_pain_locks(
    homes: Iterator[Path], moments: int, measured: Measured
) -> None:
    """In the safety stop the lock is there; from 55 s after the report on it has been let go of."""
    chance, tally = random.Random(moments), Tally()
    for n in range(moments):
        longest_s = SHORTEST_STOP_S if tally.a_stop_is_due else 80.0
        at_s = 0.0 if n % 3 == 0 else chance.uniform(0.0, longest_s)
        scene = Scene(n, chance.uniform(5.0, 60.0), at_s, chance.uniform(0.0, 0.4), True, WATCHABLE)
        tally.kill(next(homes), scene)
    assert tally.stops >= moments // 2 - 1
    measured(str(tally))


PAIN = PainReported("it hurts", "bridge", 1)


def crashed(home: Path) -> Places:
    """A session of a returning user was killed in a safety stop."""
    prepare_home(RETURNING, home)
    places = Places.inside(home)
    journal = Journal(places.journal, pytest.fail)
    journal.record(100, type(PAIN).__name__, asdict(PAIN))
    return places


@pytest.mark.fault("another program locks the journal at the start after a kill", "the start is locked")
def test_a_start_that_can_only_read_the_journal_finds_the_report_of_pain(tmp_path: Path) -> None:
    """The session that was killed could not be given its row, and nothing of the journal was believed."""
    places = crashed(tmp_path)
    warnings: list[str] = []
    with locked(places.journal):
        assert Journal(places.journal, warnings.append).earlier().locked
    assert len(warnings) == 1


@pytest.mark.fault("the journal's disk refuses a report of pain, then takes it", "its spare goes")
def test_a_report_lies_in_a_spare_at_once_and_only_while_the_journal_has_not_taken_it(tmp_path: Path) -> None:
    """The spare was written at the end of the session, and a kill before it lost the report."""
    prepare_home(RETURNING, tmp_path)
    path, spare = Places.inside(tmp_path).journal, tmp_path / "spare"
    journal = Journal(path, lambda _: None, (spare,))
    with locked(path):
        journal.record(100, type(PAIN).__name__, asdict(PAIN))
        eventually(lambda: list(spare.glob("voicecoach-*")))  # `record` waits only briefly for a busy disk
        assert len(list(spare.iterdir())) == 1
    journal.close(SessionRow(journal.began, "floor", 1, Outcome.FINISHED_EARLY.value, screened=True))
    assert list(spare.iterdir()) == []
    assert not Journal(path, pytest.fail, (spare,)).earlier().locked


@pytest.mark.fault(
    "kill -9 in the first meeting", "each answer that was given is kept, and is not asked again"
)
def test_answers_of_the_first_meeting_survive_a_kill(tmp_path: Path) -> None:
    """They are written one by one, as they are given."""
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from voicecoach.storage import Journal\n"
        "journal = Journal(Path(sys.argv[1]), print)\n"
        "for question, answer in (('floor', 'no'), ('condition', 'yes'), ('floor', 'yes')):\n"
        "    journal.keep(question, answer)\n"
        "    told = {'question': question, 'answer': answer}\n"
        "    journal.record(0, 'AnswerGiven', told)\n"
        "    journal.flush()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = tmp_path / "journal.sqlite3"
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    journal = Journal(path, pytest.fail)
    assert journal.earlier().first_run
    assert journal.told(LIBRARY.protocol).profile == {"condition": "yes", "floor": "yes"}
    journal.close()


def elsewhere(home: Path) -> dict[str, str]:
    """The environment of a program that has `home`, and in it a folder for temporary files."""
    (home / "tmp").mkdir()
    return {**os.environ, "VOICECOACH_HOME": str(home), "TMPDIR": str(home / "tmp"), "PYTHONPATH": str(ROOT)}


@pytest.mark.fault("kill -9 of the page's server while it has a session started", "no temporary file is left")
def test_a_killed_page_leaves_no_temporary_file(tmp_path: Path) -> None:
    code = (
        "import os, signal, time\n"
        "from voicecoach.page.playing import Started\n"
        "started = Started('list')\n"
        "while started.runs:\n"
        "    time.sleep(0.05)\n"
        "print(started.said, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=elsewhere(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert "floor" in done.stdout, "what the command said can be read all the same"
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.fault("kill -9 of a demo", "what it left is removed by the next demo that begins a day later")
def test_what_a_killed_demo_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    env, others = elsewhere(tmp_path), tmp_path / "tmp" / "voicecoach-demo-others"
    others.mkdir()
    others.chmod(0o777)  # nobody knows whose it is

    def demo() -> None:
        """It is killed while it speaks."""
        command = [sys.executable, "-m", "voicecoach", "demo"]
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert any("coach  " in line for line in process.stdout)
            process.kill()

    def left() -> set[Path]:
        return set((tmp_path / "tmp").iterdir()) - {others}

    demo()
    (first,) = left()
    demo()
    (second,) = left() - {first}
    assert first in left(), "it might still be played"
    for folder in (first, others):
        os.utime(folder, (0, 0))
    demo()
    assert first not in left()
    assert second in left()
    assert others.exists()
