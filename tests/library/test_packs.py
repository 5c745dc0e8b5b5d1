"""A pack that names what does not exist, or leaves a line unsaid, is refused with its file and key."""

from pathlib import Path
from shutil import copytree

import pytest

from voicecoach.app import load_model
from voicecoach.care import Outcome
from voicecoach.library import Library, Own
from voicecoach.library.loader import PACKS
from voicecoach.listening import ModelError
from voicecoach.tables import InputError
from voicecoach.testing import ENGLISH, PHRASES

LOWER_BACK, ENGLISH_LINES = "lower_back/protocol.toml", "lower_back/en.toml"
COMMANDS, COACH = "en/commands.toml", "en/coach.toml"


@pytest.fixture
def own(tmp_path: Path) -> Own:
    """The user's own copy of both packs, which is found before ours."""
    packs = tmp_path / "packs"
    copytree(PACKS / "lower_back", packs / "lower_back")
    copytree(PACKS / "en", packs / "en")
    return Own(tmp_path / "programs", packs)


def changed(own: Own, file: str, old: str, new: str) -> None:
    path = own.packs / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_shipped_packs_say_every_line_and_name_nothing_unknown(own: Own) -> None:
    library = Library(own)
    assert library.exercises == Library().exercises
    assert set(library.language.care.advice) < set(Outcome)
    assert library.protocol == Library().protocol


BAD = {
    "unknown question in a step": (
        LOWER_BACK,
        'ask = "consulted"',
        'ask = "consultd"',
        "before[2].ask",
        "no question",
    ),
    "unknown question in a condition": (
        LOWER_BACK,
        '{ yes = ["leg_weakness"] }',
        '{ yes = ["leg_weaknes"] }',
        "red_flags[1].when[0]",
        "no question",
    ),
    "unknown outcome": (
        LOWER_BACK,
        'outcome = "locked"',
        'outcome = "closed"',
        "before[1].outcome",
        "must be one of",
    ),
    "outcome without advice": (
        LOWER_BACK,
        'outcome = "locked"',
        'outcome = "completed"',
        "before[1].outcome",
        "must be one of emergency",
    ),
    "unknown standing": (
        LOWER_BACK,
        'standing = ["locked"]',
        'standing = ["shut"]',
        "before[0]",
        "first_run, returning",
    ),
    "unknown symptom": (
        LOWER_BACK,
        'symptoms = ["dizziness"]',
        'symptoms = ["vertigo"]',
        "after_pain[0]",
        "dizziness",
    ),
    "step that does two things": (
        LOWER_BACK,
        'ask = "sharp"',
        'ask = "sharp"\nowed = true',
        "after_pain[13]",
        "exactly one",
    ),
    "a report left open": (LOWER_BACK, '[[after_pain]]\nask = "mild"', "", "after_pain", "must always hold"),
    "level that is no number": (
        LOWER_BACK,
        'level = "level"',
        'level = "spread"',
        "level",
        "answered with a number",
    ),
    "the engine's own question": (
        LOWER_BACK,
        "sharp = {}",
        "sharp = {}\nhurt = {}",
        "questions.hurt",
        "engine's own",
    ),
    "unknown key of a condition": (
        LOWER_BACK,
        "no = [",
        "not = [",
        "before[1].when[0].not",
        "not a key that belongs",
    ),
    "a red flag that depends on who it is": (
        LOWER_BACK,
        '{ yes = ["unwell"] }',
        '{ yes = ["unwell"], standing = ["locked"] }',
        "red_flags[1].when[2].standing",
        "can never hold here",
    ),
    "a symptom before there is a report": (
        LOWER_BACK,
        'when = [{ standing = ["returning"] }]',
        'when = [{ symptoms = ["dizziness"] }]',
        "before[28].when[0].symptoms",
        "can never hold here",
    ),
    "an answer that was given in the other conversation": (
        LOWER_BACK,
        "below = { level = 6 }",
        "below = { baseline = 6 }",
        "after_pain[13].when[0]",
        "no question 'baseline' here",
    ),
    "a question answered with a command": (
        LOWER_BACK,
        "sharp = {}",
        'sharp = { kind = "choice" }',
        "questions.sharp.kind",
        "only the engine's own",
    ),
    "a command without a key": (COMMANDS, 'e = "ease"\n', "", "keys", "no key for 'ease'"),
    "contraindication mistyped": (
        "lower_back/exercises/bridge.toml",
        '"fracture"',
        '"fractur"',
        "contraindications",
        "'fractur' is not a known condition",
    ),
    "a hold beyond the exercise's own limit": (
        "lower_back/exercises/bridge.toml",
        "hold_s = 5",
        "hold_s = 11",
        "dose.hold_s",
        "is longer than hold_max_s = 10",
    ),
    "a hold of more than two minutes": (
        "lower_back/exercises/bridge.toml",
        "hold_max_s = 10",
        "hold_max_s = 121",
        "dose.hold_max_s",
        "from 1 to 120",
    ),
    "an exercise without a way out of its position": (
        ENGLISH_LINES,
        """ease_out = [
    "Let your hips sink slowly to the floor.",
    "Rest, with both knees bent.",
    "Breathe slowly, and feel the floor beneath you.",
]""",
        "ease_out = []",
        "exercises.bridge.ease_out",
        "must have at least one line",
    ),
    "question without words": (ENGLISH_LINES, "sharp = [", "shrp = [", "questions.shrp", "is unknown"),
    "a question without a line": (
        ENGLISH_LINES,
        'sharp = ["Is the pain sharp, like a stab?"]',
        "sharp = []",
        "questions.sharp",
        "at least one line",
    ),
    "remark without words": (
        ENGLISH_LINES,
        "not_consulted = ",
        "consulted_not = ",
        "remarks.consulted_not",
        "unknown",
    ),
    "lines of no exercise": (
        ENGLISH_LINES,
        "[exercises.bridge]",
        "[exercises.brigde]",
        "exercises.brigde",
        "no file",
    ),
    "program without a name": (
        ENGLISH_LINES,
        '[programs.desk]\nname = "Desk"',
        "[programs.desk]",
        "programs",
        "name",
    ),
    "a side without its line": (
        ENGLISH_LINES,
        'sides = ["Left leg and right arm first.", ',
        "sides = [",
        "exercises.bird_dog.sides",
        "1 lines for 2",
    ),
    "a placeholder nothing fills": (
        ENGLISH_LINES,
        "Call {number} now",
        "Call {numbr} now",
        "advice.emergency",
        "{numbr}",
    ),
    "a brace too many": (COACH, "Next: {name}.", "Next: {name.", "next_exercise", "brace"),
    "a placeholder as wide as memory": (
        COACH,
        "Next: {name}.",
        "Next: {name:>999999999}.",
        "next_exercise",
        "{name}",
    ),
    "a placeholder of a number": (COACH, "Next: {name}.", "Next: {name:d}.", "next_exercise", "{name}"),
    "an attribute of a placeholder": (
        COACH,
        "Next: {name}.",
        "Next: {name.real}.",
        "next_exercise",
        "{name.real}",
    ),
    "a question of the engine's without a line": (
        COACH,
        'hurt = ["Are you in pain, or unwell?"]',
        "hurt = []",
        "questions.hurt",
        "at least one line",
    ),
    "nothing to say when deaf": (
        COACH,
        'deaf = ["I cannot hear you. Let go, and rest.", "Please check the microphone, or use the keys."]',
        "deaf = []",
        "deaf",
        "at least one line",
    ),
    "a coach's line missing": (COACH, 'resumed = "Let us go on."', "", "the file", "resumed is missing"),
    "a coach's line nobody says": (COACH, "resumed = ", "resmed = ", "resmed", "not a key that belongs here"),
    "too few numbers": (COACH, '"nineteen", "twenty"', '"nineteen"', "numbers", "must go from 0 to 20"),
    "unknown command": (COMMANDS, 'repeat = ["', 'repaet = ["', "phrases", "'repaet' must be one of"),
    "a command nobody can say": (
        COMMANDS,
        'switch = ["other side"]',
        "",
        "phrases.switch",
        "nobody could say it",
    ),
    "a command with no phrase": (
        COMMANDS,
        'switch = ["other side"]',
        "switch = []",
        "phrases.switch",
        "nobody could say it",
    ),
    "a control character for a word": (
        COMMANDS,
        'spot = "stop"',
        '"\\u001b" = "halt"',
        "misheard",
        "not a safety",
    ),
    "a safety phrase that is none": (
        COMMANDS,
        '{ text = "ouch", command = "pain" }',
        '{ text = "ouch", command = "next" }',
        "safety",
        "'next' is not a safety command",
    ),
    "misheard as nothing": (COMMANDS, 'spot = "stop"', 'spot = "stopp"', "misheard.spot", "not a safety"),
    "a key with no meaning": (COMMANDS, 't = "time"', 't = "tea"', "keys", "'tea' must be one of"),
}


@pytest.mark.parametrize("case", sorted(BAD))
@pytest.mark.fault("a pack with a mistake", "refused with file, key and reason")
def test_a_bad_pack_is_refused_with_file_key_and_reason(own: Own, case: str) -> None:
    file, old, new, key, reason = BAD[case]
    changed(own, file, old, new)
    with pytest.raises(InputError) as refusal:
        Library(own)
    message = str(refusal.value)
    assert file in message
    assert key in message
    assert reason in message
    assert message.isprintable()


@pytest.mark.parametrize(("left", "reason"), [("", "is missing"), ("= []", "must have at least one line")])
@pytest.mark.parametrize("advice", ["emergency", "locked", '"no answer"'])
def test_an_outcome_without_its_advice_is_refused(own: Own, advice: str, left: str, reason: str) -> None:
    """In an emergency there is something to say, in every language."""
    path = own.packs / ENGLISH_LINES
    text = path.read_text("utf-8")
    begin = text.index(f"\n{advice} = [")
    kept = f"\n{advice} {left}\n" if left else ""
    path.write_text(text[:begin] + kept + text[text.index("\n]", begin) + 2 :], "utf-8")
    with pytest.raises(InputError, match=rf"en\.toml: advice\.{advice.strip(chr(34))}: {reason}"):
        Library(own)


def test_a_care_pack_that_does_not_speak_the_language_says_so(own: Own) -> None:
    (own.packs / ENGLISH_LINES).unlink()
    with pytest.raises(InputError, match="has no language 'en'"):
        Library(own)


@pytest.mark.parametrize(("care", "language"), [("knee", "en"), ("lower_back", "fr")])
def test_a_pack_that_does_not_exist_names_those_that_do(care: str, language: str) -> None:
    with pytest.raises(InputError, match=r"There is no .*; found: "):
        Library(None, care, language)


@pytest.mark.fault("a command's word that the model does not know", "refused with the word")
def test_a_word_that_the_model_does_not_know_is_refused_with_the_word(own: Own) -> None:
    """Vosk would only print a line, and never recognise it."""
    changed(own, COMMANDS, '"previous"', '"xylophonist"')
    with pytest.raises(ModelError, match="xylophonist"):
        load_model(Library(own).language)


@pytest.mark.fault("a model of another language", "refused")
def test_a_model_of_another_language_is_refused(own: Own) -> None:
    changed(own, COMMANDS, 'model_language = "en"', 'model_language = "de"')
    with pytest.raises(ModelError, match="knows 'en', but the language 'en' needs a model for 'de'"):
        load_model(Library(own).language)


def test_the_phrases_of_a_state_are_those_of_its_commands() -> None:
    assert {p.text for p in ENGLISH.vocabulary.phrases} == {
        text for live in PHRASES.values() for text in live
    }
