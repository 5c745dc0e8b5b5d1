"""A safety word that may have been the coach's own echo: hush at once, listen, ask only if still in doubt.

A needless hush costs one sentence. Missing a stop, or asking about every echo, would cost more.
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
"""How long to listen. The coach is silent then, so a second "stop" is certainly the user's."""
PATIENCE = 2
"""How often one beat may hush the coach: in some rooms a line sounds like a command every time."""


def doubt(turn: Turn, command: Command) -> None:
    """Hush and check, but only while the user moves or soon will; otherwise there is nothing to stop."""
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
    """Somebody spoke during the hush, but no command: ask. After a pain word, ask as after a stop."""
    if turn.state.asking:
        return
    turn.hush()
    if turn.state.doubted is Command.STOP:
        turn.play_beats(*ask_question(turn, DOUBT))
    else:
        turn.set(mode=Mode.STOPPED)
        turn.play_beats(*ask_question(turn, HURT))


def heard(turn: Turn, command: Command) -> None:
    """A command during the hush that is not a safety word."""
    match command:
        case Command.PAUSE:
            pause(turn)
        case Command.RESUME:
            resume(turn)
        case Command.NEXT | Command.BACK if turn.state.began_ms is not None:
            step_aside(turn, command)
