"""What happens to a session. Every event carries the sample clock's time in milliseconds."""

from dataclasses import dataclass

from voicecoach.language.commands import Command
from voicecoach.units import Milliseconds


@dataclass(frozen=True, slots=True)
class Started:
    """The stream runs; the session may speak."""

    at_ms: Milliseconds
    can_hear: bool = True


@dataclass(frozen=True, slots=True)
class Tick:
    """The stream has reached `at_ms`."""

    at_ms: Milliseconds


@dataclass(frozen=True, slots=True)
class PromptDone:
    """The last sample of prompt `prompt_id` left at `at_ms`. Hushed prompts never report."""

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
    """A safety command was heard while the coach spoke, and perhaps it was the coach's own voice."""

    at_ms: Milliseconds
    command: Command
    text: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Somebody answered a question and no word of its grammar was found."""

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
    """The computer asks us to leave: a signal, a closed terminal."""

    at_ms: Milliseconds
    reason: str


Event = Started | Tick | PromptDone | Heard | Doubtful | Unclear | Deaf | HearsAgain | Quit
