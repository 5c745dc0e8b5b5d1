"""The user's commands, and which of them are live in which state. The phrases for them are in a language."""

from enum import StrEnum


class Command(StrEnum):
    """What the user wants. The value is its name in packs and in every log."""

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
    """Which grammar applies: what a user could sensibly say at this moment."""

    HOLDING = "holding"  # an exercise, its instructions, or the rest after it
    PAUSED = "paused"  # stopped or paused: an explicit word is needed to continue
    QUESTION = "question"  # yes, no, not sure
    NUMBER = "number"  # zero to ten
    CHOICE = "choice"  # how to continue after a mild pain report


C = Command
NUMBERS = (C.ZERO, C.ONE, C.TWO, C.THREE, C.FOUR, C.FIVE, C.SIX, C.SEVEN, C.EIGHT, C.NINE, C.TEN)
PAIN_COMMANDS = frozenset({C.PAIN, C.HELP})
SAFETY_COMMANDS = PAIN_COMMANDS | {C.STOP}
"""Live in every state, and acted on anywhere in an utterance."""

_PLAYING = (
    C.NEXT,
    C.BACK,
    C.REPEAT,
    C.PAUSE,
    C.RESUME,
    C.READY,
    C.SLOWER,
    C.FASTER,
    C.LOUDER,
    C.QUIETER,
    C.TIME,
    C.OPTIONS,
    C.FINISH,
    C.SWITCH,
)
_BESIDE_A_QUESTION = (C.FINISH, C.REPEAT, C.SLOWER, C.LOUDER, C.QUIETER)

LIVE: dict[ListeningState, tuple[Command, ...]] = {
    ListeningState.HOLDING: _PLAYING,
    ListeningState.PAUSED: _PLAYING,
    ListeningState.QUESTION: (C.YES, C.NO, C.NOT_SURE, C.RESUME, *_BESIDE_A_QUESTION),
    ListeningState.NUMBER: (*NUMBERS, C.NOT_SURE, *_BESIDE_A_QUESTION),
    ListeningState.CHOICE: (*_BESIDE_A_QUESTION, C.EASE, C.NEXT, C.REST),
}
"""The commands of each state, apart from the safety commands."""
