"""What other threads put into a session's inbox: keys, commands, and that the computer stood still."""

from dataclasses import dataclass

from voicecoach.language import Command


@dataclass(frozen=True, slots=True)
class Key:
    """A key press, from the keyboard's thread."""

    key: str
    hushed: Command | None = None
    """the command that it has already hushed the coach for"""


@dataclass(frozen=True, slots=True)
class Given:
    """A command, from a page or another program."""

    command: Command
    source: str
    asking: str | None = None
    """the question that it answers; it answers no other one"""


@dataclass(frozen=True, slots=True)
class StoodStill:
    """The computer was asleep, or this program was stopped."""

    for_s: float
