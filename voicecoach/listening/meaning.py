"""What a transcript means: an expected phrase, a sentence, or something that was perhaps said. Pure.

A recogniser's best guess at a sentence is often one word off ("stock it, please"), and the right one is then
among its next guesses. So each meaning gets the summed probability of the guesses that have it: a command is
believed although it is not the most probable, as to miss a "stop" is worse than to ask about one.

What a guess means is said by the language's templates, which are hardly ever wrong and know few wordings;
where they know none, by the classifier of intents.py, which has seen many and is now and then wrong.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from operator import itemgetter

from voicecoach.language import (
    FEWEST_WORDS,
    NUMBERS,
    SAFETY_COMMANDS,
    Command,
    Language,
    ListeningState,
    Understood,
    phrases,
    plain,
)
from voicecoach.listening.intents import NOTHING
from voicecoach.listening.policy import ANSWERS, SURE_LOG_PROBABILITY
from voicecoach.listening.transcriber import Transcript

SAFETY_LOG_PROBABILITY = -6.0
"""The most probable phrase is believed, if it is one of safety, from this log-probability on, natural
logarithm; chosen on a curve of misses against false alarms (docs/listening.md)."""
PHRASE_LOG_PROBABILITY = -5.0
"""The same for any other phrase ..."""
MARGIN = 1.5
"""... if it is so much more probable than any that means something else: "nine" was heard as "one"."""
WORD_LOG_PROBABILITY = -0.5
"""A single word that is no phrase counts from this log-probability on."""
SAFETY_SHARE, SHARE = 0.1, 0.2
"""A safety meaning, and any other one, is believed from this share of the guesses' probability on."""
ASKED = frozenset({ListeningState.QUESTION, ListeningState.NUMBER, ListeningState.CHOICE})
INTENT, ASKED_INTENT = 0.8, 0.5
"""The same where the classifier says what the guesses mean, and how probable that is; less where the coach
has asked: an answer is likely then. At 0.5 throughout, strangers on the telephone asked for help ("I need to
make a call.")."""
NOT_OURS = 0.8
"""So sure that a sentence is not for the coach, the classifier overrules a template; not one of safety."""
ALARM, NO_ALARM = 0.05, 0.95
"""With a safety intent as probable as the first, a sentence is not clearly about something else; as surely
not for the coach as the second, it is, even with an alarming word in it."""


def understood(transcript: Transcript, state: ListeningState, language: Language) -> Understood:
    """The expected phrase that it most probably is, or what the sentence means."""
    phrase = _phrase(transcript, state, language)
    if phrase is None:
        return _meaning(transcript, state, language)
    if phrase.command in SAFETY_COMMANDS or phrase.command in ANSWERS:
        return phrase
    meaning = _meaning(transcript, state, language)
    sentence = meaning.command is None and meaning.is_other
    return meaning if sentence and transcript.log_probability >= SURE_LOG_PROBABILITY else phrase


def _phrase(transcript: Transcript, state: ListeningState, language: Language) -> Understood | None:
    """The expected phrase that the whole utterance is, if that is probable enough."""
    live = phrases(language.vocabulary, state)
    found = {phrase: p for phrase, p in transcript.phrases.items() if phrase in live}
    if not found:
        return None
    said, log_probability = max(found.items(), key=itemgetter(1))
    command = live[said]
    if command in SAFETY_COMMANDS:
        near = language.sentences.rivals.get(said, ())
        least = [SAFETY_LOG_PROBABILITY, *(transcript.phrases.get(word, -math.inf) for word in near)]
    else:
        rivals = [p for phrase, p in found.items() if live[phrase] is not command]
        least = [PHRASE_LOG_PROBABILITY, *(p + MARGIN for p in rivals)]
        if command not in ANSWERS:
            least += _other_words(transcript, said, language)
    return Understood(command, said) if log_probability >= max(least) else None


def _other_words(transcript: Transcript, said: str, language: Language) -> list[float]:
    """How probable the guesses are that are other words that the language knows: "down", not "done"."""
    words = {*language.vocabulary.decoys, *(phrase.text for phrase in language.vocabulary.phrases)} - {said}
    return [guess.log_probability for guess in transcript.guesses if plain(guess.text) in words]


def _meaning(transcript: Transcript, state: ListeningState, language: Language) -> Understood:
    """What the words of the best guess mean, or else of the next ones."""
    if not transcript.text.isascii():  # the model writes Chinese for noise
        return Understood()
    if len(transcript.text.split()) == 1 and not _clear(transcript):
        return Understood()
    intents, enough = _intents(transcript, state, language), ASKED_INTENT if state in ASKED else INTENT
    best = language.sentences.understand(transcript.text, state)
    meaning = best if best.command else _perhaps(transcript, state, language) or best
    if meaning.command in SAFETY_COMMANDS or (meaning.command and intents[None] < NOT_OURS):
        return meaning
    return _probably(intents, enough, transcript, best, language)


def _clear(transcript: Transcript) -> bool:
    """Whether a single word is to be believed, though it is no phrase: "yes" was heard as "what"."""
    return not transcript.phrase and transcript.log_probability >= WORD_LOG_PROBABILITY


def _perhaps(transcript: Transcript, state: ListeningState, language: Language) -> Understood | None:
    """What guesses of two words or more mean that together are probable enough; safety first."""
    meanings: dict[Command, Understood] = {}
    shares: dict[Command, float] = defaultdict(float)
    total = sum(math.exp(guess.log_probability) for guess in transcript.guesses)
    for guess in transcript.guesses:
        if not guess.is_sentence:
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


def _probably(
    intents: Mapping[Command | None, float],
    enough: float,
    transcript: Transcript,
    best: Understood,
    language: Language,
) -> Understood:
    """What the classifier makes of the guesses if that is probable enough; safety first. `best`: what the
    templates make of the best one."""
    grave = {command: p for command, p in intents.items() if command and command in SAFETY_COMMANDS}
    alarm = sum(grave.values())
    if alarm >= enough:
        return _understood(max(grave, key=grave.__getitem__), transcript, language)
    rest = {command: p for command, p in intents.items() if command and command not in grave}
    likely = max(rest, key=rest.__getitem__, default=None)
    if likely and rest[likely] >= enough:
        return Understood(likely, likely.value)
    long = len(transcript.text.split()) >= FEWEST_WORDS
    return Understood(is_other=alarm < ALARM and (best.is_other or (long and intents[None] >= NO_ALARM)))


def _intents(
    transcript: Transcript, state: ListeningState, language: Language
) -> Mapping[Command | None, float]:
    """How probable each command of the state is, and None, of the guesses of two words or more together."""
    live = {command.value: command for command in phrases(language.vocabulary, state).values()}
    guesses = [guess for guess in transcript.guesses if guess.is_sentence]
    total = sum(math.exp(guess.log_probability) for guess in guesses)
    shares: dict[Command | None, float] = defaultdict(float)
    for guess in guesses:
        weight = math.exp(guess.log_probability) / total
        number = language.sentences.number(guess.text)
        for intent, probability in guess.intents.items():
            command = live.get(intent)
            if command or intent == NOTHING:
                shares[number if number and command in NUMBERS else command] += weight * probability
    return shares


def _understood(command: Command, transcript: Transcript, language: Language) -> Understood:
    """`command`, by the phrase for it that stands in the transcript, if one does: "numb"."""
    said = f" {plain(transcript.text)} "
    spoken = (p.text for p in language.vocabulary.safety if p.command is command and f" {p.text} " in said)
    return Understood(command, next(spoken, command.value))
