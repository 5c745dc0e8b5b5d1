"""What stands on a terminal of a session, at 80 by 24, 40 by 12 and 20 by 8, and without colours."""

import io
from dataclasses import replace

import pytest
from rich.console import Console
from rich.text import Text

from tests.session.driver import Driver, exercise, hold, program
from voicecoach.care import Side
from voicecoach.cli.terminal.layout import page
from voicecoach.cli.terminal.parts import Room, Shown
from voicecoach.cli.terminal.rows import ASCII
from voicecoach.session import Mode, Phase, view
from voicecoach.testing import ENGLISH

LARGE, MIDDLE, SMALL = Room(80, 24), Room(40, 12), Room(20, 8)
ALL = [LARGE, MIDDLE, SMALL]
INK = "█"


def coach() -> Driver:
    sides = (Side.LEFT, Side.RIGHT)
    return Driver(program(exercise("alpha", hold(8), sides, sets=2), exercise("bravo", hold(20)))).screened()


def shown(coach: Driver) -> Shown:
    return Shown(view(coach.state, coach.now_ms, coach.outcome), coach.said[-1])


def rows(shown: Shown, room: Room) -> list[str]:
    """What is to be read; checks that it fits."""
    drawn = page(shown, room)
    assert len(drawn) == room.rows
    assert all(line.cell_len <= room.columns for line in drawn)
    return [line.plain for line in drawn]


def read(shown: Shown, room: Room) -> str:
    return " ".join(" ".join(rows(shown, room)).split())


def digit_rows(shown: Shown, room: Room) -> int:
    return sum(line.strip(f"{INK} ") == "" and INK in line for line in rows(shown, room))


@pytest.mark.parametrize("room", ALL)
def test_the_digits_of_a_hold_take_a_third_of_the_height(room: Room) -> None:
    in_hold = shown(coach().in_hold(3_500))
    assert in_hold.view.clock.digit == 3
    assert digit_rows(in_hold, room) >= room.rows / 3


@pytest.mark.parametrize("room", ALL)
def test_two_digits_are_as_high_as_one(room: Room) -> None:
    drawn = shown(coach().in_hold(3_500))
    twenty = replace(drawn, view=replace(drawn.view, clock=replace(drawn.view.clock, digit=20, of_s=30)))
    assert digit_rows(twenty, room) == digit_rows(drawn, room)


@pytest.mark.parametrize("room", ALL)
def test_in_a_hold_the_name_and_what_can_be_said_are_there_in_every_size(room: Room) -> None:
    text = read(shown(coach().in_hold(3_500)), room)
    assert "Exercise alpha" in text
    assert "stop (s) pain (p)" in text


def test_a_large_terminal_shows_where_the_session_is() -> None:
    text = read(shown(coach().in_hold(3_500)), LARGE)
    for part in ("exercise 1 of 2", "left side · round 1 of 2", "2 min left", "HOLD", "3 of 8 s"):
        assert part in text
    for part in ("Next: Exercise bravo", "Listening", "pause (space)", "end session (q)"):
        assert part in text


def test_the_bar_grows_with_the_hold() -> None:
    drawn = coach().in_hold(1_500)
    bars = []
    for _ in range(3):
        [bar] = [line for line in rows(shown(drawn), LARGE) if "░" in line]
        bars.append(bar.count(INK))
        drawn.wait(2_000)
    assert bars == sorted(set(bars))


@pytest.mark.parametrize("room", ALL)
def test_the_coachs_line_is_there_while_it_explains(room: Room) -> None:
    drawn = coach().until(ENGLISH.coach.take_position)
    assert ENGLISH.coach.take_position in read(shown(drawn), room)


@pytest.mark.parametrize("room", [MIDDLE, LARGE])
def test_the_coachs_line_is_there_in_a_hold_as_well(room: Room) -> None:
    assert "Lift for alpha." in read(replace(shown(coach().in_hold(3_500)), coach="Lift for alpha."), room)


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_has_a_word(phase: Phase) -> None:
    drawn = shown(coach().in_hold(3_500))
    clock = replace(drawn.view.clock, phase=phase)
    assert any(
        line.strip().isupper() for line in rows(replace(drawn, view=replace(drawn.view, clock=clock)), MIDDLE)
    )


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("room", [*ALL, Room(1, 1), Room(3, 40), Room(200, 3), Room(41, 14), Room(9, 9)])
def test_whatever_the_session_and_the_room_it_fits(mode: Mode, room: Room) -> None:
    for drawn in (coach().in_hold(3_500), coach().in_hold().hear("stop"), coach().in_hold().hear("pain")):
        seen = shown(drawn)
        rows(replace(seen, view=replace(seen.view, mode=mode), notice="The loudspeaker has gone."), room)


@pytest.mark.parametrize("room", ALL)
def test_paused_says_how_to_go_on(room: Room) -> None:
    drawn = coach().in_hold().hear("pause")
    [resume] = [live.say for live in shown(drawn).view.live if live.command == "resume"]
    assert f"{resume} (space)" in read(shown(drawn), room)
    assert digit_rows(shown(drawn), room) >= room.rows / 3  # the sign


@pytest.mark.parametrize("room", ALL)
def test_stopped_shows_the_question_and_its_answers(room: Room) -> None:
    text = read(shown(coach().in_hold().hear("stop").asked("unwell")), room)
    assert "STOPPED: LET GO" in text
    assert "Are you in pain, or unwell?" in text
    assert "yes (y) no (n)" in text


@pytest.mark.parametrize("room", ALL)
def test_a_safety_stop_shows_its_question_its_answers_and_the_emergency_number(room: Room) -> None:
    text = read(shown(coach().in_hold().hear("pain").asked("zero to ten")), room).replace(
        f" {INK}{INK} ", " "
    )
    assert "SAFETY STOP" in text
    assert "How bad is the pain, from zero to ten?" in text
    assert "zero (0) to ten (x)" in text
    assert "112" in text


@pytest.mark.parametrize("room", [LARGE, MIDDLE])
def test_the_emergency_number_is_large(room: Room) -> None:
    drawn = shown(coach().in_hold().hear("pain").asked("zero to ten"))
    inked = [line for line in rows(drawn, room) if INK in line[4:-4]]
    assert len(inked) >= 5


@pytest.mark.parametrize("room", [LARGE, MIDDLE])
def test_the_advice_of_an_emergency_is_whole(room: Room) -> None:
    drawn = coach().in_hold().reported("eight", "yes")
    while drawn.to_question():
        drawn.hear("yes")
    advised = shown(drawn)
    assert advised.view.advice
    text = read(advised, room).replace(INK, "")
    for line in advised.view.advice:
        assert line in " ".join(text.split())


@pytest.mark.parametrize("room", ALL)
def test_a_deaf_coach_says_so_and_points_to_the_keys(room: Room) -> None:
    text = read(shown(coach().in_hold().go_deaf()), room)
    assert "use the keys" in text
    assert "Listening" not in text


def test_answers_are_offered_with_their_question_and_not_before() -> None:
    coach = Driver(program(exercise("alpha")))
    greeted = Shown(view(coach.state, coach.now_ms))
    assert not greeted.view.question
    assert "yes (y)" not in read(greeted, LARGE)


def test_what_was_heard_takes_the_place_of_listening() -> None:
    drawn = shown(coach().in_hold())
    assert "Heard: stop?" in read(replace(drawn, heard="stop?"), MIDDLE)
    assert "Key: pause" in read(replace(drawn, heard="pause", source="key"), MIDDLE)


def test_a_notice_is_read_whole_on_a_middle_sized_terminal() -> None:
    notice = "The microphone is muted. I cannot hear you. Let go, and rest."
    assert notice in read(replace(shown(coach().in_hold().go_deaf()), notice=notice), MIDDLE)


@pytest.mark.parametrize("room", ALL)
def test_a_long_name_ends_in_an_ellipsis(room: Room) -> None:
    drawn = shown(coach().in_hold())
    long = replace(drawn, view=replace(drawn.view, name="Kürzer – 背 " * 12))
    assert any(line.startswith("Kürzer – 背") and line.endswith("…") for line in rows(long, room))


@pytest.mark.parametrize("room", ALL)
def test_ascii_is_enough(room: Room) -> None:
    for drawn in (coach().in_hold(3_500), coach().in_hold().hear("pause"), coach().in_hold().hear("pain")):
        assert "".join(rows(shown(drawn), replace(room, glyphs=ASCII))).isascii()


@pytest.mark.parametrize("room", ALL)
def test_without_colours_the_same_is_read(room: Room) -> None:
    alarm = page(shown(coach().in_hold().hear("pain").asked("zero to ten")), room)
    assert printed(alarm, None).split() == "\n".join(line.plain for line in alarm).split()
    assert "\x1b[" in printed(alarm, "standard")


def printed(lines: list[Text], color_system: str | None) -> str:
    out = io.StringIO()
    console = Console(file=out, width=200, force_terminal=True, color_system=color_system)  # type: ignore[arg-type]
    for line in lines:
        console.print(line)
    return out.getvalue()
