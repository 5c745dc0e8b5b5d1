"""The session engine: events in, orders and facts out.

Standard library only; no I/O, threads, clock or numpy.
"""

from voicecoach.session.events import (
    Deaf,
    Doubtful,
    Event,
    Heard,
    HearsAgain,
    Misheard,
    Mute,
    PromptDone,
    Quit,
    SpeaksAgain,
    Started,
    Tick,
    Trouble,
    Unclear,
)
from voicecoach.session.facts import Fact
from voicecoach.session.machine import step
from voicecoach.session.modes import Mode
from voicecoach.session.orders import Alarm, Earcon, End, Hush, Listen, Order, Play, Say, Show, Volume
from voicecoach.session.script import Wording
from voicecoach.session.state import Options, State, broken_off, new_session
from voicecoach.session.turn import Output

__all__ = [
    "Alarm",
    "Deaf",
    "Doubtful",
    "Earcon",
    "End",
    "Event",
    "Fact",
    "Heard",
    "HearsAgain",
    "Hush",
    "Listen",
    "Misheard",
    "Mode",
    "Mute",
    "Options",
    "Order",
    "Output",
    "Play",
    "PromptDone",
    "Quit",
    "Say",
    "Show",
    "SpeaksAgain",
    "Started",
    "State",
    "Tick",
    "Trouble",
    "Unclear",
    "Volume",
    "Wording",
    "broken_off",
    "new_session",
    "step",
]
