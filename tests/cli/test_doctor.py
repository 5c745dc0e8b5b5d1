"""voicecoach doctor: it finds what is wrong, says what to do, and never fails itself."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
from click.testing import CliRunner, Result

from voicecoach import app
from voicecoach.audio import AudioUnavailable, Device, read_sound
from voicecoach.cli.doctor import doctor
from voicecoach.cli.keyboard import Keyboard
from voicecoach.listening import ModelError
from voicecoach.report import health, level
from voicecoach.report.health import Check, Finding, checks, looked
from voicecoach.sound import Samples, silence
from voicecoach.speaking import PromptCache, SynthesisError
from voicecoach.storage import Journal, ModelAbsent, Places, SessionRow, ShelfError
from voicecoach.testing import FIXTURES
from voicecoach.units import RATE_HZ

MICROPHONE = Device(0, "Desk microphone", "ALSA", 1, 0, True, False)
SPEAKER = Device(1, "Ear phones", "ALSA", 0, 2, False, True)


@pytest.fixture
def home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer on which nothing is missing; its real devices are not touched."""
    monkeypatch.setattr(health, "list_devices", lambda: [MICROPHONE, SPEAKER])
    monkeypatch.setattr(app, "load_model", lambda language: None)
    monkeypatch.setattr(Keyboard, "present", staticmethod(lambda: False))
    return home


def examined(*arguments: str) -> Result:
    result = CliRunner().invoke(doctor, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


def report(*arguments: str) -> dict[str, Any]:
    """What a program that calls the doctor reads."""
    result = examined("--json", *arguments)
    found: dict[str, Any] = json.loads(result.stdout)
    assert set(found) == {"playable", "checks"}
    assert result.exit_code == (0 if found["playable"] else 1)
    for check in found["checks"]:
        assert list(check) == ["name", "verdict", "reason", "remedy", "usable"]
        assert check["verdict"] in ("ok", "missing", "broken")
        assert check["reason"]
        assert bool(check["remedy"]) is (check["verdict"] != "ok"), check
    return found


def line(result: Result, name: str) -> str:
    return next(x for x in result.output.splitlines() if x[9:].startswith(name))


def fail(error: Exception) -> Any:
    raise error


@pytest.mark.usefixtures("home")
def test_if_everything_works_it_says_so() -> None:
    result = examined()
    assert result.exit_code == 0, result.output
    assert "A session can be played." in result.output
    for name in ("Python", "voice", "model", "microphone", "loudspeaker", "settings", "journal"):
        assert line(result, name).startswith("ok")
    assert "Desk microphone" in line(result, "microphone")
    assert "Ear phones" in line(result, "loudspeaker")


@pytest.mark.usefixtures("home")
def test_without_portaudio_it_names_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """`import sounddevice` itself raises OSError where the library is missing."""
    error = AudioUnavailable("PortAudio is missing. type: sudo apt-get install libportaudio2")
    monkeypatch.setattr(health, "list_devices", lambda: fail(error))
    result = examined()
    assert result.exit_code == 1
    assert line(result, "PortAudio").startswith("missing")
    assert "apt-get install libportaudio2" in result.output


@pytest.mark.usefixtures("home")
def test_any_other_error_of_the_sound_system_is_reported_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "list_devices", lambda: fail(KeyError("hostapi")))
    result = examined()
    assert result.exit_code == 1
    assert "hostapi" in line(result, "PortAudio")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("keys", [True, False])
def test_without_a_microphone_a_session_needs_keys(monkeypatch: pytest.MonkeyPatch, keys: bool) -> None:
    monkeypatch.setattr(health, "list_devices", lambda: [SPEAKER])
    monkeypatch.setattr(Keyboard, "present", staticmethod(lambda: keys))
    result = examined()
    assert line(result, "microphone").startswith("missing")
    assert result.exit_code == (0 if keys else 1)


@pytest.mark.usefixtures("home")
def test_without_a_loudspeaker_nothing_can_be_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "list_devices", lambda: [MICROPHONE])
    monkeypatch.setattr(Keyboard, "present", staticmethod(lambda: True))
    assert examined().exit_code == 1


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (ModelAbsent("the recognition model is not there"), "missing", 0),  # keys can lead
        (ShelfError("final.mdl: this file is not the published one"), "broken", 1),
        (ModelError("the model does not know the word ouch"), "broken", 1),
        (ImportError("No module named 'vosk'"), "broken", 1),
    ],
)
def test_a_model_that_is_absent_is_less_than_one_that_is_damaged(
    monkeypatch: pytest.MonkeyPatch, error: Exception, state: str, code: int
) -> None:
    monkeypatch.setattr(app, "load_model", lambda language: fail(error))
    monkeypatch.setattr(Keyboard, "present", staticmethod(lambda: True))
    result = examined()
    assert line(result, "model").startswith(state)
    assert str(error) in line(result, "model")
    assert result.exit_code == code


@pytest.mark.usefixtures("home")
def test_a_voice_that_cannot_speak_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PromptCache, "clip", lambda *_: fail(SynthesisError("no data in /nowhere")))
    result = examined()
    assert line(result, "voice").startswith("broken")
    assert result.exit_code == 1


def test_a_voice_of_the_settings_that_espeak_does_not_have_is_broken(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config/settings.toml").write_text('voice = "nobody-speaks-this"\n')
    result = examined()
    assert line(result, "voice").startswith("broken")
    assert "nobody-speaks-this" in line(result, "voice")


def test_a_setting_out_of_range_is_named(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config/settings.toml").write_text("words_a_minute = 900\n")
    result = examined()
    assert result.exit_code == 1
    assert "words_a_minute" in line(result, "settings")
    assert line(result, "voice").startswith("ok")  # the other checks go on


def test_an_own_program_that_does_not_load_is_named_and_the_shipped_ones_still_play(home: Path) -> None:
    (home / "data/programs").mkdir(parents=True)
    (home / "data/programs/mine.toml").write_text("name = 3\n")
    result = examined()
    assert "mine.toml" in line(result, "own programs")
    assert line(result, "own programs").startswith("broken")
    assert result.exit_code == 0


def test_a_journal_with_sessions_is_counted_and_left_as_it_is(home: Path) -> None:
    (home / "data").mkdir()
    path = home / "data/journal.sqlite3"
    journal = Journal(path, pytest.fail)
    journal.close(SessionRow(journal.began, "floor", 1000, "completed", True))
    before = path.read_bytes()
    assert "1 sessions" in line(examined(), "journal")
    assert path.read_bytes() == before


def garbage(path: Path) -> None:
    path.write_bytes(b"no database" * 500)


def of_a_later_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE sessions (session TEXT)")
        db.execute("PRAGMA user_version = 99")


@pytest.mark.fault(
    "the journal is garbage, or of a later version (`doctor`)", "a remark, and nobody is kept from exercising"
)
@pytest.mark.parametrize("made", [garbage, of_a_later_version])
def test_a_journal_that_the_next_session_sets_aside_keeps_nobody_from_exercising(
    home: Path, made: Callable[[Path], None]
) -> None:
    (home / "data").mkdir()
    path = home / "data/journal.sqlite3"
    made(path)
    before = path.read_bytes()
    result = examined()
    assert line(result, "journal").startswith("broken")
    assert "renames it" in result.output
    assert result.exit_code == 0
    assert path.read_bytes() == before


def everything_unwritable(patch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "data").write_text("in the way")
    (home / "cache").write_text("in the way")


def bad_files(patch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config/settings.toml").write_text("words_a_minute = 900\n")
    (home / "data/programs").mkdir(parents=True)
    (home / "data/programs/mine.toml").write_text("name = 3\n")
    garbage(home / "data/journal.sqlite3")


def no_exercise_left(patch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config/settings.toml").write_text('program = "mine"\nconditions = ["fracture"]\n')
    (home / "data/programs").mkdir(parents=True)
    (home / "data/programs/mine.toml").write_text(
        'name = "Mine"\ndescription = "One."\nopt_in = true\n'
        'exercises = [{ id = "upper_back_foam_rolling" }]\n'
    )


def a_busy_journal(patch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "data").mkdir()
    of_a_later_version(home / "data/journal.sqlite3")
    patch.setattr(health, "version_of", lambda _: fail(sqlite3.OperationalError("database is locked")))


def nothing_installed(patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setattr(health, "OLDEST_PYTHON", (99, 0))
    patch.setattr(health, "list_devices", lambda: fail(AudioUnavailable("PortAudio is missing.")))
    patch.setattr(app, "load_model", lambda language: fail(ModelAbsent("the model is not there")))
    patch.setattr(PromptCache, "clip", lambda *_: fail(SynthesisError("no data in /nowhere")))


def no_devices(patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setattr(health, "list_devices", list)
    patch.setattr(app, "load_model", lambda language: fail(ShelfError("one byte differs")))


@pytest.mark.parametrize(
    ("fault", "names"),
    [
        (everything_unwritable, "journal, spoken lines"),
        (bad_files, "settings, own programs, journal"),
        (no_exercise_left, "program"),
        (a_busy_journal, "journal"),
        (nothing_installed, "Python, voice, model, PortAudio, microphone, loudspeaker"),
        (no_devices, "model, microphone, loudspeaker"),
    ],
)
def test_every_finding_that_is_not_ok_has_a_remedy(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[pytest.MonkeyPatch, Path], None],
    names: str,
) -> None:
    monkeypatch.setattr(level, "DeviceDuplex", lambda *_: fail(AudioUnavailable("no sound")))
    fault(monkeypatch, home)
    found = report("--listen")["checks"]
    assert [check["name"] for check in found if check["verdict"] != "ok"] == [
        *names.split(", "), "keys", "level"
    ]  # fmt: skip


def test_even_a_check_that_fails_itself_has_a_remedy(home: Path) -> None:
    names = [check.name for check in checks(Places.inside(home), has_keyboard=False)]
    assert len(set(names)) == len(names) == 13
    for check in (*checks(Places.inside(home), has_keyboard=False), level.LEVEL):
        finding = looked(replace(check, look=lambda: fail(KeyError())))
        assert finding.verdict == "broken"
        assert finding.reason
        assert finding.remedy == check.remedy != ""


def test_a_remedy_of_the_findings_own_comes_first() -> None:
    check = Check("model", lambda: Finding("missing", "not there", "Use the keys."), "Reinstall.")
    assert looked(check).remedy == "Use the keys."


@pytest.mark.usefixtures("home")
def test_a_program_can_read_the_report() -> None:
    found = report()
    assert found["playable"] is True
    assert [check["name"] for check in found["checks"]][:2] == ["Python", "settings"]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("sound", "state", "words"),
    [
        (silence(960), "broken", "exact silence"),
        (silence(0), "broken", "delivers nothing"),
        (np.full(960, 0.1, np.float32), "ok", "-20 dB"),
    ],
)
def test_listening_tells_a_muted_microphone_from_a_quiet_room(sound: Samples, state: str, words: str) -> None:
    finding = level.judged_level(sound)
    assert finding.verdict == state
    assert words in finding.reason


def words(rate_hz: int) -> Samples:
    """A few spoken words through a microphone of this rate."""
    spoken = [
        read_sound(FIXTURES / f"words/{word}_festival-slt.flac") for word in ("stop", "next", "yes", "help")
    ]
    sound = soxr.resample(np.concatenate(spoken), RATE_HZ, rate_hz)
    return np.asarray(soxr.resample(sound, rate_hz, RATE_HZ), np.float32)


def test_listening_tells_a_headset_in_a_call_by_its_narrow_band() -> None:
    finding = level.judged_level(words(8_000))
    assert finding.verdict == "broken"
    assert "narrow band: nothing above 4 kHz" in finding.reason
    assert "own microphone" in finding.remedy
    assert "up to 8 kHz" in level.judged_level(words(16_000)).reason


@pytest.mark.usefixtures("home")
def test_listening_without_portaudio_is_one_more_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(level, "DeviceDuplex", lambda *_: fail(AudioUnavailable("no sound")))
    assert line(examined("--listen"), "level").startswith("broken")
