"""What recognised text, or a key press, means in a state."""

import re

from voicecoach.language.commands import NUMBERS, Command, ListeningState
from voicecoach.language.grammar import phrases
from voicecoach.language.language import Phrase, Vocabulary


def meaning(vocabulary: Vocabulary, text: str, state: ListeningState) -> Command | None:
    """The command that an utterance means in `state`.

    A safety phrase counts anywhere in it. Any other phrase must be the whole utterance: "next" in the middle
    of talk, with the filler beside it, means nothing.
    """
    safety = safety_in(vocabulary, text)
    if safety is not None:
        return safety.command
    return phrases(vocabulary, state).get(text)


def safety_in(vocabulary: Vocabulary, text: str) -> Phrase | None:
    """The gravest safety phrase in `text`: pain comes before stop."""
    found = [phrase for phrase in vocabulary.safety if occurrences(phrase.text, text)]
    return min(found, key=lambda phrase: not phrase.is_pain, default=None)


def occurrences(phrase: str, text: str) -> int:
    """How often the words of `phrase` occur in `text`, one after the other."""
    padded = f" {text} ".replace(" ", "  ")
    return padded.count(f" {phrase.replace(' ', '  ')} ")


def plain(text: str) -> str:
    """`text` as the recogniser writes it: words in lower case and nothing else."""
    return " ".join("".join(c if c.isalpha() else " " for c in text.lower()).split())


def understood(vocabulary: Vocabulary, text: str, *, final: bool) -> str:
    """`text` as it was meant: weak words that were not heard are restored, and a final that is exactly a
    known mishearing of a safety phrase becomes that phrase."""
    if final and text in vocabulary.misheard:
        return vocabulary.misheard[text]
    for word, phrase in vocabulary.completed.items():
        text = re.sub(rf"(?<!\b{re.escape(phrase.removesuffix(word))})\b{re.escape(word)}\b", phrase, text)
    return text


def key_command(vocabulary: Vocabulary, key: str, state: ListeningState) -> Command:
    """What a key press means in `state`. A key is never ignored: an unknown one stops."""
    if state is ListeningState.NUMBER and key.isdecimal() and key.isascii() and len(key) == 1:
        return NUMBERS[int(key)]
    return vocabulary.keys_in.get(state, {}).get(key) or vocabulary.keys.get(key, Command.STOP)
