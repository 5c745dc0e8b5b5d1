"""The settings on the page: mistakes beside their fields, and the user's file stays the user's."""

import pytest

from tests.page.pages import Pages, text
from voicecoach.storage import load_settings

OWN = """\
# mine
words_a_minute = 130   # my pace
conditions = [
    "stenosis",        # since 2019
]
care = "lower_back"
wording = "full"
"""
FIELDS = {"words_a_minute": "130", "conditions": "stenosis", "wording": "full"}


def test_what_is_saved_leaves_comments_and_order_of_the_file_alone(pages: Pages) -> None:
    pages.write_settings(OWN)
    pages.post("settings", **{**FIELDS, "words_a_minute": "120", "emergency_number": "999"})
    assert pages.settings == OWN.replace("130", "120") + 'emergency_number = "999"\n'


def test_what_is_emptied_is_the_coachs_choice_again(pages: Pages) -> None:
    pages.write_settings(OWN)
    pages.post("settings", **{**FIELDS, "words_a_minute": "", "wording": ""})
    assert load_settings(pages.places.settings).words_a_minute == 150
    assert "wording" not in pages.settings
    assert "since 2019" in pages.settings


def test_saving_without_a_change_writes_nothing(pages: Pages) -> None:
    assert "Saved." in text(pages.post("settings"))
    assert not pages.places.settings.exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("words_a_minute", "300", "Words a minute is 300, but must be a whole number from 110 to 220."),
        ("words_a_minute", "fast", "Words a minute is 'fast', but must be a whole number from 110 to 220."),
        ("words_a_minute", "9" * 99, "Words a minute is '999"),
        ("emergency_number", "call mum", "The number is 'call mum', but must be"),
        ("conditions", "headache", "One of them: 'headache' is not a known condition"),
        ("wording", "long", "'long' must be one of learning, full, brief, minimal"),
        ("program", "nothing", "There is no program 'nothing'"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_saved(
    pages: Pages, field: str, value: str, message: str
) -> None:
    answer = pages.post("settings", **{"voice": "espeak", field: value})
    assert answer.status_code == 422
    assert message in text(answer)
    assert "Nothing was saved yet" in text(answer)
    assert f'"{value}"' in answer.text  # what was typed is still there to be mended
    assert not pages.places.settings.exists()


def test_a_wrong_setting_in_the_file_is_marked_and_can_be_mended_here(pages: Pages) -> None:
    pages.write_settings("words_a_minute = 300\n")
    assert "Words a minute is 300, but" in text(pages.get("settings"))
    assert "Saved." in text(pages.post("settings", words_a_minute="160"))
    assert pages.settings == "words_a_minute = 160\n"


def test_a_file_that_is_no_toml_is_told_by_name_and_never_overwritten(pages: Pages) -> None:
    pages.write_settings("words_a_minute = \n")
    for path in ("", "settings", "profile", "history", "own", "program/gentle"):
        shown = pages.get(path)
        assert shown.status_code == 200
        assert "settings.toml: cannot be read" in text(shown)
    assert pages.post("settings", wording="full").status_code == 422
    assert pages.settings == "words_a_minute = \n"


def test_a_device_that_is_not_there_stays_chosen_and_that_is_told(pages: Pages) -> None:
    pages.write_settings('microphone = "Blue thing"\n')
    shown = text(pages.get("settings"))
    assert "“Blue thing” is not there at the moment" in shown
    assert '<option value="Blue thing" selected>' in shown
