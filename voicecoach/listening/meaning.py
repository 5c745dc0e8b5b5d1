"""What a transcript means: an expected phrase, a sentence, or something that was perhaps said. Pure.

A recogniser's best guess at a sentence is often one word off ("stock it, please"), and the right one is then
among its next guesses. So each meaning gets the summed probability of the guesses that have it: a command is
believed although it is not the most probable, as to miss a "stop" is worse than to ask about one.
"""

import math
from collections import defaultdict

from voicecoach.language import (
    PAIN_COMMANDS,
    SAFETY_COMMANDS,
    Command,
    Language,
    ListeningState,
    Understood,
    phrases,
    plain,
)
from voicecoach.listening.policy import ANSWERS, SURE_LOG_PROBABILITY
from voicecoach.listening.transcriber import Transcript

STOP_LOG_PROBABILITY = -8.0
"""An utterance is "stop" if the second ear gives it at least this, natural logarithm; chosen on a curve of
misses against false alarms (docs/listening.md). A false "stop" costs a question, so it is the lowest."""
PAIN_LOG_PROBABILITY = ANSWER_LOG_PROBABILITY = -7.0
"""The same for pain and help, and for answers: at -8, one other word in a hundred was "help"."""
OTHER_LOG_PROBABILITY = -6.0
"""The same for any other phrase: at -7, noise was "again"."""
WORD_LOG_PROBABILITY = -0.5
"""A single word that is no phrase counts from this log-probability on."""
SAFETY_SHARE, SHARE = 0.1, 0.2
"""A safety meaning, and any other one, is believed from this share of the guesses' probability on."""


def understood(transcript: Transcript, state: ListeningState, language: Language) -> Understood:
    """The expected phrase that it most probably is, or what the sentence means."""
    command = phrases(language.vocabulary, state).get(transcript.phrase)
    if command is None or transcript.phrase_log_probability < _least(command):
        return _meaning(transcript, state, language)
    phrase = Understood(command, transcript.phrase)
    if command in SAFETY_COMMANDS or command in ANSWERS:
        return phrase
    meaning = _meaning(transcript, state, language)
    sentence = meaning.command is None and meaning.is_other
    return meaning if sentence and transcript.log_probability >= SURE_LOG_PROBABILITY else phrase


def _least(command: Command) -> float:
    if command is Command.STOP:
        return STOP_LOG_PROBABILITY
    if command in PAIN_COMMANDS:
        return PAIN_LOG_PROBABILITY
    return ANSWER_LOG_PROBABILITY if command in ANSWERS else OTHER_LOG_PROBABILITY


def _meaning(transcript: Transcript, state: ListeningState, language: Language) -> Understood:
    """What the words of the best guess mean, or else of the next ones."""
    live, said = phrases(language.vocabulary, state), plain(transcript.text)
    if not transcript.text.isascii():  # the model writes Chinese for noise
        return Understood()
    if said in live:
        return Understood(live[said], said)
    if len(transcript.text.split()) == 1 and not _clear(transcript):
        return Understood()
    best = language.sentences.understand(transcript.text, state)
    return best if best.command else _perhaps(transcript, state, language) or best


def _clear(transcript: Transcript) -> bool:
    """Whether a single word is to be believed, though it is no phrase: "yes" was heard as "what"."""
    return not transcript.phrase and transcript.log_probability >= WORD_LOG_PROBABILITY


def _perhaps(transcript: Transcript, state: ListeningState, language: Language) -> Understood | None:
    """What guesses of two words or more mean that together are probable enough; safety first."""
    meanings: dict[Command, Understood] = {}
    shares: dict[Command, float] = defaultdict(float)
    total = sum(math.exp(guess.log_probability) for guess in transcript.guesses)
    for guess in transcript.guesses:
        if len(guess.text.split()) < 2 or not guess.text.isascii():
            continue
        meaning = language.sentences.understand(guess.text, state)
        if meaning.command:
            meanings.setdefault(meaning.command, meaning)
            shares[meaning.command] += math.exp(guess.log_probability) / total
    grave = [command for command in meanings if command in SAFETY_COMMANDS]
    if sum(shares[command] for command in grave) >= SAFETY_SHARE:
        return meanings[max(grave, key=shares.__getitem__)]
    likely = max(meanings, key=shares.__getitem__, default=None)
    return meanings[likely] if likely and shares[likely] >= SHARE else None
