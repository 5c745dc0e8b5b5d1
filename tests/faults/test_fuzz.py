"""Whatever a file holds that a user can hand over, it is taken or refused: with its name, in time, by one of
the errors that are documented.

Each file is filled with bytes of chance, with TOML of chance, and with what is left of a valid file after a
few changes to it.
"""

import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach.audio import SoundFileError, read_sound
from voicecoach.care import Intake
from voicecoach.library import Library, Own
from voicecoach.library.loader import PACKS
from voicecoach.session import Options, new_session
from voicecoach.session.questions import OWN_QUESTIONS
from voicecoach.session.sentences import to_render
from voicecoach.storage import Journal, Shelf, ShelfError, check_conditions, load_settings, rehearsals
from voicecoach.storage.adding import NEEDED
from voicecoach.storage.shelf import OWN_LIST, own_list, sha256_of
from voicecoach.storage.spares import keep
from voicecoach.storage.unpack import unpack
from voicecoach.tables import InputError
from voicecoach.testing import FIXTURES, LIBRARY

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


HOSTILE = [
    "",
    '""',
    '" "',
    '"\\u001b[2J"',
    '"\\u202e"',
    '"' + "a" * 201 + '"',
    '"{"',
    '"{0}"',
    '"{n:>999999999}"',
    '"{name!r}"',
    '"\\u001b"',
    "0",
    "-1",
    "121",
    "9" * 19,
    "9" * 1900,
    "0x" + "f" * 1900,
    "1e999",
    "nan",
    "true",
    "1979-05-27T07:32:00Z",
    "[]",
    "[[]]",
    '["a", 1]',
    "{}",
    "{ a = {} }",
    "[" * 1000,
    "[" * 30 + "]" * 30,
    '"a"\n"\\u001b" = 1',
    ".a" * 900 + " = 1",
    "\x00",
    "\r",
    "\ufeff",
    "a" + ".a" * 40_000 + " = 1",
]
"""Values, mostly, that have broken something in some program."""


@st.composite
def changed(draw: st.DrawFn, valid: bytes) -> bytes:
    """`valid` after one to four changes: a value or a piece replaced, a line lost, doubled or moved."""
    data = valid
    for _ in range(draw(st.integers(1, 4))):
        lines = data.split(b"\n")
        at, to = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        hostile = draw(st.sampled_from(HOSTILE)).encode()
        match draw(st.sampled_from(("value", "key", "part", "loss", "copy", "bytes", "cut"))):
            case "value":
                lines[at] = lines[at].partition(b"=")[0] + b"= " + hostile
            case "key":
                lines[at] = hostile + b" = " + lines[at].partition(b"=")[2]
            case "part":
                lines[at] = lines[at].partition(b"=")[0] + b"=" + lines[to].partition(b"=")[2]
            case "loss":
                del lines[at]
            case "copy":
                lines.insert(to, lines[at])
            case "bytes":
                where = draw(st.integers(0, len(data)))
                lines = [data[:where] + draw(st.binary(max_size=6)) + data[where + draw(st.integers(0, 6)) :]]
            case "cut":
                lines = [data[: draw(st.integers(0, len(data)))]]
        data = b"\n".join(lines)
    return data


def tables(valid: bytes) -> st.SearchStrategy[bytes]:
    """TOML of chance, with the keys and some of the values of `valid`."""
    parts = [line.partition("=") for line in valid.decode().split("\n")]
    key = st.sampled_from([name.strip() or "a" for name, _, _ in parts])
    value = st.sampled_from([*HOSTILE, *(value.strip() for _, _, value in parts)])
    line = st.builds("{} = {}".format, key, value) | st.builds("[{}]".format, key)
    return st.lists(line, max_size=12).map(lambda lines: "\n".join(lines).encode())


def contents(valid: bytes) -> st.SearchStrategy[bytes]:
    return st.binary(max_size=300) | tables(valid) | changed(valid) | changed(valid)


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


PACK_FILES = [
    "en/commands.toml",
    "en/coach.toml",
    "lower_back/protocol.toml",
    "lower_back/conditions.toml",
    "lower_back/en.toml",
    "lower_back/exercises/bird_dog.toml",
    "lower_back/exercises/cat_cow.toml",
    "lower_back/programs/floor.toml",
]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Own:
    folder: Path = tmp_path_factory.mktemp("own")
    for pack in ("lower_back", "en"):
        shutil.copytree(PACKS / pack, folder / "packs" / pack)
    (folder / "programs").mkdir()
    return Own(folder / "programs", folder / "packs")


def load_and_plan(own: Own) -> None:
    """All that a session would say, from the questions to the last advice."""
    library = Library(own)
    for name in library.program_ids:
        program = library.program(name)
        intake = Intake(first_run=True)
        state = new_session(program, library.protocol, library.language, intake, Options())
        assert all(text for text, _ in to_render(state))
    for key in (*library.protocol.questions, *OWN_QUESTIONS):
        assert library.language.question(key)


@pytest.mark.parametrize("file", PACK_FILES)
def test_a_pack_is_taken_or_refused_with_the_name_of_its_file(own: Own, file: str) -> None:
    path = own.packs / file
    valid = path.read_bytes()

    @fuzzed(60)
    @given(contents(valid))
    def fuzz(content: bytes) -> None:
        path.write_bytes(content)
        refused_by(InputError, Path(file).parts[0], lambda: load_and_plan(own))

    try:
        fuzz()
    finally:
        path.write_bytes(valid)


PROGRAM = (FIXTURES / "demo/program.toml").read_bytes()


@fuzzed(150)
@given(content=contents(PROGRAM))
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


@fuzzed(150)
@given(content=contents(SETTINGS))
def test_settings_are_taken_or_refused_with_their_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    known = LIBRARY.protocol.conditions
    refused_by(InputError, "settings.toml", lambda: check_conditions(path, load_settings(path), known))


REHEARSALS = b'{"a | b":\n{"passed":\n true,\n "when": "2026-11-01T08:00:00+00:00",\n "delay_ms":\n 60.0}}'


@fuzzed(150)
@given(content=contents(REHEARSALS))
def test_a_damaged_result_of_rehearsals_is_no_result_and_the_next_one_is_kept(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "rehearsals.json"
    path.write_bytes(content)
    assert rehearsals.passed(path, "a | b") in (True, False)
    rehearsals.remember(path, "c | d", True, {"delay_ms": 60.0})
    assert rehearsals.passed(path, "c | d")


SPARE = b"""[
["events", "2026-11-01T08:00:00.000", 0, 10, "PainReported", "{}"],
["sessions", "2026-11-01T08:00:00.000", "2026-11-01T08:00:00.000", "floor", 9, "completed", true, 1, null, "",
"1/5"]
]"""


@pytest.mark.parametrize("usable", [True, False])
def test_a_damaged_spare_keeps_nobody_from_beginning(tmp_path: Path, usable: bool) -> None:
    (tmp_path / "file").write_text("in the way")
    journal = tmp_path / ("journal.sqlite3" if usable else "file/journal.sqlite3")
    assert keep((tmp_path / "spares",), "1", [])
    (path,) = (tmp_path / "spares").iterdir()

    @fuzzed(80)
    @given(contents(SPARE))
    def fuzz(content: bytes) -> None:
        path.write_bytes(content)
        Journal(journal, lambda _: None, (tmp_path / "spares",)).memory()

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


def test_a_models_list_is_taken_or_refused_with_its_name(model: Path) -> None:
    path = model / OWN_LIST
    valid = path.read_bytes()

    @fuzzed(150)
    @given(contents(valid))
    def fuzz(content: bytes) -> None:
        path.write_bytes(content)
        refused_by(ShelfError, "mine", lambda: Shelf(model.parent).verified("mine"))

    try:
        fuzz()
    finally:
        path.write_bytes(valid)


def test_the_choice_of_a_model_is_taken_or_refused(model: Path) -> None:
    path = model.parent / "in-use"

    @fuzzed(80)
    @given(contents(b"mine\n"))
    def fuzz(content: bytes) -> None:
        path.write_bytes(content)
        refused_by(ShelfError, "model", Shelf(model.parent).verified)

    fuzz()


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
