"""The recogniser's grammar in each state."""

from voicecoach.language.commands import LIVE, Command, ListeningState
from voicecoach.language.language import Vocabulary

FILLER = "[unk]"
"""What the recogniser writes for speech outside its grammar."""


def phrases(vocabulary: Vocabulary, state: ListeningState) -> dict[str, Command]:
    """The command for each phrase that is live in `state`; safety phrases first."""
    live = {phrase.text: phrase.command for phrase in vocabulary.safety}
    for command in LIVE[state]:
        live |= {phrase.text: command for phrase in vocabulary.phrases if phrase.command is command}
    return live


def grammar(vocabulary: Vocabulary, state: ListeningState) -> list[str]:
    """The recogniser's grammar in `state`: phrases, decoys and the filler."""
    live = phrases(vocabulary, state)
    barred = {*live, *(vocabulary.like_numbers if state is ListeningState.NUMBER else ())}
    return [*live, *(word for word in vocabulary.decoys if word not in barred), FILLER]


def all_words(vocabulary: Vocabulary) -> set[str]:
    """Every word that any grammar uses. The model must know each of them."""
    lists = (grammar(vocabulary, state) for state in ListeningState)
    return {word for phrases in lists for phrase in phrases for word in phrase.split()} - {FILLER}
