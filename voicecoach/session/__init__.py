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
from voicecoach.session.view import Clock, Live, Phase, View, clock, view

__all__ = [
    "Alarm",
    "Clock",
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
    "Live",
    "Misheard",
    "Mode",
    "Mute",
    "Options",
    "Order",
    "Output",
    "Phase",
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
    "View",
    "Volume",
    "Wording",
    "broken_off",
    "clock",
    "new_session",
    "step",
    "view",
]
