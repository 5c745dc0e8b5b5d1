"""A language as a value: the phrases that are understood, and the lines that are spoken."""

from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach.care.protocol import Symptom
from voicecoach.language.commands import PAIN_COMMANDS, SAFETY_COMMANDS, Command, ListeningState
from voicecoach.language.lines import CareLines, CoachLines


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of saying a command."""

    text: str
    command: Command
    symptom: Symptom | None = None
    """what a report of pain tells beyond pain"""
    patient: bool = False
    """says how it feels: not as urgent as a cry, so it must stand longer before it is believed"""

    @property
    def is_safety(self) -> bool:
        return self.command in SAFETY_COMMANDS

    @property
    def is_pain(self) -> bool:
        return self.command in PAIN_COMMANDS


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What can be said, by voice and by key."""

    phrases: tuple[Phrase, ...]
    decoys: tuple[str, ...]
    """near words and common talk, so that speech outside the grammar has somewhere to go: Vosk forces
    whatever it hears onto the nearest word of the grammar, with confidence 1.0 (docs/audio.md)"""
    like_numbers: frozenset[str]
    """decoys that sound like a number: none of them where a number is the answer"""
    misheard: Mapping[str, str]
    """whole utterances that are a safety phrase misheard: nobody says them alone on the floor"""
    completed: Mapping[str, str]
    """words that stand for a phrase whose weak word is often not heard, nor said ("hurts": "it hurts")"""
    keys: Mapping[str, Command]
    keys_in: Mapping[ListeningState, Mapping[str, Command]]
    """keys that mean something else in one state"""

    @property
    def safety(self) -> tuple[Phrase, ...]:
        return tuple(p for p in self.phrases if p.is_safety)


@dataclass(frozen=True, slots=True)
class Language:
    id: str
    model_language: str
    """the language of the recognition models that know its words"""
    voice: str
    """the synthesiser's voice, unless the user has chosen another"""
    vocabulary: Vocabulary
    coach: CoachLines
    care: CareLines

    def question(self, key: str) -> tuple[str, ...]:
        """The sentences of a question; the last one opens it."""
        return self.coach.questions.get(key) or self.care.questions[key]

    def number(self, n: int) -> str:
        """`n` as a word, as far as the language counts; else as digits."""
        return self.coach.numbers[n] if 0 <= n < len(self.coach.numbers) else str(n)
