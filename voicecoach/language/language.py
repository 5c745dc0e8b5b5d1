"""A language as a value: the phrases it understands and the lines the coach speaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voicecoach.care.protocol import Symptom
from voicecoach.language.commands import PAIN_COMMANDS, SAFETY_COMMANDS, Command, ListeningState
from voicecoach.language.lines import CareLines, CoachLines
from voicecoach.language.sentences import Sentences


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of saying a command."""

    text: str
    command: Command
    symptom: Symptom | None = None
    """a symptom it reports besides pain"""
    patient: bool = False
    """True if it describes a feeling: less urgent than a cry, so it must persist longer in the partials"""

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
    """similar words and common talk. Vosk forces whatever it hears onto the nearest word of the grammar, with
    confidence 1.0 (docs/audio.md); decoys catch speech that is no command"""
    like_numbers: frozenset[str]
    """decoys that sound like a number; left out where the answer is a number"""
    misheard: Mapping[str, str]
    """whole utterances that are a misheard safety phrase: in an exercise nobody says them on their own"""
    completed: Mapping[str, str]
    """words that stand for a whole phrase, because its weak word is often not heard or not said
    ("hurts": "it hurts")"""
    keys: Mapping[str, Command]
    keys_in: Mapping[ListeningState, Mapping[str, Command]]
    """keys that have another meaning in one state"""

    @property
    def safety(self) -> tuple[Phrase, ...]:
        return tuple(p for p in self.phrases if p.is_safety)


@dataclass(frozen=True, slots=True)
class Language:
    id: str
    model_language: str
    """the language that a recognition model must have to know its words"""
    voices: tuple[str, ...]
    """the coach's voice, and those to fall back on, unless the user chose another"""
    vocabulary: Vocabulary
    coach: CoachLines
    care: CareLines
    sentences: Sentences = field(default_factory=Sentences)
    """what people say in their own words; empty where nobody has written it down"""

    def question(self, key: str) -> tuple[str, ...]:
        """The sentences of a question; after the last one, an answer counts."""
        return self.coach.questions.get(key) or self.care.questions[key]

    def number(self, n: int) -> str:
        """`n` as a word if the language has one, otherwise in digits."""
        return self.coach.numbers[n] if 0 <= n < len(self.coach.numbers) else str(n)
