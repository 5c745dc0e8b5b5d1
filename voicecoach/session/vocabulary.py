"""What the user may say, and in which state each word is live.

One table of phrases serves the recogniser (which words to expect), the judge (what a text means),
the prompt lint (what the coach must not say) and the screen (what to show as keys).
"""

import re
from enum import StrEnum


class Command(StrEnum):
    """A meaning; its value is the word a user would say first, and its name in every log."""

    STOP = "stop"
    PAIN = "pain"
    HELP = "help"
    NEXT = "next"
    BACK = "back"
    REPEAT = "repeat"
    PAUSE = "pause"
    RESUME = "resume"
    READY = "ready"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    QUIETER = "quieter"
    TIME = "time"
    OPTIONS = "options"
    FINISH = "finish"
    SWITCH = "switch"
    REST = "rest"
    EASE = "ease"
    YES = "yes"
    NO = "no"
    NOT_SURE = "not sure"
    ZERO = "zero"
    ONE = "one"
    TWO = "two"
    THREE = "three"
    FOUR = "four"
    FIVE = "five"
    SIX = "six"
    SEVEN = "seven"
    EIGHT = "eight"
    NINE = "nine"
    TEN = "ten"


class ListeningState(StrEnum):
    """Which grammar applies: what a sensible person could say just now."""

    HOLDING = "holding"  # an exercise, its instructions, or the rest after it
    PAUSED = "paused"  # stopped or paused: going on needs an explicit word
    QUESTION = "question"  # yes, no, not sure
    NUMBER = "number"  # zero to ten
    CHOICE = "choice"  # after a mild pain report


C = Command
NUMBERS = (C.ZERO, C.ONE, C.TWO, C.THREE, C.FOUR, C.FIVE, C.SIX, C.SEVEN, C.EIGHT, C.NINE, C.TEN)

SAFETY = {
    "stop": C.STOP,
    "pain": C.PAIN,
    "it hurts": C.PAIN,
    "ouch": C.PAIN,
    "dizzy": C.PAIN,
    "numb": C.PAIN,
    "tingling": C.PAIN,
    "help": C.HELP,
}
"""Live in every state; acted on wherever they stand in an utterance."""

SYMPTOMS = frozenset({"it hurts", "dizzy", "numb", "tingling"})
"""Reports that say how it feels: not as urgent as the cries, and so heard more patiently."""

PAIN_COMMANDS = frozenset({C.PAIN, C.HELP})
SAFETY_COMMANDS = frozenset(SAFETY.values())

_MOVING_ON = {
    "next": C.NEXT,
    "skip": C.NEXT,
    "back": C.BACK,
    "previous": C.BACK,
    "repeat": C.REPEAT,
    "again": C.REPEAT,
    "pause": C.PAUSE,
    "wait": C.PAUSE,
    "resume": C.RESUME,
    "continue": C.RESUME,
    "go on": C.RESUME,
    "ready": C.READY,
    "done": C.READY,
    "slower": C.SLOWER,
    "faster": C.FASTER,
    "louder": C.LOUDER,
    "quieter": C.QUIETER,
    "how long": C.TIME,
    "time": C.TIME,
    "what can i say": C.OPTIONS,
    "end session": C.FINISH,
    "finish": C.FINISH,
    "other side": C.SWITCH,
}
_LEAVING = {"finish": C.FINISH, "end session": C.FINISH}
_REPEATING = {"repeat": C.REPEAT, "again": C.REPEAT}
_LOUDNESS = {p: c for p, c in _MOVING_ON.items() if c in (C.LOUDER, C.QUIETER, C.SLOWER)}
_ANSWERS = {"yes": C.YES, "no": C.NO, "not sure": C.NOT_SURE}
_GOING_ON = {"resume": C.RESUME, "continue": C.RESUME, "go on": C.RESUME}

PHRASES: dict[ListeningState, dict[str, Command]] = {
    ListeningState.HOLDING: SAFETY | _MOVING_ON,
    ListeningState.PAUSED: SAFETY | _MOVING_ON,
    ListeningState.QUESTION: SAFETY | _ANSWERS | _GOING_ON | _LEAVING | _REPEATING | _LOUDNESS,
    ListeningState.NUMBER: SAFETY
    | {str(n): n for n in NUMBERS}
    | {"not sure": C.NOT_SURE}
    | _LEAVING
    | _REPEATING
    | _LOUDNESS,
    ListeningState.CHOICE: SAFETY
    | _LEAVING
    | _REPEATING
    | _LOUDNESS
    | {"ease off": C.EASE, "easier": C.EASE, "skip": C.NEXT, "next": C.NEXT, "rest": C.REST},
}

DECOYS = tuple(
    """start stock top shop spot stay step store up stuff paint pan pen pin rain plane plain came
    text neck nest six pose cause put hope head well hot but a the and you it in is that was
    i of to on off for he she we what with have this are they at be from go left right down""".split()
)
"""Near words and common talk, so that speech outside the grammar has somewhere to go: Vosk forces
whatever it hears onto the nearest word of the grammar, with confidence 1.0 (measured)."""


_LIKE_NUMBERS = frozenset({"to", "for", "i", "on"})
"""Decoys that sound like a number ("two", "four", "five", "one"): none where numbers are the answer."""


def grammar(state: ListeningState) -> list[str]:
    """Phrases, decoys and the filler that the recogniser expects in `state`."""
    phrases = PHRASES[state]
    barred = {*phrases, *(_LIKE_NUMBERS if state is ListeningState.NUMBER else ())}
    return [*phrases, *(word for word in DECOYS if word not in barred), "[unk]"]


def all_words() -> set[str]:
    """Every single word some grammar uses: each must exist in the model."""
    return {word for state in ListeningState for phrase in grammar(state) for word in phrase.split()} - {
        "[unk]"
    }


def meaning(text: str, state: ListeningState) -> Command | None:
    """The command a whole utterance means in `state`.

    Safety words count wherever they stand ("contains"); everything else must be the utterance: "next"
    inside talk, where the filler [unk] stands beside it, means nothing.
    """
    words = text.split()
    safety = safety_in(words)
    if safety is not None:
        return SAFETY[safety]
    return PHRASES[state].get(" ".join(words))


_MISHEARD = {"spot": "stop"}
"""Whole utterances that are a safety word misheard: nobody says them alone on the floor. One of 41 real
"stop"s, its burst lost, is heard so; of 1,145 clips of other words and 0.48 h of talk nothing (bench)."""


def understood(text: str, *, final: bool) -> str:
    """`text` as it was meant: "it" is given back to a "hurts" that lacks it, as so weak a word is often not
    heard, nor said; and a final that is a safety word misheard, and nothing else, is that word."""
    if final and text in _MISHEARD:
        return _MISHEARD[text]
    return re.sub(r"(?<!\bit )\bhurts\b", "it hurts", text)


def safety_in(words: list[str]) -> str | None:
    """The gravest safety phrase among `words`: a kind of pain before stop."""
    joined = f" {' '.join(words)} "
    found = [phrase for phrase in SAFETY if f" {phrase} " in joined]
    return min(found, key=lambda phrase: SAFETY[phrase] is C.STOP, default=None)


KEYS: dict[str, Command] = {
    " ": C.PAUSE,
    "n": C.NEXT,
    "b": C.BACK,
    "r": C.REPEAT,
    "c": C.RESUME,
    "p": C.PAIN,
    "h": C.HELP,
    "s": C.STOP,
    "\x1b": C.STOP,
    "\r": C.READY,
    "\n": C.READY,
    "-": C.SLOWER,
    "+": C.FASTER,
    ">": C.LOUDER,
    "<": C.QUIETER,
    "t": C.TIME,
    "?": C.OPTIONS,
    "q": C.FINISH,
    "o": C.SWITCH,
    "e": C.EASE,
    "y": C.YES,
    "u": C.NOT_SURE,
}
"""Keyboard parity. Digits answer a number question ("x" is ten); any key not listed stops."""


def key_command(key: str, state: ListeningState) -> Command:
    """What a key press means in `state`. A key is never ignored: an unknown one stops.

    "n" answers no to a question and means next elsewhere; space resumes when paused.
    """
    if state is ListeningState.NUMBER:
        if key.isdecimal() and key.isascii() and len(key) == 1:
            return NUMBERS[int(key)]
        if key == "x":
            return C.TEN
    if state is ListeningState.QUESTION and key == "n":
        return C.NO
    if state is ListeningState.PAUSED and key == " ":
        return C.RESUME
    if state is ListeningState.CHOICE and key == " ":
        return C.REST
    return KEYS.get(key, C.STOP)
