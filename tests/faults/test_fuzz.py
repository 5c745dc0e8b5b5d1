"""Whatever a file holds that a user can hand over, it is taken or refused: with its name, in time, by one of
the errors that are documented.

Each file is filled with bytes of chance, and with what is left of a valid file after a few changes to its
text or to its values.
"""

import copy
import json
import math
import shutil
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach.audio import SoundFileError, read_sound
from voicecoach.care import Intake
from voicecoach.library import Library, Own
from voicecoach.own import Kind, begin
from voicecoach.report.timeline import draw_timeline
from voicecoach.session import Options, new_session
from voicecoach.session.questions import OWN_QUESTIONS
from voicecoach.session.sentences import to_render
from voicecoach.sound import silence
from voicecoach.storage import (
    Journal,
    Places,
    Shelf,
    ShelfError,
    check_conditions,
    load_settings,
    rehearsals,
)
from voicecoach.storage.adding import NEEDED
from voicecoach.storage.shelf import OWN_LIST, own_list, sha256_of
from voicecoach.storage.spares import keep
from voicecoach.storage.unpack import unpack
from voicecoach.tables import InputError
from voicecoach.testing import FIXTURES, LIBRARY
from voicecoach.units import RATE_HZ

TAKES_AT_MOST_MS = 5_000
"""One file. All of them take some milliseconds; a busy machine gets more."""


def fuzzed(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=TAKES_AT_MOST_MS,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


ODD_VALUES: list[Any] = [
    *("", " ", "\x1b", "\x1b[2J", "\u202e", "a" * 201, "{", "{0}", "{n:>999999999}", "{name!r}", "stop"),
    *(0, -1, 21, 121, 10**19, -(10**30), 10**1800, math.inf, math.nan, True),
    *([], [[]], ["a", 1], [{}], {}, {"a": {}}, {"\x1b": "stop"}),
]
"""Each means trouble where another kind, or another size, is expected."""
ODD_PIECES = [
    *(b"", b"\0", b"\r", b"\xff", b"\xef\xbb\xbf", b'"', b'"""', b"'", b"#", b"\\u001b", b"\\uD800", b"\\"),
    *(b"[", b"]", b"[[", b"{", b"}", b"=", b".", b",", b"\n"),
    *(b"9" * 5_000, b"0x" + b"f" * 5_000, b"1e999", b"nan", b"null", b"1979-05-27T07:32:00Z"),
    *(b"[" * 1_000, b"[" * 30 + b"]" * 30, b"[\n" * 30_000, b"a" + b".a" * 40_000, b'"a"' + b'."a"' * 20_000),
]
"""Each means trouble for a parser, or for a terminal."""


@st.composite
def changed(draw: st.DrawFn, valid: bytes) -> bytes:
    """`valid` with up to three changes: a line lost, doubled or moved, or an odd piece put into it."""
    data = valid
    for _ in range(draw(st.integers(1, 3))):
        lines = data.split(b"\n")
        at, to = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        piece = draw(st.sampled_from(ODD_PIECES))
        key, _, value = lines[at].partition(b"=")
        match draw(st.sampled_from(("value", "value", "key", "line", "lost", "copy", "put", "cut"))):
            case "value":
                lines[at] = key + b"= " + piece
            case "key":
                lines[at] = piece + b" =" + value
            case "line":
                lines.insert(at, piece + b" = 1")
            case "lost":
                del lines[at]
            case "copy":
                lines.insert(to, lines[at])
            case "put":
                where = draw(st.integers(0, len(data)))
                lines = [data[:where] + piece + data[where + draw(st.integers(0, 6)) :]]
            case "cut":
                lines = [data[: draw(st.integers(0, len(data)))]]
        data = b"\n".join(lines)
    return data


@st.composite
def deviating(draw: st.DrawFn, valid: Any) -> Any:
    """`valid` with one or two of its values, or keys, lost or replaced by another or by an odd one."""
    root = {"": copy.deepcopy(valid)}
    for _ in range(draw(st.integers(1, 2))):
        holder, key = draw(st.sampled_from(list(places(root))))
        other, name = draw(st.sampled_from(list(places(root))))
        match draw(st.sampled_from(("odd", "odd", "other", "lost", "renamed"))):
            case "odd":
                holder[key] = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))
            case "other":
                holder[key] = copy.deepcopy(other[name])
            case "lost" if holder is not root:
                del holder[key]
            case "renamed" if isinstance(holder, dict) and holder is not root:
                holder[draw(st.sampled_from(("", "a", "\x1b", "stop", str(name))))] = holder.pop(key)
    return root[""]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (list or table, index or key) within `value`."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


def as_toml(table: Any) -> bytes:
    """One value a line, with its dotted key."""
    lines = dotted(table, "") if isinstance(table, dict) else [f"a = {inline(table)}"]
    return "\n".join(lines).encode("utf-8")


def dotted(table: dict[str, Any], before: str) -> Iterator[str]:
    for name, value in table.items():
        key = f"{before}{inline(name)}"
        if isinstance(value, dict) and value:
            yield from dotted(value, f"{key}.")
        else:
            yield f"{key} = {inline(value)}"


def inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inline(k)} = {inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",\n".join(map(inline, value)) + "]"
    if isinstance(value, float):
        return str(value)
    return json.dumps(value)


def toml_contents(valid: bytes) -> st.SearchStrategy[bytes]:
    deviations = deviating(tomllib.loads(valid.decode())).map(as_toml)
    return st.one_of(st.binary(max_size=200), *[changed(valid)] * 4, *[deviations] * 4)


def json_contents(valid: Any) -> st.SearchStrategy[bytes]:
    deviations = (deviating(valid) | deviating(valid)).map(lambda value: json.dumps(value).encode())
    return st.one_of(
        st.binary(max_size=200), changed(json.dumps(valid, indent=1).encode()), deviations, deviations
    )


def refused_by(kind: type[Exception], name: str, action: Callable[[], object]) -> None:
    """Run `action`, which may raise `kind` and nothing else, with a message that names the file and that a
    terminal can show."""
    try:
        action()
    except kind as error:
        message = str(error)
        assert name in message
        assert message.isprintable()
        assert len(message) < 2_000


PACKS = Path(__file__).parents[1] / "packs"
"""Two small packs: less to load, and fewer places to hit."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Own:
    folder: Path = tmp_path_factory.mktemp("own")
    shutil.copytree(PACKS, folder / "packs")
    return Own(folder / "programs", folder / "packs")


def load_and_plan(own: Own) -> None:
    """All that a session would say, from the questions to the last advice."""
    library = Library(own, "ruecken", "de")
    for name in library.program_ids:
        program = library.program(name)
        intake = Intake(first_run=True)
        state = new_session(program, library.protocol, library.language, intake, Options())
        assert all(text for text, _ in to_render(state))
    for key in (*library.protocol.questions, *OWN_QUESTIONS):
        assert library.language.question(key)


@pytest.mark.fault(
    "a pack's file with any bytes, or with any value or line changed",
    "taken, or refused in time with its name",
)
@pytest.mark.parametrize(
    ("file", "examples"),
    [
        ("de/commands.toml", 250),
        ("de/coach.toml", 250),
        ("ruecken/protocol.toml", 150),
        ("ruecken/conditions.toml", 50),
        ("ruecken/de.toml", 250),
        ("ruecken/exercises/bruecke.toml", 100),
        ("ruecken/exercises/drehen.toml", 100),
        ("ruecken/programs/kurz.toml", 100),
    ],
)
def test_a_pack_is_taken_or_refused_with_the_name_of_its_file(own: Own, file: str, examples: int) -> None:
    path = own.packs / file
    valid = path.read_bytes()

    @fuzzed(examples)
    @given(toml_contents(valid))
    def fuzz(content: bytes) -> None:
        path.write_bytes(content)
        refused_by(InputError, Path(file).parts[0], lambda: load_and_plan(own))

    try:
        fuzz()
    finally:
        path.write_bytes(valid)


@pytest.mark.fault(
    "an exercise of the user's own, likewise", "taken, or refused with its name; the others can be played"
)
def test_an_exercise_of_ones_own_is_taken_or_refused_with_its_name(tmp_path: Path) -> None:
    home = Places.inside(tmp_path)
    folders = Own(home.own_programs, home.own_packs, home.own_exercises)
    path = begin(home, Kind.EXERCISE, "mine")
    valid = path.read_bytes()
    program = begin(home, Kind.PROGRAM, "with_mine")
    program.write_text(program.read_text("utf-8").replace('id = "bridge", hold_s = 5, ', 'id = "mine", '))

    def plan() -> None:
        library = Library(folders)
        intake = Intake(first_run=True)
        played = library.program("with_mine")
        assert "mine" in [exercise.id for exercise in played.exercises]
        state = new_session(played, library.protocol, library.language, intake, Options())
        assert all(text for text, _ in to_render(state))

    plan()

    @fuzzed(100)
    @given(toml_contents(valid))
    def fuzz(content: bytes) -> None:
        path.write_bytes(content)
        refused_by(InputError, "mine.toml", plan)
        mistakes: dict[Path, InputError] = {}
        Library(folders, mistakes=mistakes)  # all others can be played
        assert mistakes.keys() <= {path}

    fuzz()


PROGRAM = (FIXTURES / "demo/program.toml").read_bytes()


@pytest.mark.fault("a program, likewise", "taken, or refused in time with its name")
@fuzzed(500)
@given(content=toml_contents(PROGRAM))
def test_a_program_is_taken_or_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    refused_by(InputError, "mine.toml", lambda: LIBRARY.program(str(path)))


SETTINGS = b"""program = "floor"
care = "lower_back"
language = "en"
wording = "full"
words_a_minute = 150
emergency_number = "112"
voice = "gmw/en"
conditions = ["stenosis"]
"""


@pytest.mark.fault("the settings, likewise", "taken, or refused in time with their name")
@fuzzed(300)
@given(content=toml_contents(SETTINGS))
def test_settings_are_taken_or_refused_with_their_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    known = LIBRARY.protocol.conditions
    refused_by(InputError, "settings.toml", lambda: check_conditions(path, load_settings(path), known))


REHEARSALS = {"a | b": {"passed": True, "when": "2026-11-01T08:00:00+00:00", "delay_ms": 60.0}}


@pytest.mark.fault("the file of rehearsals, likewise", "no result; the next one is kept")
@fuzzed(100)
@given(content=json_contents(REHEARSALS))
def test_a_damaged_result_of_rehearsals_is_no_result_and_the_next_one_is_kept(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "rehearsals.json"
    path.write_bytes(content)
    assert rehearsals.passed(path, "a | b") in (True, False)
    rehearsals.remember(path, "c | d", True, {"delay_ms": 60.0})
    assert rehearsals.passed(path, "c | d")


BEGAN = "2026-11-01T08:00:00.000"
SPARE = [
    ["events", BEGAN, 0, 10, "PainReported", "{}"],
    ["sessions", BEGAN, BEGAN, "floor", 9, "completed", True, 1, None, "", "1/5"],
]


@pytest.mark.fault("the journal's spare, likewise", "the session begins")
@pytest.mark.parametrize("usable", [True, False])
def test_a_damaged_spare_keeps_nobody_from_beginning(tmp_path: Path, usable: bool) -> None:
    (tmp_path / "file").write_text("in the way")
    journal = tmp_path / ("journal.sqlite3" if usable else "file/journal.sqlite3")
    assert keep((tmp_path / "spares",), "1", [])
    (path,) = (tmp_path / "spares").iterdir()

    @fuzzed(100)
    @given(json_contents(SPARE))
    def fuzz(content: bytes) -> None:
        path.write_bytes(content)
        Journal(journal, lambda _: None, (tmp_path / "spares",)).earlier()

    fuzz()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of a model, of a few bytes each."""
    folder: Path = tmp_path_factory.mktemp("shelf") / "mine"
    for name in NEEDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name * 20)
    hashes = {name: sha256_of(folder / name) for name in NEEDED}
    (folder / OWN_LIST).write_text(own_list("added", hashes))
    Shelf(folder.parent).verified("mine")
    return folder


@pytest.mark.fault("the list of a model's files, likewise", "taken, or refused in time with its name")
def test_a_models_list_is_taken_or_refused_with_its_name(model: Path) -> None:
    path = model / OWN_LIST
    valid = path.read_bytes()

    @fuzzed(150)
    @given(toml_contents(valid))
    def fuzz(content: bytes) -> None:
        path.write_bytes(content)
        refused_by(ShelfError, "mine", lambda: Shelf(model.parent).verified("mine"))

    try:
        fuzz()
    finally:
        path.write_bytes(valid)


@pytest.mark.fault("the file with the chosen model, likewise", "taken, or refused in time")
def test_the_choice_of_a_model_is_taken_or_refused(model: Path) -> None:
    path = model.parent / "in-use"

    @fuzzed(80)
    @given(st.binary(max_size=9) | changed(b"mine\n"))
    def fuzz(content: bytes) -> None:
        path.write_bytes(content)
        refused_by(ShelfError, "model", Shelf(model.parent).verified)

    fuzz()


@pytest.mark.fault(
    "a model's zip, likewise", "unpacked, or refused with its name; nothing is written elsewhere"
)
def test_a_zip_is_unpacked_or_refused_with_its_name_and_writes_nowhere_else(
    tmp_path: Path, model: Path
) -> None:
    path, out = tmp_path / "model.zip", tmp_path / "out"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in NEEDED:
            file.write(model / name, f"mine/{name}")
    valid = path.read_bytes()

    @fuzzed(200)
    @given(st.binary(max_size=300) | changed(valid))
    def fuzz(content: bytes) -> None:
        shutil.rmtree(out, ignore_errors=True)
        path.write_bytes(content)
        refused_by(ShelfError, "model.zip", lambda: unpack(path, out, 1_000_000))
        assert {p.name for p in tmp_path.iterdir()} <= {"model.zip", "out"}

    fuzz()


def sounds(folder: Path) -> Iterator[bytes]:
    data, rate_hz = soundfile.read(FIXTURES / "words/stop_festival-kal.flac")
    for suffix, subtype in (("wav", "PCM_16"), ("wav", "FLOAT"), ("flac", "PCM_16"), ("ogg", "VORBIS")):
        soundfile.write(folder / f"valid.{suffix}", data[: rate_hz // 10], rate_hz, subtype=subtype)
        yield (folder / f"valid.{suffix}").read_bytes()


@pytest.mark.fault("a sound file, likewise", "read, or refused in time with its name")
@pytest.mark.parametrize("kind", range(4), ids=["PCM", "float", "FLAC", "Ogg"])
def test_a_sound_file_is_read_or_refused_with_its_name(tmp_path: Path, kind: int) -> None:
    valid = list(sounds(tmp_path))[kind]
    path = tmp_path / "user.wav"

    @fuzzed(60)
    @given(st.binary(max_size=300) | changed(valid) | changed(valid[:200]).map(lambda d: d + valid[200:]))
    def fuzz(content: bytes) -> None:
        path.write_bytes(content)
        refused_by(SoundFileError, "user.wav", lambda: read_sound(path))

    fuzz()


TOLD: list[dict[str, Any]] = [
    {"at_s": 0.0, "name": "ModeChanged", "mode": "moving"},
    {"at_s": 0.1, "name": "Say", "prompt_id": 1, "text": "Lift your hips and hold.", "at_ms": None},
    {"at_s": 0.2, "name": "Say", "prompt_id": 2, "text": "one", "at_ms": 300},
    {"at_s": 0.2, "name": "HoldBegan", "start_ms": 250, "end_ms": 700},
    {"at_s": 0.3, "name": "PromptDone", "prompt_id": 1, "start_sample": 48, "end_sample": 96},
    {"at_s": 0.4, "name": "Heard", "command": "pain", "text": "it hurts", "source": "voice"},
    {"at_s": 0.4, "name": "Hush"},
    {"at_s": 0.4, "name": "ModeChanged", "mode": "safety"},
    {"at_s": 0.5, "name": "Heard", "command": "no", "text": "no", "source": "key"},
    {"at_s": 0.6, "name": "Unclear", "text": "now"},
    {"at_s": 0.7, "name": "Deaf", "reason": "ear_stuck"},
    {"at_s": 0.8, "name": "HearsAgain"},
    {"at_s": 0.9, "name": "Quit", "reason": "SIGTERM"},
    {"at_s": 0.9, "name": "End", "outcome": "no answer"},
]


def as_lines(value: Any) -> bytes:
    lines = value if isinstance(value, list) else [value]
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


@pytest.mark.fault(
    "the events.jsonl of `voicecoach timeline`, likewise", "drawn, or refused in time with its name"
)
@pytest.mark.filterwarnings("ignore:Glyph")
def test_the_events_of_a_session_are_drawn_or_refused_with_their_name(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "session.wav", silence(2 * RATE_HZ).reshape(-1, 2), RATE_HZ)

    @fuzzed(60)
    @given(st.one_of(st.binary(max_size=200), *[changed(as_lines(TOLD)), deviating(TOLD).map(as_lines)] * 4))
    def fuzz(content: bytes) -> None:
        (tmp_path / "events.jsonl").write_bytes(content)
        refused_by(InputError, "events.jsonl", lambda: draw_timeline(tmp_path))

    fuzz()
