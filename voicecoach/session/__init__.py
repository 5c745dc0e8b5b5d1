"""The pure heart: events in, commands out. Standard library only; no I/O, threads, clock or numpy."""

from voicecoach.session.commands import (
    LOCKING,
    Earcon,
    End,
    Hush,
    Listen,
    Note,
    Outcome,
    Play,
    Say,
    SessionCommand,
    Show,
    Volume,
)
from voicecoach.session.events import (
    Deaf,
    Doubtful,
    Event,
    Heard,
    HearsAgain,
    Milliseconds,
    PromptDone,
    Quit,
    Started,
    Tick,
    Unclear,
)
from voicecoach.session.machine import step
from voicecoach.session.program import Exercise, Program
from voicecoach.session.screening import Intake
from voicecoach.session.script import Wording
from voicecoach.session.state import Mode, Options, State, new_session
from voicecoach.session.vocabulary import Command, ListeningState

__all__ = [
    "LOCKING",
    "Command",
    "Deaf",
    "Doubtful",
    "Earcon",
    "End",
    "Event",
    "Exercise",
    "Heard",
    "HearsAgain",
    "Hush",
    "Intake",
    "Listen",
    "ListeningState",
    "Milliseconds",
    "Mode",
    "Note",
    "Options",
    "Outcome",
    "Play",
    "Program",
    "PromptDone",
    "Quit",
    "Say",
    "SessionCommand",
    "Show",
    "Started",
    "State",
    "Tick",
    "Unclear",
    "Volume",
    "Wording",
    "new_session",
    "step",
]
