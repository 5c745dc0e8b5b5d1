"""When the coach cannot hear, or be heard: it holds still and says so."""

from voicecoach.session import safety
from voicecoach.session.events import Trouble
from voicecoach.session.facts import HearingRegained, VoiceRegained, WentDeaf, WentMute
from voicecoach.session.modes import Mode
from voicecoach.session.orders import Alarm, Earcon, Play
from voicecoach.session.script import Quiet, Speak
from voicecoach.session.turn import Turn

ALERT_MS = 300


def deaf(turn: Turn, reason: Trouble) -> None:
    """A coach that cannot hear pauses and says so; a safety stop goes on, led by keys (docs/safety.md)."""
    turn.record(WentDeaf(reason))
    turn.set(by_keys=True)
    lines = (turn.coach.trouble[reason], *turn.coach.deaf)
    if turn.state.mode is Mode.SAFETY:  # whoever answers by voice, with closed eyes, must not wait in vain
        safety.say_before_going_on(turn, *lines)
    _hold_still(turn, *lines)


def mute(turn: Turn, reason: Trouble) -> None:
    """A coach that may not be heard pauses, and tries to say so; a safety stop goes on, on the screen."""
    turn.record(WentMute(reason))
    _hold_still(turn, turn.coach.trouble[reason], *turn.coach.mute)


def _hold_still(turn: Turn, *lines: str) -> None:
    turn.order(Alarm(" ".join(lines)))
    if turn.state.mode in (Mode.SAFETY, Mode.STAYING, Mode.CLOSING):
        return
    safety.keep_place(turn)
    turn.hush()
    turn.order(Play(Earcon.ALERT))
    turn.set(mode=Mode.PAUSED)
    spoken = (Speak(line, calm=True) for line in lines)
    turn.play_beats(Quiet(ALERT_MS), *spoken)  # the alert must not cover the first word


def hears_again(turn: Turn) -> None:
    turn.set(by_keys=False)
    turn.record(HearingRegained())
    _regained(turn, *turn.coach.hears_again)


def speaks_again(turn: Turn) -> None:
    turn.record(VoiceRegained())
    _regained(turn, *turn.coach.speaks_again)


def _regained(turn: Turn, *lines: str) -> None:
    if turn.state.mode is Mode.PAUSED:
        turn.hush()
        turn.say_then(lines)
