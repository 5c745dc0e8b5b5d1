"""Navigation by voice and by keys; and no question of the user shortens a hold."""

from dataclasses import replace

import pytest

from voicecoach.care import Breaths, Memory, Outcome, Plan, Position, Side
from voicecoach.language import NUMBERS, Command, ListeningState
from voicecoach.session import (
    Alarm,
    Earcon,
    Hush,
    Mode,
    Mute,
    Options,
    Play,
    Say,
    Show,
    SpeaksAgain,
    Trouble,
    Volume,
    Wording,
)
from voicecoach.session.facts import AskedForMore, HoldBegan, KnewIt
from voicecoach.session.state import PACES_WPM
from voicecoach.testing import ENGLISH, LIBRARY, PHRASES, VOCABULARY, key_command

from .driver import NEW, Driver, breaths, exercise, hold, moving, program, three_holds

C = Command


def two_sided() -> Driver:
    sides = (Side.LEFT, Side.RIGHT)
    return moving(program(exercise("alpha", sides=sides, sets=2), exercise("bravo")))


def test_the_whole_program_is_played_in_order() -> None:
    coach = moving().until_ended()
    names = [line for line in coach.said if line.startswith("Exercise")]
    assert names == ["Exercise alpha.", "Exercise bravo.", "Exercise charlie."]
    assert coach.holds_ms() == [5000] * 3
    assert "You did 3 of 3 exercises." in coach.said


def test_next_goes_to_the_next_exercise_and_hushes_this_one() -> None:
    coach = moving().until("Be careful in alpha.").hear("next")
    assert Hush() in coach.last
    assert coach.last_said() == ["Exercise bravo."]


def test_next_in_the_last_exercise_ends_the_session() -> None:
    coach = moving().hear("next").hear("next").hear("skip").until_ended()
    assert coach.outcome is Outcome.COMPLETED
    assert "You did 0 of 3 exercises." in coach.said


def test_back_goes_to_the_exercise_before_and_in_the_first_to_its_start() -> None:
    coach = moving().hear("next").hear("back")
    assert coach.last_said() == ["Exercise alpha."]
    assert coach.in_hold().hear("previous").last_said() == ["Exercise alpha."]


def test_repeat_in_a_hold_explains_again_and_counts_from_one() -> None:
    coach = moving().in_hold(3_500).hear("repeat")
    assert Hush() in coach.last
    assert coach.last_said() == ["Lift slowly in alpha."]
    coach.in_hold(6_000)
    assert coach.holds_ms() == [5000, 5000]


def test_repeat_in_the_introduction_begins_it_again() -> None:
    assert moving().until("Lie down for alpha.").hear("again").last_said() == ["Exercise alpha."]


def test_pause_in_the_introduction_goes_on_with_the_same_line() -> None:
    coach = moving().until("Lie down for alpha.").hear("pause").until("Say continue").hear("continue")
    coach.until("Lie down for alpha.").until("Lift slowly in alpha.")
    assert coach.said.count("Exercise alpha.") == 1


def test_a_paused_hold_starts_over_and_is_held_in_full() -> None:
    """Two seconds before the pause and three after it are not a hold of five seconds."""
    coach = moving().in_hold(2_500).hear("wait")
    assert Hush() in coach.last
    coach.wait(20_000).hear("go on").until("Say ready when you are in position.").in_hold(5_100)
    assert coach.holds_ms() == [5000, 5000]
    coach.until("Next: Exercise bravo.")
    assert coach.holds_ms() == [5000, 5000]


def test_a_pause_after_a_hold_does_not_hold_it_twice() -> None:
    coach = moving().until("Next: Exercise bravo.").hear("pause").wait(9_000).hear("resume")
    coach.until("Exercise bravo.")
    assert coach.holds_ms() == [5000]


def test_switch_side_begins_the_other_side() -> None:
    coach = two_sided().in_hold().hear("other side")
    assert coach.last_said() == ["Side right of alpha."]
    assert Play(Earcon.NOT_UNDERSTOOD) in coach.in_hold().hear("other side").last


def test_ready_cuts_the_get_ready_time_short() -> None:
    coach = moving().until("Say ready when you are in position.").wait(2_500).hear("ready")
    assert coach.last_said() == ["Lift for alpha."]


@pytest.mark.parametrize("line", ["Exercise alpha.", "Lie down for alpha.", "Lift slowly in alpha."])
def test_ready_ends_the_instruction_and_begins(line: str) -> None:
    """Said over the instructions, it was shown as heard, and not heeded."""
    coach = moving().until(line).wait(300).hear("ready")
    assert Hush() in coach.last
    assert coach.last_said() == ["Lift for alpha."]
    assert coach.in_hold().holds_ms() == [5000]


def test_ready_over_the_announcement_of_a_side_begins_it() -> None:
    coach = two_sided().in_hold().until("Side right of alpha.").hear("ready")
    assert coach.last_said() == ["Lift for alpha."]


def test_ready_in_an_introduction_does_not_leave_out_which_side_comes_first() -> None:
    coach = two_sided().until("Exercise alpha.").wait(300).hear("ready")
    assert coach.last_said() == ["Side left of alpha."]
    coach.until("Lift for alpha.")
    assert coach.said[-2:] == ["Side left of alpha.", "Lift for alpha."]


def test_to_roll_over_onto_the_other_side_there_is_time_to_get_ready() -> None:
    on_the_side = replace(exercise("alpha", sides=(Side.LEFT, Side.RIGHT)), position=Position.SIDE)
    coach = moving(program(on_the_side)).in_hold().until("Side right of alpha.").until("Lift for")
    assert coach.said[-3:] == ["Side right of alpha.", ENGLISH.coach.take_position, "Lift for alpha."]


def test_a_movement_can_begin_with_the_breath_out_and_ends_where_it_began() -> None:
    coach = moving(program(exercise("alpha", Breaths(2, 4, 3, out_first=True)))).in_hold()
    start_ms = coach.facts(HoldBegan)[0].start_ms
    cues = [o for o in coach.outputs if isinstance(o, Say) and o.at_ms is not None]
    assert [(cue.at_ms - start_ms, cue.text) for cue in cues if cue.at_ms is not None] == [
        (0, "Lower from alpha."),
        (3_000, "Lift for alpha."),
        (7_000, "Lower from alpha."),
        (10_000, "Lift for alpha."),
    ]


def test_breaths_that_end_in_mid_movement_are_followed_by_the_way_out_of_it() -> None:
    tapping = exercise("alpha", breaths())
    tapping = replace(tapping, lines=replace(tapping.lines, after="Lower your foot."))
    coach = moving(program(tapping, exercise("bravo"))).in_hold().until("Rest a moment.")
    assert coach.said[coach.said.index("Lower your foot.") + 1] in ENGLISH.coach.well_done


def test_ready_after_a_hold_waits_for_no_rest_but_leaves_nothing_unsaid() -> None:
    coach = moving().in_hold().until("Rest a moment.").hear("ready").until("Exercise bravo.")
    assert "Next: Exercise bravo." in coach.said
    assert coach.now_ms - coach.facts(HoldBegan)[0].end_ms < 10_000


def test_ready_in_a_hold_does_not_shorten_it() -> None:
    coach = moving().in_hold(2_000).hear("done")
    assert coach.state.until_ms == coach.facts(HoldBegan)[0].end_ms


@pytest.mark.parametrize(
    "words", ["how long", "what can i say", "slower", "louder", "ready", "repeat", "pause"]
)
@pytest.mark.parametrize("where", ["Lie down for alpha.", "Rest a moment.", "Next: Exercise bravo."])
def test_a_word_that_has_an_effect_is_not_said_to_have_none(words: str, where: str) -> None:
    """ "How long" in a rest was answered, and called without effect."""
    coach = moving().until(where).hear(words)
    assert Show(ENGLISH.coach.no_effect) not in coach.last


@pytest.mark.parametrize("words", ["done", "continue"])
def test_a_word_without_an_effect_is_answered_all_the_same(words: str) -> None:
    """The screen showed it as heard, and nothing happened."""
    coach = moving().in_hold(2_000).hear(words)
    assert coach.last == (Play(Earcon.NOT_UNDERSTOOD), Show(ENGLISH.coach.no_effect))


def test_an_exercise_in_which_nothing_hurt_is_praised_and_one_that_hurt_is_not() -> None:
    praise = set(ENGLISH.coach.well_done)
    well = moving().in_hold().until("Rest a moment.")
    assert praise & set(well.said)
    sore = moving().in_hold().reported("two", "no", "no", "no").asked("ease off").hear("ease off")
    sore.until("Rest a moment.")
    assert not praise & set(sore.said)
    sore.until("Next: Exercise charlie.")
    assert praise & set(sore.said), "the next exercise did not hurt"


def test_questions_name_the_keys_while_nobody_can_be_heard() -> None:
    coach = Driver(can_hear=False).asked("bladder or bowel")
    assert ENGLISH.coach.by_keys.yes_no in coach.said[-1]
    heard = Driver().asked("bladder or bowel")
    assert ENGLISH.coach.by_keys.yes_no not in heard.said[-1]


@pytest.mark.parametrize(("level", "keys"), [("two", "choice"), ("five", "over")])
def test_after_pain_only_keys_that_do_something_are_named(level: str, keys: str) -> None:
    coach = moving().in_hold().go_deaf().reported(level, "no", "no", "no")
    assert coach.to_question() == ("mild" if keys == "choice" else "over")
    assert coach.said[-1].endswith(getattr(ENGLISH.coach.by_keys, keys))


def test_whoever_lies_is_told_how_to_get_up() -> None:
    coach = moving().until_ended()
    assert ENGLISH.care.get_up[0] in coach.said
    chair = moving(LIBRARY.program("desk")).hear("finish").until_ended()
    assert ENGLISH.care.get_up[0] not in chair.said
    across = moving(LIBRARY.program("roller"))
    assert "You need a mat and a foam roller." in across.said


@pytest.mark.parametrize(
    ("position", "told"),
    [
        (Position.BACK, True),
        (Position.HANDS_AND_KNEES, True),  # the way out of it ends on the side
        (Position.STANDING, False),
    ],
)
def test_whoever_lies_is_told_how_to_get_up_after_pain_too(position: Position, told: bool) -> None:
    there = replace(exercise("alpha"), position=position)
    coach = moving(program(there)).in_hold().reported("three", "no", "no", "yes").until_ended()
    assert coach.outcome is Outcome.ENDED_BY_PAIN
    assert (ENGLISH.care.get_up[0] in coach.said) is told


def test_nobody_is_told_to_get_up_in_an_emergency() -> None:
    coach = moving().in_hold().reported("seven", "no", "no", "yes").until_ended()
    assert coach.outcome is Outcome.EMERGENCY
    assert ENGLISH.care.get_up[0] not in coach.said


@pytest.mark.parametrize("words", ["how long", "what can i say"])
def test_an_answer_never_talks_over_a_count(words: str) -> None:
    coach = moving().in_hold(2_000)
    end_ms = coach.facts(HoldBegan)[0].end_ms
    coach.hear(words)
    assert not [c for c in coach.last if isinstance(c, Say | Hush)]
    answer = "left." if words == "how long" else "You can say stop"
    coach.until("Lower from alpha.").until(answer)
    assert coach.now_ms > end_ms
    assert coach.holds_ms() == [5000]


def test_an_answer_does_not_come_between_the_lift_and_its_count() -> None:
    """ "Lift your hips and hold" - "how long?" - six seconds of talk, and only then the count."""
    coach = moving().until("Lift for alpha.").hear("how long")
    coach.in_hold(100)
    assert coach.said[-6] == "Lift for alpha."
    coach.until("Lower from alpha.").until("left.")


def test_an_answer_in_a_rest_gives_the_rest_back() -> None:
    coach = moving().until("Next: Exercise bravo.").wait(2_500).hear("time").until("This is exercise 1 of 3.")
    asked_ms = coach.now_ms
    coach.until("Exercise bravo.")
    assert coach.now_ms - asked_ms >= 5_000


def test_an_answer_in_a_breathing_exercise_comes_after_the_breaths() -> None:
    coach = moving(program(exercise("alpha", breaths(2)), exercise("bravo"))).in_hold(2_000).hear("time")
    coach.until("left.")
    assert coach.now_ms >= coach.facts(HoldBegan)[0].end_ms


def test_slower_and_faster_have_limits() -> None:
    coach = moving()
    for _ in range(10):
        coach.hear("slower")
    assert coach.state.wpm == PACES_WPM[0]
    for _ in range(20):
        coach.hear("faster")
    assert coach.state.wpm == PACES_WPM[-1]
    assert coach.hear("louder").last == (Volume(3), Play(Earcon.HEARD))
    assert coach.hear("quieter").last == (Volume(-3), Play(Earcon.HEARD))


@pytest.mark.parametrize("words", ["finish", "end session"])
def test_finish_ends_with_a_summary(words: str) -> None:
    coach = moving().until("Lie down for bravo.").hear(words)
    assert Hush() in coach.last
    coach.until_ended()
    assert coach.outcome is Outcome.FINISHED_EARLY
    assert "You did 1 of 3 exercises." in coach.said


def test_stop_in_the_farewell_ends_at_once() -> None:
    coach = moving().until("end of our session").hear("stop")
    assert coach.outcome is Outcome.COMPLETED


def test_a_forgotten_pause_ends_after_five_minutes_and_says_so() -> None:
    coach = moving().in_hold().hear("pause").wait(290_000)
    assert coach.mode() is Mode.PAUSED
    paused_ms = coach.now_ms - 290_000
    coach.until("So we end here.").until_ended()
    assert coach.outcome is Outcome.ABANDONED
    assert coach.now_ms - paused_ms < 330_000


def test_choosing_an_exercise_while_paused_starts_nothing() -> None:
    coach = moving().in_hold().hear("pause").hear("next")
    assert coach.last_said() == ["Exercise bravo."]
    assert coach.mode() is Mode.PAUSED
    coach.wait(60_000)
    assert coach.holds_ms() == [5000]
    assert coach.hear("continue").until("Lie down for bravo.").mode() is Mode.MOVING


@pytest.mark.fault("the coach goes deaf in a hold", "it stops counting and says so")
def test_a_deaf_coach_stops_counting_and_says_so() -> None:
    coach = moving().in_hold(2_000).go_deaf()
    assert Hush() in coach.last
    assert Play(Earcon.ALERT) in coach.last
    coach.until("The microphone is muted.").until("I cannot hear you. Let go, and rest.")
    coach.wait(30_000).hear_again().until("I can hear you again.").until("Say continue")
    coach.wait(60_000)
    assert coach.holds_ms() == [5000]
    assert coach.press("c").in_hold(5_100).holds_ms() == [5000, 5000]


@pytest.mark.fault("the coach goes deaf in a safety stop", "the stop goes on, led by keys")
def test_a_safety_stop_goes_on_by_keys_when_the_coach_is_deaf() -> None:
    coach = moving().in_hold().press("p").go_deaf().asked("zero to ten").press("2")
    assert coach.state.report_answers == {"level": 2}


def test_a_coach_that_may_not_be_heard_pauses_and_continues_only_when_told_to() -> None:
    coach = moving().in_hold(2_000)
    coach.feed(Mute(coach.at, Trouble.SPEAKER_GONE))
    assert Hush() in coach.last
    assert any(isinstance(order, Alarm) for order in coach.last)
    assert coach.wait(30_000).mode() is Mode.PAUSED
    coach.feed(SpeaksAgain(coach.at)).wait(60_000)
    assert coach.holds_ms() == [5000]


def test_without_a_microphone_the_greeting_teaches_the_keys() -> None:
    assert Driver(can_hear=False).until("please use the keys").until("Any key stops at once.")


def test_stop_during_a_count_silences_the_next_block() -> None:
    coach = moving().in_hold(2_000).hear("stop")
    assert coach.last[0] == Hush()
    assert not coach.last_said()
    coach.until("Stopped. You can let go.")
    assert coach.wait(200_000).holds_ms() == [5000]


def test_after_stop_the_word_continue_resumes_the_exercise() -> None:
    coach = moving().in_hold(2_000).hear("stop").asked("Are you in pain").hear("no").until("Say continue")
    assert coach.mode() is Mode.PAUSED
    assert coach.hear("continue").in_hold(5_000).holds_ms() == [5000, 5000]
    assert moving().in_hold().hear("stop").asked("Are you in pain").hear("continue").mode() is Mode.MOVING


@pytest.mark.fault("stop and pain in one breath", "pain")
def test_stop_and_pain_in_one_breath_is_pain() -> None:
    coach = moving().in_hold().hear("stop it hurts")
    assert coach.mode() is Mode.SAFETY
    assert moving().in_hold().hear("it hurts").hear("stop").mode() is Mode.SAFETY


def test_a_pause_in_the_questions_asks_the_same_one_again() -> None:
    coach = Driver(intake=NEW).asked("asked a health professional").press(" ")
    assert coach.mode() is Mode.PAUSED
    assert coach.wait(5_000).press(" ").to_question() == "consulted"


def test_a_stop_in_the_greeting_does_not_swallow_the_precautions() -> None:
    """A user who interrupts the first sentence must still hear that this is not medical advice."""
    coach = Driver(intake=NEW).until("Hello").hear("stop").asked("or unwell").hear("continue")
    coach.asked("asked a health professional")
    assert coach.said.index("Stopped. You can let go.") < coach.said.index(
        "This is general guidance, not medical advice."
    )


def test_quitting_a_paused_session_counts_as_interrupted() -> None:
    assert moving().in_hold().hear("pause").wait(30_000).quit().outcome is Outcome.INTERRUPTED


# -- keys


@pytest.mark.parametrize("state", list(ListeningState))
def test_every_word_of_a_state_has_a_key(state: ListeningState) -> None:
    """A user who cannot speak, or is not heard, can give every command by key."""
    keys = {key_command(k, state) for k in [*VOCABULARY.keys, *"0123456789x"]}
    paused_already = {C.PAUSE} if state is ListeningState.PAUSED else set()
    assert set(PHRASES[state].values()) - paused_already <= keys


@pytest.mark.parametrize("state", list(ListeningState))
@pytest.mark.parametrize("key", ["z", "\t", "\x03", "é", "9", "½", "", "\x1b[A", "٣"])
def test_an_unknown_key_stops(key: str, state: ListeningState) -> None:
    """In panic nobody searches for the right key."""
    number = state is ListeningState.NUMBER and key == "9"
    assert key_command(key, state) is (C.NINE if number else C.STOP)


def test_a_key_does_what_its_word_does() -> None:
    """Space, n, b, r, s, p and q against their words, event by event."""
    for key, words in {
        " ": "pause",
        "n": "next",
        "b": "back",
        "r": "repeat",
        "s": "stop",
        "q": "finish",
    }.items():
        assert moving().in_hold().press(key).last == moving().in_hold().hear(words).last
    assert moving().in_hold().press("p").mode() is Mode.SAFETY


def test_digits_answer_how_bad_it_is() -> None:
    for number in range(10):
        assert key_command(str(number), ListeningState.NUMBER) is NUMBERS[number]
    assert key_command("x", ListeningState.NUMBER) is C.TEN


def test_long_holds_count_half_way_and_the_last_five() -> None:
    coach = moving(program(exercise("alpha", hold(20)))).in_hold()
    cues = {c.text: c.at_ms for c in coach.outputs if isinstance(c, Say) and c.at_ms is not None}
    start_ms = coach.facts(HoldBegan)[0].start_ms
    assert {text: at - start_ms for text, at in cues.items()} == {
        "Half way, keep breathing.": 10_000,
        "five": 15_000,
        "four": 16_000,
        "three": 17_000,
        "two": 18_000,
        "one": 19_000,
    }


def test_the_remaining_time_is_never_below_a_minute_and_names_the_exercise() -> None:
    coach = moving(three_holds()).hear("how long").until("About").until("This is exercise 1 of 3.")
    assert any(line.startswith("About 1 minute left.") or "minutes left." in line for line in coach.said)


# -- fewer words for what is known


def known(met: int) -> Driver:
    """Past the questions, for somebody who played each exercise so often."""
    holds = three_holds()
    memory = Memory(met={e.id: met for e in holds.exercises})
    return Driver(holds, plan=Plan(holds, memory=memory)).screened()


def test_an_exercise_is_taught_whole_once_and_then_with_fewer_words() -> None:
    said = [known(met).until("Lift for charlie").said for met in (0, 1, 2, 9)]
    words = [sum(len(line.split()) for line in lines) for lines in said]
    assert words[0] > words[1] > words[2] == words[3]
    assert {"Lie down for alpha.", "Come out of alpha.", "Be careful in alpha."} <= set(said[0])
    assert {"Exercise alpha.", "Hold for five seconds.", "Lift and sink in alpha."} <= set(said[2])
    dropped = {"Lie down for alpha.", "Be careful in alpha.", "Say ready when you are in position."}
    assert not dropped & set(said[2])


def test_repeat_tells_the_whole_of_a_known_exercise_and_is_remembered() -> None:
    coach = known(5).until("Exercise alpha").hear("repeat").until("Lift for alpha")
    assert {"Lie down for alpha.", "Be careful in alpha.", "Come out of alpha."} <= set(coach.said)
    assert coach.facts(AskedForMore) == [AskedForMore("alpha")]


def test_ready_in_an_introduction_is_remembered_as_known() -> None:
    coach = known(0).until("Lie down for alpha").hear("ready").until("Lift for alpha")
    assert coach.facts(KnewIt) == [KnewIt("alpha")]


def test_a_setting_for_the_wording_is_obeyed_whatever_is_known() -> None:
    holds = three_holds()
    plan = Plan(holds, memory=Memory(met={e.id: 9 for e in holds.exercises}))
    coach = Driver(holds, plan=plan, options=Options(wording=Wording.FULL)).screened()
    assert "Be careful in alpha." in coach.until("Lift for alpha").said
