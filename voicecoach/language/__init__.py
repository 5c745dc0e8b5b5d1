"""What the user can say and the coach can speak: commands, phrases, grammars and lines, as plain values."""

from voicecoach.language.commands import (
    NUMBERS,
    PAIN_COMMANDS,
    SAFETY_COMMANDS,
    Command,
    ListeningState,
)
from voicecoach.language.grammar import all_words, grammar, phrases
from voicecoach.language.language import Language, Phrase, Vocabulary
from voicecoach.language.meaning import key_command, meaning, occurrences, plain, safety_in, understood
from voicecoach.language.sentences import FEWEST_WORDS, Sentences, TemplateError, Understood

__all__ = [
    "FEWEST_WORDS",
    "NUMBERS",
    "PAIN_COMMANDS",
    "SAFETY_COMMANDS",
    "Command",
    "Language",
    "ListeningState",
    "Phrase",
    "Sentences",
    "TemplateError",
    "Understood",
    "Vocabulary",
    "all_words",
    "grammar",
    "key_command",
    "meaning",
    "occurrences",
    "phrases",
    "plain",
    "safety_in",
    "understood",
]
