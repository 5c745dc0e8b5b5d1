"""What a screen shows: the digits go with the voice, and the buttons are those that mean something now."""

from collections.abc import Callable

import pytest

from voicecoach.care import Breaths, Outcome, Side
from voicecoach.language import Command
from voicecoach.session import Clock, Earcon, Heard, Phase, Play, Say, Show, View, step, view
from voicecoach.session.facts import HoldBegan
from voicecoach.testing import ENGLISH, key_command

from .driver import Driver, exercise, hold, moving, program, timed

C = Command


def seen(coach: Driver) -> View:
    return view(coach.state, coach.now_ms, coach.outcome)


def digits(coach: Driver, every_ms: int = 20) -> list[tuple[int, int]]:
    """Each digit of the next hold and how many milliseconds after its beginning it appears."""
    coach.in_hold(0)
    begun_ms, found = coach.now_ms, [(-1, 0)]
    while coach.facts(HoldBegan)[-1].end_ms > coach.now_ms:
        digit = seen(coach).clock.digit
        if digit is not None and digit != found[-1][0]:
            found.append((digit, coach.now_ms - begun_ms))
        coach.wait(every_ms)
    return found[1:]


def test_a_short_hold_shows_each_number_as_the_voice_says_it() -> None:
    coach = moving(program(exercise("alpha", hold(5))))
    shown = digits(coach)
    spoken = [c for c in coach.outputs if isinstance(c, Say) and c.at_ms is not None]
    begun_ms = coach.facts(HoldBegan)[-1].start_ms
    cues = {ENGLISH.coach.numbers.index(c.text): c.at_ms - begun_ms for c in spoken if c.at_ms is not None}
    assert shown[0] == (0, 0)
    assert [digit for digit, _ in shown] == [0, 1, 2, 3, 4]
    for digit, at_ms in shown[1:]:
        assert abs(at_ms - cues[digit]) <= 20


def test_a_long_hold_is_counted_down_as_the_voice_does_at_its_end() -> None:
    shown = dict(digits(moving(program(exercise("alpha", hold(20))))))
    assert list(shown) == list(range(20, 0, -1))
    assert shown[5] == 15_000


def test_how_much_is_over_grows_whichever_way_it_is_counted() -> None:
    for seconds in (5, 20):
        coach = moving(program(exercise("alpha", hold(seconds)))).in_hold(0)
        past = []
        for _ in range(seconds):
            past.append(seen(coach).clock.past_s)
            coach.wait(1_000)
        assert past == list(range(seconds))
    assert Clock().past_s == 0


def test_a_movement_with_the_breath_shows_in_and_out() -> None:
    coach = moving(program(exercise("alpha", Breaths(2, 4, 3)))).in_hold(0)
    clocks = []
    for _ in range(14):
        c = seen(coach).clock
        clocks.append((c.phase, c.digit, c.cycle))
        coach.wait(1000)
    once = [(Phase.IN, n) for n in (4, 3, 2, 1)] + [(Phase.OUT, n) for n in (3, 2, 1)]
    assert clocks == [(*each, 0) for each in once] + [(*each, 1) for each in once]


def test_a_movement_that_begins_with_the_breath_out_shows_that_first() -> None:
    coach = moving(program(exercise("alpha", Breaths(2, 4, 3, out_first=True)))).in_hold(0)
    clocks = []
    for _ in range(8):
        c = seen(coach).clock
        clocks.append((c.phase, c.digit, c.cycle))
        coach.wait(1000)
    once = [(Phase.OUT, n) for n in (3, 2, 1)] + [(Phase.IN, n) for n in (4, 3, 2, 1)]
    assert clocks == [*((*each, 0) for each in once), (Phase.OUT, 3, 1)]


def test_the_words_into_a_hold_already_move_the_drawing() -> None:
    coach = moving(program(exercise("alpha", timed(12)))).until("Lift for alpha")
    assert seen(coach).clock.phase is Phase.MOVE
    coach.in_hold(3_000)
    assert seen(coach).clock.phase is Phase.GO
    coach.until("Lower from alpha")
    assert seen(coach).clock.phase is Phase.RELEASE


def test_rest_and_getting_ready_count_down() -> None:
    coach = moving(program(exercise("alpha", sets=2))).until(ENGLISH.coach.take_position)
    while seen(coach).clock.phase is Phase.LISTEN:
        coach.wait(100)
    clock = seen(coach).clock
    assert (clock.phase, clock.digit, clock.of_s) == (Phase.READY, 5, 5)
    coach.wait(2_000)
    assert seen(coach).clock.digit == 3
    coach.in_hold().until("Lower from alpha").wait(3_000)
    assert seen(coach).clock.phase is Phase.REST


def test_where_the_session_is() -> None:
    sides = (Side.LEFT, Side.RIGHT)
    coach = moving(program(exercise("alpha", sides=sides, sets=2), exercise("bravo"))).in_hold().in_hold()
    now = seen(coach)
    assert (now.name, now.nth, now.exercises, now.side) == ("Exercise alpha", 1, 2, "left")
    assert (now.repetition, now.sets, now.then) == (2, 2, "Exercise bravo")
    assert now.minutes_left >= 1


@pytest.mark.parametrize(
    ("question", "first"), [("bladder or bowel", {C.YES, C.NO, C.NOT_SURE}), ("zero to ten", {C.ZERO, C.TEN})]
)
def test_an_open_question_has_its_answers_as_buttons(question: str, first: set[C]) -> None:
    coach = Driver()
    if question == "zero to ten":
        coach.asked("bladder or bowel").hear("no")
    coach.asked(question)
    now = seen(coach)
    assert question in now.question
    assert first <= {each.command for each in now.answers}
    assert not {each.command for each in now.answers} & {each.command for each in now.live}


MOMENTS: dict[str, Callable[[], Driver]] = {
    "greeting": Driver,
    "question": lambda: Driver().asked("bladder or bowel"),
    "number": lambda: Driver().asked("bladder or bowel").hear("no").asked("zero to ten"),
    "instructions": lambda: moving().until("Be careful in alpha."),
    "hold": lambda: moving().in_hold(),
    "paused": lambda: moving().in_hold().hear("pause"),
    "stopped": lambda: moving().in_hold().hear("stop"),
    "hurt": lambda: moving().in_hold().hear("stop").asked(ENGLISH.question("hurt")[-1]),
    "pain": lambda: moving().in_hold().hear("it hurts"),
    "doubt": lambda: moving().in_hold().perhaps("stop"),
    "staying": lambda: moving().in_hold().hear("it hurts").wait(60_000),
    "closing": lambda: moving().in_hold().hear("finish"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_button_does_something_where_it_is_shown(moment: str) -> None:
    """A button without effect is one that somebody in pain may press in vain."""
    coach = MOMENTS[moment]()
    now = seen(coach)
    assert [each.command for each in now.live[:3]] == [C.STOP, C.PAIN, C.HELP]
    for each in (*now.live, *now.answers):
        after, outputs = step(coach.state, Heard(coach.at, each.command, each.say))
        assert not {Show(ENGLISH.coach.no_effect), Play(Earcon.NOT_UNDERSTOOD)} & {*outputs}, each.command
        assert outputs or after != coach.state, each.command


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_button_names_the_key_that_does_the_same(moment: str) -> None:
    coach = MOMENTS[moment]()
    now = seen(coach)
    for each in (*now.live, *now.answers):
        if each.key:
            assert key_command(each.key, coach.state.listening) is each.command


def test_a_safety_stop_alarms_and_its_advice_stays_when_the_session_is_over() -> None:
    coach = moving().in_hold().hear("it hurts")
    assert seen(coach).alarming
    assert not seen(moving().in_hold()).alarming
    over = seen(coach.until_ended())
    assert over.outcome is Outcome.UNANSWERED
    assert any("112" in line for line in over.advice)
    assert over.alarming


def test_where_the_exercise_is_over_there_is_no_button_to_ease_off() -> None:
    coach = moving().in_hold().hear("it hurts")
    while coach.to_question() not in ("over", "mild"):
        coach.hear("five" if coach.state.asking == "level" else "no")
    assert coach.state.asking == "over"
    assert {each.command for each in seen(coach).answers} == {C.NEXT, C.REST, C.FINISH}


def test_a_coach_that_cannot_hear_says_so() -> None:
    coach = moving().in_hold()
    assert seen(coach).hears
    assert not seen(coach.go_deaf()).hears
    assert seen(coach.hear_again()).hears
