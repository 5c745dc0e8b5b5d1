"""Programs and exercises on the page, and the way through a first time."""

import pytest

from tests.page.pages import Pages, text
from tests.report.journals import realistic
from voicecoach.storage import rehearsals
from voicecoach.testing import LIBRARY


@pytest.mark.parametrize("name", LIBRARY.program_ids)
def test_every_program_is_shown_as_it_will_be_spoken(pages: Pages, name: str) -> None:
    program = LIBRARY.program(name)
    shown = text(pages.get(f"program/{name}"))
    for exercise in program.exercises:
        assert exercise.lines.begin in shown
        assert shown.count(f'aria-label="{exercise.name}"') == 1  # its drawing


@pytest.mark.parametrize("name", LIBRARY.exercises)
def test_every_exercise_says_how_to_come_out_and_who_leaves_it_out(pages: Pages, name: str) -> None:
    exercise = LIBRARY.exercises[name]
    shown = text(pages.get(f"exercise/{name}"))
    assert all(line in shown for line in exercise.lines.ease_out)
    assert all(condition.replace("_", " ") in shown for condition in exercise.contraindications)


@pytest.mark.parametrize("path", ["program/nothing", "exercise/nothing", "program/settings.toml"])
def test_what_is_not_there_is_told(pages: Pages, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 404
    assert "There is no such page." in text(answer)


def test_a_program_says_what_is_different_for_this_user(pages: Pages) -> None:
    realistic(pages.places)
    shown = text(pages.get("program/floor"))
    assert "<b>Knee to chest</b> is left out (hurt on 15 Oct 2026, level 5; disc problem)" in shown
    assert "a little more than usual (11 breaths instead of 10 breaths)" in shown


def test_what_suits_nobody_with_these_answers_cannot_be_started(pages: Pages) -> None:
    every = ", ".join(f'"{c}"' for c in LIBRARY.protocol.conditions)
    pages.write_settings(f"conditions = [{every}]\n")
    shown = text(pages.get("program/floor"))
    assert "Nothing of this program suits what you have told." in shown
    assert "/start/floor" not in shown


def test_a_first_time_is_led_step_by_step(pages: Pages) -> None:
    """The step that comes next has the button that stands out."""
    assert '<a class="button go" href="/the-secret-of-this-test/try">' in pages.get().text
    pages.places.data.mkdir(parents=True)
    rehearsals.remember(pages.places.rehearsals, "a | b", True, {})
    shown = pages.get().text
    assert "Try it again" in shown
    assert '<a class="button go" href="/the-secret-of-this-test/profile">' in shown


def test_after_the_first_session_the_steps_are_gone(pages: Pages) -> None:
    realistic(pages.places)
    shown = text(pages.get())
    assert "Your first time" not in shown
    assert "Last time: 28 Nov 2026, Floor, 17 minutes, completed." in shown
