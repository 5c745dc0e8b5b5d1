"""What happens to a session. Every event carries the sample clock's time in milliseconds."""

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.language.commands import Command
from voicecoach.units import Milliseconds


@dataclass(frozen=True, slots=True)
class Started:
    """The audio stream is running; the session may speak."""

    at_ms: Milliseconds
    can_hear: bool = True


@dataclass(frozen=True, slots=True)
class Tick:
    """The stream has reached `at_ms`."""

    at_ms: Milliseconds


@dataclass(frozen=True, slots=True)
class PromptDone:
    """The last sample of prompt `prompt_id` was played at `at_ms`. Hushed prompts never report."""

    at_ms: Milliseconds
    prompt_id: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A command by voice or key."""

    at_ms: Milliseconds
    command: Command
    text: str
    source: str = "voice"
    """voice, key, page, send (another program) or clock"""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A safety command was heard while the coach spoke; it may have been the coach's own echo."""

    at_ms: Milliseconds
    command: Command
    text: str


@dataclass(frozen=True, slots=True)
class Misheard:
    """What was heard as `command` a moment ago was a sentence about something else."""

    at_ms: Milliseconds
    command: Command


@dataclass(frozen=True, slots=True)
class Unclear:
    """Somebody spoke, but said nothing that the current grammar knows."""

    at_ms: Milliseconds
    text: str = ""


class Trouble(StrEnum):
    """Why the coach cannot hear, or cannot be heard; each has a spoken line (`CoachLines.trouble`)."""

    INTERRUPTED = "interrupted"
    """neither direction is delivered; which of them fails is not known yet"""
    MICROPHONE_GONE = "microphone_gone"
    MICROPHONE_MUTED = "microphone_muted"
    MICROPHONE_ASLEEP = "microphone_asleep"
    """the sound system has suspended it"""
    MICROPHONE_INVALID = "microphone_invalid"
    """numbers come that are no sound"""
    MICROPHONE_MOVED = "microphone_moved"
    """the sound system has switched to another one"""
    OWN_SOUND = "own_sound"
    """the sound system gives back what the coach plays, in place of a microphone"""
    BUSY = "busy"
    """the computer is too busy: blocks are lost, or come or are understood too late"""
    EAR_STUCK = "ear_stuck"
    """the recogniser does not return"""
    EAR_FAILED = "ear_failed"
    SPEAKER_GONE = "speaker_gone"
    SPEAKER_MUTED = "speaker_muted"
    SPEAKER_ASLEEP = "speaker_asleep"
    SPEAKER_MOVED = "speaker_moved"
    NO_VOICE = "no_voice"
    """the synthesiser gave no sound for a line"""


@dataclass(frozen=True, slots=True)
class Deaf:
    """What is said to the coach cannot be understood now."""

    at_ms: Milliseconds
    reason: Trouble


@dataclass(frozen=True, slots=True)
class HearsAgain:
    at_ms: Milliseconds


@dataclass(frozen=True, slots=True)
class Mute:
    """What the coach says may not be heard now."""

    at_ms: Milliseconds
    reason: Trouble


@dataclass(frozen=True, slots=True)
class SpeaksAgain:
    at_ms: Milliseconds


@dataclass(frozen=True, slots=True)
class Quit:
    """The computer asks the session to end: a signal, or a closed terminal."""

    at_ms: Milliseconds
    reason: str


Event = (
    Started
    | Tick
    | PromptDone
    | Heard
    | Doubtful
    | Misheard
    | Unclear
    | Deaf
    | HearsAgain
    | Mute
    | SpeaksAgain
    | Quit
)
