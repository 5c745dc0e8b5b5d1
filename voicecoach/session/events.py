"""What happens to a session. Every event carries the sample clock's time in milliseconds."""

from dataclasses import dataclass

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
    """voice, key or signal"""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A safety command was heard while the coach spoke; it may have been the coach's own echo."""

    at_ms: Milliseconds
    command: Command
    text: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Somebody spoke, but said nothing that the current grammar knows."""

    at_ms: Milliseconds
    text: str = ""


@dataclass(frozen=True, slots=True)
class Deaf:
    """No usable sound arrives from the microphone; `reason` is a sentence for the user."""

    at_ms: Milliseconds
    reason: str


@dataclass(frozen=True, slots=True)
class HearsAgain:
    at_ms: Milliseconds


@dataclass(frozen=True, slots=True)
class Quit:
    """The computer asks the session to end: a signal, or a closed terminal."""

    at_ms: Milliseconds
    reason: str


Event = Started | Tick | PromptDone | Heard | Doubtful | Unclear | Deaf | HearsAgain | Quit
