"""Which hypotheses are acted on: tables of hypotheses and decisions."""

import pytest

from voicecoach.language import Command as C
from voicecoach.language import ListeningState
from voicecoach.listening import Decision, Judge, Rule, Voices
from voicecoach.testing import SAFETY, VOCABULARY, grammar

HOLDING, QUESTION, NUMBER = ListeningState.HOLDING, ListeningState.QUESTION, ListeningState.NUMBER
Belief = tuple[str, bool]

BLOCK_S = 0.02
RULE = Rule()


def decisions(
    judge: Judge, beliefs: list[Belief], from_s: float = 1.0, voices: Voices = Voices.USER
) -> list[Decision]:
    """`beliefs`: one hypothesis (text, final) for each block of 20 ms."""
    found = []
    for i, (text, final) in enumerate(beliefs):
        found += judge.consider(text, final, round(from_s + i * BLOCK_S, 3), voices=voices)
    return found


def commands(
    judge: Judge, beliefs: list[Belief], from_s: float = 1.0, voices: Voices = Voices.USER
) -> list[C | None]:
    return [d.command for d in decisions(judge, beliefs, from_s, voices)]


def partial(text: str, blocks: int) -> list[Belief]:
    return [(text, False)] * blocks


FINAL_SILENCE: list[Belief] = [("", True)]
LONG_ENOUGH = round(RULE.persist_s / BLOCK_S) + 1


@pytest.mark.parametrize("phrase", SAFETY)
@pytest.mark.parametrize("state", list(ListeningState))
def test_a_safety_phrase_acts_in_every_state_before_the_utterance_ends(
    phrase: str, state: ListeningState
) -> None:
    judge = Judge(VOCABULARY, state)
    patience_s = RULE.patience_s([p for p in VOCABULARY.safety if p.text == phrase])
    found = decisions(judge, partial(phrase, round(patience_s / BLOCK_S) + 1))
    assert [(d.command, d.text, d.stage) for d in found] == [(SAFETY[phrase], phrase, "partial")]
    assert found[0].at_s == pytest.approx(1.0 + patience_s)


@pytest.mark.parametrize(
    "text", ["please stop now", "[unk] stop [unk]", "stop stop stop", "the stop", "stop next", "back stop"]
)
def test_stop_acts_anywhere_in_an_utterance_and_once(text: str) -> None:
    beliefs = [*partial(text, LONG_ENOUGH + 20), (text, True)]
    assert commands(Judge(VOCABULARY, HOLDING), beliefs) == [C.STOP]


def test_a_second_stop_in_one_long_utterance_acts_again() -> None:
    """While the coach talks on, no final comes for many seconds."""
    beliefs = [*partial("stop the", 150), *partial("stop the stop", LONG_ENOUGH + 100)]
    found = decisions(Judge(VOCABULARY, HOLDING), beliefs)
    assert [d.command for d in found] == [C.STOP, C.STOP]
    assert found[1].at_s == pytest.approx(1.0 + 150 * BLOCK_S + RULE.persist_s)


@pytest.mark.parametrize(
    "text", ["stopping", "top", "spain", "painting", "helpful", "it", "hurtful", "numbing"]
)
def test_a_word_that_only_contains_a_safety_word_does_not_act(text: str) -> None:
    beliefs = [*partial(text, LONG_ENOUGH + 20), (text, True)]
    assert commands(Judge(VOCABULARY, HOLDING), beliefs) == [None]


def test_a_stop_that_does_not_persist_in_the_partials_does_not_act() -> None:
    """On other people's talk the raw partials showed "stop" ten times in 0.39 h."""
    flicker = (partial("stop", LONG_ENOUGH - 2) + partial("stock", 1)) * 5
    assert commands(Judge(VOCABULARY, HOLDING), flicker) == []


def test_a_short_stop_acts_at_its_final_at_the_latest() -> None:
    found = decisions(Judge(VOCABULARY, HOLDING), [*partial("stop", 3), ("stop", True)])
    assert [(d.command, d.stage) for d in found] == [(C.STOP, "final")]


def test_a_symptom_must_persist_longer_unless_another_safety_phrase_stands_beside_it() -> None:
    patient = round(RULE.symptom_persist_s / BLOCK_S) + 1
    assert commands(Judge(VOCABULARY, HOLDING), partial("dizzy", patient - 2)) == []
    assert commands(Judge(VOCABULARY, HOLDING), partial("dizzy", patient)) == [C.PAIN]
    assert commands(Judge(VOCABULARY, HOLDING), [*partial("numb", 3), ("numb", True)]) == [C.PAIN]
    assert commands(Judge(VOCABULARY, HOLDING), partial("stop numb", LONG_ENOUGH)) == [C.PAIN, C.STOP]
    both = decisions(Judge(VOCABULARY, HOLDING), partial("stop numb", LONG_ENOUGH))
    assert [d.stood_s for d in both] == [RULE.persist_s] * 2, (
        "both are placed where they first stood in the partials"
    )


def test_stop_has_no_refractory_time() -> None:
    judge = Judge(VOCABULARY, HOLDING)
    beliefs: list[Belief] = [("stop", True), ("stop", True), *partial("stop", LONG_ENOUGH), ("stop", True)]
    assert commands(judge, beliefs) == [C.STOP] * 3


def test_pain_comes_before_stop_when_both_were_said() -> None:
    """Pain leads into the safety stop; a "stop" before it would silence the question that follows."""
    beliefs = [*partial("stop it hurts", LONG_ENOUGH), ("stop it hurts", True)]
    assert commands(Judge(VOCABULARY, HOLDING), beliefs) == [C.PAIN, C.STOP]


def test_spot_as_a_whole_utterance_is_a_misrecognised_stop() -> None:
    assert all("spot" in grammar(state) for state in ListeningState)
    heard = [*partial("spot", LONG_ENOUGH + 20), ("spot", True)]
    assert [(d.command, d.text, d.stage) for d in decisions(Judge(VOCABULARY, HOLDING), heard)] == [
        (C.STOP, "stop", "final")
    ]
    assert commands(Judge(VOCABULARY, HOLDING), [*partial("stop", LONG_ENOUGH), ("spot", True)]) == [C.STOP]
    for talk in ("the spot", "spot [unk]", "spot on"):
        assert commands(Judge(VOCABULARY, HOLDING), [*partial(talk, LONG_ENOUGH), (talk, True)]) == [None]


def test_spot_without_near_end_speech_stops_nothing() -> None:
    heard = [*partial("spot", LONG_ENOUGH + 20), ("spot", True)]
    assert commands(Judge(VOCABULARY, HOLDING), heard, voices=Voices.COACH) == []


def test_hurts_and_it_hurts_are_the_same_phrase() -> None:
    beliefs = [*partial("hurts", 20), *partial("it hurts", 20), ("[unk] hurts", True)]
    found = decisions(Judge(VOCABULARY, HOLDING), beliefs)
    assert [(d.command, d.text, d.stage) for d in found] == [(C.PAIN, "it hurts", "partial")]
    assert commands(Judge(VOCABULARY, HOLDING), [("it hurts it hurts", True)]) == [C.PAIN]


def test_a_pain_that_follows_a_stop_in_the_same_utterance_acts() -> None:
    beliefs = [*partial("stop", LONG_ENOUGH), *partial("stop ouch", LONG_ENOUGH), ("stop ouch", True)]
    assert commands(Judge(VOCABULARY, HOLDING), beliefs) == [C.STOP, C.PAIN]


@pytest.mark.parametrize(
    ("state", "text", "command"),
    [
        (HOLDING, "next", C.NEXT),
        (HOLDING, "go on", C.RESUME),
        (HOLDING, "what can i say", C.OPTIONS),
        (HOLDING, "next next", None),
        (HOLDING, "the next", None),
        (HOLDING, "next to the door", None),
        (HOLDING, "yes", None),
        (HOLDING, "go", None),
        (QUESTION, "yes", C.YES),
        (QUESTION, "not sure", C.NOT_SURE),
        (QUESTION, "next", None),
        (QUESTION, "yes no", None),
        (NUMBER, "seven", C.SEVEN),
        (NUMBER, "seven seven", None),
    ],
)
def test_any_other_command_must_be_the_whole_utterance_and_of_the_present_state(
    state: ListeningState, text: str, command: C | None
) -> None:
    assert commands(Judge(VOCABULARY, state), [(text, True)]) == [command]


@pytest.mark.parametrize("text", ["[unk] next", "next [unk]", "[unk] next [unk] [unk]"])
def test_a_word_in_the_middle_of_unknown_talk_is_no_command(text: str) -> None:
    """Vosk gives [unk] for speech outside the grammar. "Whose turn is next week" must not skip a rest."""
    assert commands(Judge(VOCABULARY, HOLDING), [(text, True)]) == [None]


def test_any_other_command_acts_at_the_final_only() -> None:
    """A false "next" skips a rest: it waits for the end of the utterance."""
    assert commands(Judge(VOCABULARY, HOLDING), partial("next", 200)) == []


@pytest.mark.fault("a hum that is recognised as a word", "no command")
def test_a_word_that_lasts_seconds_is_a_hum_and_no_command() -> None:
    """The grammar forces a fan's hum into some word, which then lasts as long as the hum."""
    judge = Judge(VOCABULARY, NUMBER)
    assert judge.consider("one", True, 1.0, RULE.longest_word_s + 0.1) == []
    assert [d.command for d in judge.consider("one", True, 2.0, RULE.longest_word_s)] == [C.ONE]
    slowest_real_s, hum_s = 0.87, 1.08
    assert slowest_real_s < RULE.longest_word_s < hum_s


def test_a_drawn_out_stop_still_acts() -> None:
    assert [
        d.command for d in Judge(VOCABULARY, HOLDING).consider("stop", True, 1.0, RULE.longest_word_s + 1)
    ] == [C.STOP]


def test_silence_is_no_decision() -> None:
    assert commands(Judge(VOCABULARY, HOLDING), FINAL_SILENCE * 3) == []


@pytest.mark.parametrize(
    ("gap_s", "expected"),
    [(RULE.refractory_s - 0.1, [C.NEXT]), (RULE.refractory_s + 0.1, [C.NEXT, C.NEXT])],
)
def test_the_same_command_within_the_refractory_time_is_ignored(gap_s: float, expected: list[C]) -> None:
    judge = Judge(VOCABULARY, HOLDING)
    both = commands(judge, [("next", True)], 1.0) + commands(judge, [("next", True)], 1.0 + gap_s)
    assert both == expected


def test_a_different_command_within_the_refractory_time_acts() -> None:
    assert commands(Judge(VOCABULARY, HOLDING), [("next", True), ("back", True)]) == [C.NEXT, C.BACK]


@pytest.mark.fault("the coach's own voice says stop", "it does not stop")
def test_the_coachs_own_stop_does_not_stop_it() -> None:
    """ "Say stop at any moment" comes back through the microphone."""
    judge = Judge(VOCABULARY, HOLDING)
    judge.mask("stop", 2.0)
    beliefs = [*partial("say stop at any moment", 30), ("say stop at any moment", True)]
    assert commands(judge, beliefs, voices=Voices.COACH) == []


@pytest.mark.parametrize(
    ("voices", "masked", "sure"),
    [
        (Voices.USER, False, [True]),
        (Voices.BOTH, False, [True]),
        (Voices.COACH, False, [False]),
        (Voices.USER, True, [True]),
        (Voices.BOTH, True, [False]),
        (Voices.COACH, True, []),
    ],
)
def test_while_the_coach_sounds_a_stop_is_certain_only_with_near_end_speech(
    voices: Voices, masked: bool, sure: list[bool]
) -> None:
    judge = Judge(VOCABULARY, HOLDING)
    if masked:
        judge.mask("stop", 9.0)
    assert [d.sure for d in decisions(judge, partial("stop", LONG_ENOUGH), voices=voices)] == sure


def test_without_near_end_speech_a_phrase_that_did_not_persist_before_its_final_is_ignored() -> None:
    """In whole sessions of a silent user, this left 9 of 22 false hushes."""
    for word, long_enough in (("stop", LONG_ENOUGH), ("dizzy", round(RULE.symptom_persist_s / BLOCK_S) + 1)):
        at_once, stood = [(word, True)], [*partial(word, long_enough - 1), (word, True)]
        assert decisions(Judge(VOCABULARY, HOLDING), at_once, voices=Voices.COACH) == []
        assert [d.sure for d in decisions(Judge(VOCABULARY, HOLDING), stood, voices=Voices.COACH)] == [False]
        assert [d.sure for d in decisions(Judge(VOCABULARY, HOLDING), at_once, voices=Voices.BOTH)] == [True]


def test_next_without_near_end_speech_is_ignored() -> None:
    """A false "next" skips an exercise, so it is not even doubtful."""
    assert commands(Judge(VOCABULARY, HOLDING), [("next", True)], voices=Voices.COACH) == []
    assert commands(Judge(VOCABULARY, HOLDING), [("next", True)], voices=Voices.BOTH) == [C.NEXT]


def test_a_mask_makes_only_its_own_phrase_doubtful() -> None:
    judge = Judge(VOCABULARY, HOLDING)
    judge.mask("stop", 9.0)
    found = decisions(judge, [("stop ouch", True)], voices=Voices.BOTH)
    assert [(d.command, d.sure) for d in found] == [(C.PAIN, True), (C.STOP, False)]


def test_after_the_mask_a_new_stop_acts_and_the_masked_one_does_not() -> None:
    """The coach's word stays in the partials long after it was said."""
    judge = Judge(VOCABULARY, HOLDING)
    judge.mask("stop", 1.1)
    assert commands(judge, [*partial("stop", 60), ("stop", True)], voices=Voices.COACH) == []
    assert commands(judge, partial("stop", LONG_ENOUGH), 3.0) == [C.STOP]


def test_a_stop_soon_after_the_coachs_own_acts() -> None:
    """ "Say stop now." - "Stop!": the coach's word had gone from the partials, but no final came between."""
    judge = Judge(VOCABULARY, HOLDING)
    judge.mask("stop", 1.5)
    assert commands(judge, [*partial("stop", 5), *partial("", 60)], voices=Voices.COACH) == []
    assert commands(judge, partial("stop", LONG_ENOUGH), 2.4) == [C.STOP]


def test_a_second_stop_beside_the_coachs_own_acts() -> None:
    judge = Judge(VOCABULARY, HOLDING)
    judge.mask("stop", 1.5)
    assert commands(judge, partial("stop", 50), voices=Voices.COACH) == []
    assert commands(judge, partial("stop stop", LONG_ENOUGH), 2.0, Voices.BOTH) == [C.STOP]


def test_a_shorter_mask_does_not_end_a_longer_one() -> None:
    judge = Judge(VOCABULARY, HOLDING)
    judge.mask("stop", 5.0)
    judge.mask("stop", 1.5)
    assert commands(judge, [("stop", True)], 2.0, Voices.COACH) == []
