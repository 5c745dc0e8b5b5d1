"""settings.toml: every mistake is named with file, key and remedy; none is guessed around."""

from pathlib import Path

import pytest

from voicecoach.storage import Settings, SettingsError, load_settings


def settings(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "settings.toml"
    path.write_text(text, "utf-8")
    return load_settings(path)


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "nothing.toml") == Settings()


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    assert settings(
        tmp_path,
        'program = "bed"\nwording = "brief"\nwords_a_minute = 130\nemergency_number = "999"\n'
        'voice = "gmw/en"\nconditions = ["stenosis", "knee_problem"]\n',
    ) == Settings("bed", "brief", 130, "999", "gmw/en", ("stenosis", "knee_problem"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("words_a_minute = 109", "words_a_minute = 109, but it must be a whole number from 110 to 220"),
        ("words_a_minute = 221", "words_a_minute = 221"),
        ("words_a_minute = 150.0", "words_a_minute = 150.0"),
        ("words_a_minute = true", "words_a_minute = True"),
        ('words_a_minute = "150"', "words_a_minute = '150'"),
        ('wording = "long"', "wording = 'long', but it must be full, brief or minimal"),
        ("wording = 1", "wording = 1"),
        ('emergency_number = ""', "emergency_number = ''"),
        ('emergency_number = "call mum"', "emergency_number = 'call mum', but it must be digits"),
        ('emergency_number = "+49112"', "emergency_number = "),
        ("emergency_number = 112", "emergency_number = 112"),
        ('program = ""', "program = ''"),
        ("program = []", r"program = \[\]"),
        ("voice = false", "voice = False"),
        ('conditions = "stenosis"', "conditions = 'stenosis', but it must be a list"),
        ('conditions = ["headache"]', r"conditions = \['headache'\]"),
        ("conditions = [[1]]", r"conditions = \[\[1\]\]"),
        ("conditions = {}", "conditions = {}"),
        ("volume = 3", "there is no setting 'volume'; known are conditions, emergency_number"),
        ("[audio]\nrate = 3", "there is no setting 'audio'"),
        ("program = ", "cannot be read"),
        ("program = 'a'\nprogram = 'b'", "cannot be read"),
    ],
)
def test_a_bad_value_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        settings(tmp_path, text)
    assert "settings.toml" in str(caught.value)


def test_digits_of_another_script_cannot_be_dialled(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="digits"):
        settings(tmp_path, 'emergency_number = "١١٢"')


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes('voice = "é"'.encode("latin-1"))
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(path)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)
