"""A safety word is taken back: the second ear has heard that it was a sentence about something else.

Only what the word itself began can be undone. Once anything else was heard or answered, the safety stop goes
on (docs/safety.md).
"""

from dataclasses import replace

from voicecoach.language.commands import SAFETY_COMMANDS, Command
from voicecoach.session.facts import TakenBack
from voicecoach.session.modes import Mode
from voicecoach.session.navigation import resume
from voicecoach.session.state import State
from voicecoach.session.turn import Turn

_BEGUN = (Mode.SAFETY, Mode.STOPPED, Mode.STAYING, Mode.CLOSING, Mode.ENDED)


def remember(turn: Turn, before: State, command: Command, source: str) -> None:
    """A command was heard in the state `before`: keep that if it can still be undone."""
    undoable = source == "voice" and command in SAFETY_COMMANDS and before.mode not in _BEGUN
    turn.set(before=(command, replace(before, before=None)) if undoable else None)


def take_back(turn: Turn, command: Command) -> None:
    """Say so, and go on as before the word: a hold begins anew, after time to get ready."""
    if turn.state.before is None or turn.state.before[0] is not command:
        return
    before = turn.state.before[1]
    turn.hush()
    turn.record(TakenBack(command))
    turn.set(
        before=None,
        report=before.report,
        report_answers=before.report_answers,
        over=before.over,
        due=before.due,
    )
    if before.mode is Mode.PAUSED:
        turn.set(mode=Mode.PAUSED)
        turn.say_then((turn.coach.misheard,))
    else:
        resume(turn, turn.coach.misheard)
