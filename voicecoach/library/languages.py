"""Loads a language: packs/LANGUAGE/commands.toml and coach.toml, and the lines of a care pack."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

from msgspec import Meta

from voicecoach.care.outcome import ADVISED
from voicecoach.care.protocol import Protocol
from voicecoach.language.commands import LIVE, NUMBERS, SAFETY_COMMANDS, Command, ListeningState
from voicecoach.language.language import Phrase, Vocabulary
from voicecoach.language.lines import CareLines, CoachLines
from voicecoach.language.sentences import Sentences, TemplateError
from voicecoach.session.events import Trouble
from voicecoach.session.questions import OWN_QUESTIONS
from voicecoach.tables import convert, read, read_table, refused

_MOST_COUNTED = 20
"""The most repetitions or breaths: every number up to it needs a word."""


@dataclass(frozen=True, slots=True)
class CommandsFile:
    """packs/LANGUAGE/commands.toml"""

    model_language: str
    voices: Annotated[tuple[str, ...], Meta(min_length=1)]
    safety: tuple[Phrase, ...]
    phrases: Mapping[Command, tuple[str, ...]]
    keys: Mapping[str, Command]
    decoys: tuple[str, ...] = ()
    like_numbers: frozenset[str] = frozenset()
    misheard: Mapping[str, str] = field(default_factory=dict)
    completed: Mapping[str, str] = field(default_factory=dict)
    keys_in: Mapping[ListeningState, Mapping[str, Command]] = field(default_factory=dict)

    @property
    def vocabulary(self) -> Vocabulary:
        others = (Phrase(text, command) for command, texts in self.phrases.items() for text in texts)
        return Vocabulary(
            (*self.safety, *others),
            self.decoys,
            self.like_numbers,
            self.misheard,
            self.completed,
            self.keys,
            self.keys_in,
        )


def load_commands(path: Path) -> CommandsFile:
    """Raises InputError, naming file and key, also if a command has no phrase or no key."""
    commands = read(path, CommandsFile)
    for phrase in commands.safety:
        if phrase.command not in SAFETY_COMMANDS:
            raise refused(path, "safety", f"{phrase.command.value!r} is not a safety command")
    said = {phrase.command for phrase in commands.safety}
    said |= {command for command, texts in commands.phrases.items() if texts}
    live = SAFETY_COMMANDS | {command for state in LIVE.values() for command in state}
    for command in sorted(live - said):
        raise refused(path, f"phrases.{command.value}", "is missing: nobody could say it")
    keys = {*commands.keys.values()} | {c for keys in commands.keys_in.values() for c in keys.values()}
    for command in sorted(live - keys - {*NUMBERS}):  # digits answer a number
        raise refused(path, "keys", f"there is no key for {command.value!r}")
    texts = {phrase.text for phrase in commands.safety}
    for table, meant in (("misheard", commands.misheard), ("completed", commands.completed)):
        for word, phrase_text in meant.items():
            if phrase_text not in texts:
                raise refused(path, f"{table}.{word}", f"{phrase_text!r} is not a safety phrase")
    return commands


@dataclass(frozen=True, slots=True)
class SentencesFile:
    """packs/LANGUAGE/sentences.toml"""

    safety: Mapping[str, tuple[str, ...]]
    commands: Mapping[Command, tuple[str, ...]]
    safety_cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cues: Mapping[Command, tuple[str, ...]] = field(default_factory=dict)
    glue: frozenset[str] = frozenset()
    fillers: tuple[str, ...] = ()
    around_numbers: tuple[str, ...] = ()
    not_numbers: tuple[str, ...] = ()
    alarming: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    rivals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    contractions: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def load_sentences(path: Path, vocabulary: Vocabulary, numbers: tuple[str, ...], shipped: bool) -> Sentences:
    """Without such a file, a language has no sentences. Raises InputError, naming file and key."""
    if not path.exists():
        return Sentences()
    found = read(path, SentencesFile)
    phrases = {phrase.text: phrase.command for phrase in vocabulary.safety}
    keyed = {"safety": found.safety, "safety_cues": found.safety_cues, "rivals": found.rivals}
    for table, texts in keyed.items():
        if unknown := min(texts.keys() - phrases.keys(), default=""):
            raise refused(path, f"{table}.{unknown}", "is not a safety phrase of commands.toml")
    sentences = Sentences(
        phrases=phrases, numbers=numbers, **{f.name: getattr(found, f.name) for f in fields(found)}
    )
    if not shipped:  # it takes 0.2 s; a test checks the shipped ones
        try:
            sentences.check()
        except TemplateError as error:
            raise refused(path, "a template", str(error)) from error
    return sentences


def load_coach_lines(path: Path) -> CoachLines:
    """Raises InputError, naming file and key."""
    table = read_table(path)
    coach = convert(path, table, CoachLines)
    if len(coach.numbers) <= _MOST_COUNTED:
        raise refused(
            path, "numbers", f"has {len(coach.numbers)} words, but must go from 0 to {_MOST_COUNTED}"
        )
    _same_keys(path, "questions", coach.questions, OWN_QUESTIONS)
    _same_keys(path, "trouble", coach.trouble, Trouble)
    _check_lines(path, table, _COACH_PLACEHOLDERS)
    return coach


def load_care_lines(path: Path, table: dict[str, Any], protocol: Protocol) -> CareLines:
    """`table`: the file's table without `exercises` and `programs`. Raises InputError."""
    care = convert(path, table, CareLines)
    _same_keys(path, "questions", care.questions, protocol.questions)
    _same_keys(path, "advice", care.advice, ADVISED)
    _same_keys(path, "remarks", care.remarks, {remark.key for remark in protocol.remarks})
    advised = {f"advice.{outcome.value}": {"number"} for outcome in ADVISED}
    asked = {f"questions.{key}": {"number", "hurt", "again"} for key in protocol.questions}
    _check_lines(path, table, advised | asked)
    return care


_COACH_PLACEHOLDERS: dict[str, set[str]] = {
    "listed": {"first", "last"},
    "needs": {"things"},
    "left_out": {"name"},
    "instead": {"name"},
    "exercises_done": {"done", "n"},
    "duration": {"n"},
    "remaining": {"n"},
    "which_exercise": {"n", "total"},
    "repetition": {"n"},
    "next_exercise": {"name"},
    "hold": {"n"},
    "timed": {"n"},
    "breaths": {"n"},
    "rounds": {"n"},
    "dose": {"what"},
    "dose_rounds": {"what", "rounds"},
}


def _check_lines(
    path: Path, table: Mapping[str, Any], allowed: Mapping[str, set[str]], prefix: str = ""
) -> None:
    """Refuse a list without a line, which the coach would wait for, and any placeholder never filled."""
    for name, value in table.items():
        key = f"{prefix}{name}"
        texts = value if isinstance(value, list) else [value]
        if not texts:
            raise refused(path, key, "must have at least one line")
        known = next(
            (a for start, a in allowed.items() if key == start or key.startswith(f"{start}.")), set()
        )
        for text in texts:
            if isinstance(text, dict):
                _check_lines(path, text, allowed, f"{key}.")
            elif isinstance(text, str) and (unknown := _fields(path, key, text) - known):
                raise refused(path, key, f"nothing can replace the placeholder {{{min(unknown)}}}")


def _fields(path: Path, key: str, text: str) -> set[str]:
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError as error:
        raise refused(path, key, f"has an unmatched brace ({error})") from error
    for _, name, width, conversion in parts:
        if width or conversion:
            raise refused(path, key, f"the placeholder {{{name}}} must be nothing but a name in braces")
    return {str(name) for _, name, _, _ in parts}


def _same_keys(path: Path, table: str, found: Any, needed: Any) -> None:
    for key in sorted(set(found) - set(needed)):
        raise refused(path, f"{table}.{key}", f"is unknown; the known keys are {', '.join(sorted(needed))}")
    for key in sorted(set(needed) - set(found)):
        raise refused(path, f"{table}.{key}", "is missing")
