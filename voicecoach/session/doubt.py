"""A word that perhaps was the coach's own voice: hush at once, listen, and ask only if it stays unclear.

The hush costs a sentence; a stop that was missed, or a question for every echo, would cost more.
"""

from voicecoach.language.commands import Command
from voicecoach.session.facts import Doubted
from voicecoach.session.modes import Mode
from voicecoach.session.navigation import pause, resume, step_aside
from voicecoach.session.questions import DOUBT, HURT
from voicecoach.session.safety import ask_question, keep_place
from voicecoach.session.script import Quiet
from voicecoach.session.turn import Turn

LISTEN_MS = 1_500
"""In the hush the user is heard without the coach: a second "stop" is certain."""
PATIENCE = 2
"""What sounds like a command every time it is said, in this room, must not hush the coach for ever."""


def doubt(turn: Turn, command: Command) -> None:
    """Only where the body moves or is about to: elsewhere there is nothing to be stopped."""
    if turn.state.mode is Mode.CHECKING:
        ask(turn)
    elif turn.state.mode in (Mode.MOVING, Mode.INTAKE):
        said = turn.state.current
        if said is None or turn.state.doubted_in.count(said) >= PATIENCE:
            return
        turn.set(doubted_in=(*turn.state.doubted_in, said))
        keep_place(turn)
        turn.hush()
        turn.set(mode=Mode.CHECKING, doubted=command)
        turn.record(Doubted(command))
        turn.play_beats(Quiet(LISTEN_MS))


def ask(turn: Turn) -> None:
    """Somebody spoke in the hush, and it was no command. A kind of pain is asked about as after a stop."""
    if turn.state.asking:
        return
    turn.hush()
    if turn.state.doubted is Command.STOP:
        turn.play_beats(*ask_question(turn, DOUBT))
    else:
        turn.set(mode=Mode.STOPPED)
        turn.play_beats(*ask_question(turn, HURT))


def heard(turn: Turn, command: Command) -> None:
    """Other words than the safety words in the hush."""
    match command:
        case Command.PAUSE:
            pause(turn)
        case Command.RESUME:
            resume(turn)
        case Command.NEXT | Command.BACK if turn.state.began_ms is not None:
            step_aside(turn, command)
