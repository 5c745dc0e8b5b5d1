"""settings.toml: every mistake is reported with file, key and remedy; nothing is guessed."""

from pathlib import Path

import pytest

from voicecoach.session import Wording
from voicecoach.storage import Settings, check_conditions, load_settings, set_values
from voicecoach.tables import InputError
from voicecoach.testing import LIBRARY


def settings(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "settings.toml"
    path.write_text(text, "utf-8")
    found = load_settings(path)
    check_conditions(path, found, LIBRARY.protocol.conditions)
    return found


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "nothing.toml") == Settings()


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    assert settings(
        tmp_path,
        'program = "bed"\nwording = "brief"\nwords_a_minute = 130\nemergency_number = "999"\n'
        'voice = "gmw/en"\nconditions = ["stenosis", "knee_problem"]\n',
    ) == Settings(
        program="bed",
        wording=Wording.BRIEF,
        words_a_minute=130,
        emergency_number="999",
        voice="gmw/en",
        conditions=("stenosis", "knee_problem"),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("words_a_minute = 109", "words_a_minute: is 109, but must be a whole number from 110 to 220"),
        ("words_a_minute = 221", "words_a_minute: is 221"),
        ("words_a_minute = 150.0", "words_a_minute: is 150.0"),
        ("words_a_minute = true", "words_a_minute: is True"),
        ('words_a_minute = "150"', "words_a_minute: is '150'"),
        ('wording = "long"', "wording: 'long' must be one of learning, full, brief, minimal"),
        ("wording = 1", "wording: is 1, but must be a text"),
        ('emergency_number = ""', "emergency_number: '' must be"),
        (
            'emergency_number = "call mum"',
            "emergency_number: is 'call mum', but must be a text .* like '112'",
        ),
        ('emergency_number = "+49112"', "emergency_number: is"),
        ("emergency_number = 112", "emergency_number: is 112"),
        ('program = ""', "program: '' must be"),
        ("program = []", r"program: is \[\]"),
        ("voice = false", "voice: is False"),
        ('conditions = "stenosis"', "conditions: is 'stenosis', but must be a list"),
        (
            'conditions = ["headache"]',
            r"conditions: 'headache' is not a known condition; these are: blood_thinners",
        ),
        ("conditions = [[1]]", r"conditions\[0\]: is \[1\], but must be a text"),
        ("conditions = {}", "conditions: is {}"),
        ("volume = 3", "volume: is not a key that belongs here; the known keys are care, conditions"),
        ("[audio]\nrate = 3", "audio: is not a key that belongs here"),
        ("program = ", "cannot be read"),
        ("program = 'a'\nprogram = 'b'", "cannot be read"),
    ],
)
@pytest.mark.fault("a setting with a mistake", "refused with its key")
def test_a_bad_value_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        settings(tmp_path, text)
    assert "settings.toml" in str(caught.value)


def test_digits_of_another_script_cannot_be_dialled(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="like '112'"):
        settings(tmp_path, 'emergency_number = "١١٢"')


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes('voice = "é"'.encode("latin-1"))
    with pytest.raises(InputError, match="cannot be read"):
        load_settings(path)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_settings(tmp_path)


MINE = """\
# my own
wording = "brief"  # short
conditions = [
    "stenosis",  # since 2019
]
"""


def test_a_value_is_changed_and_everything_else_stays_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(MINE, "utf-8")
    set_values(path, {"wording": "full", "microphone": 'the "blue" one'})
    assert path.read_text("utf-8") == MINE.replace("brief", "full") + 'microphone = "the \\"blue\\" one"\n'
    set_values(path, {"microphone": None, "voice": None})
    assert path.read_text("utf-8") == MINE.replace("brief", "full")


def test_a_value_that_is_wrong_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    with pytest.raises(InputError, match="words_a_minute: is 300") as caught:
        set_values(path, {"wording": "full", "words_a_minute": 300})
    assert caught.value.reason == "is 300, but must be a whole number from 110 to 220"
    assert not path.exists()


def test_a_file_that_is_no_toml_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("wording = \n", "utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        set_values(path, {"wording": "full"})
    assert path.read_text("utf-8") == "wording = \n"


def test_a_number_can_be_set_although_another_setting_is_wrong(tmp_path: Path) -> None:
    """The number to call in an emergency does not wait for somebody to mend a voice."""
    path = tmp_path / "settings.toml"
    path.write_text("words_a_minute = 300\n", "utf-8")
    set_values(path, {"emergency_number": "112"})
    assert 'emergency_number = "112"' in path.read_text("utf-8")
