"""The session: `step(state, event) -> (state, orders and facts)`. Pure, total, deterministic.

It never raises, reads no clock and does no I/O; replaying the journalled events reproduces orders and facts
(docs/promises.md, R14). Time comes in with the events, on the sample clock of the output stream: the caller
sends a Tick for every block. If an event came more than `turn.COUNT_LEAD_MS` after the last tick, a hold
might begin in the past.
"""

from voicecoach.care.outcome import Outcome
from voicecoach.care.protocol import Answer
from voicecoach.care.screening import remarks
from voicecoach.language.commands import PAIN_COMMANDS, Command
from voicecoach.session import doubt, misheard, safety, trouble
from voicecoach.session.closing import finish, sum_up
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
    Unclear,
)
from voicecoach.session.facts import (
    AnswerGiven,
    LeaveAsked,
)
from voicecoach.session.intake import begin
from voicecoach.session.modes import Mode
from voicecoach.session.navigation import carry_on, go_on, move, pause, resume, select
from voicecoach.session.orders import Earcon, Hush, Play, Show, Volume
from voicecoach.session.questions import DOUBT, HURT, MILD, OFFERS, answer_of, how_to_answer, question
from voicecoach.session.script import Speak
from voicecoach.session.state import PACES_WPM, State, broken_off, closing_outcome
from voicecoach.session.turn import Output, Turn

C = Command
VOLUME_STEP_DB = 3


def step(state: State, event: Event) -> tuple[State, tuple[Output, ...]]:
    """The state after `event`, and the orders and facts it caused, in order."""
    if state.mode is Mode.ENDED:
        return state, ()
    turn = Turn(state, event.at_ms)
    match event:
        case Started(_, can_hear):
            if state.mode is Mode.INTAKE and state.next_prompt_id == 1 and state.until_ms is None:
                begin(turn, can_hear)
        case Tick(now_ms):
            _pass_time(turn, now_ms)
        case PromptDone(_, prompt_id):
            turn.prompt_done(prompt_id)
        case Heard(_, command, text, source):
            _heard(turn, command, text)
            if turn.state is state and not turn.outputs:  # what is shown as heard is not passed over
                turn.order(Play(Earcon.NOT_UNDERSTOOD), Show(turn.coach.no_effect))
            misheard.remember(turn, state, command, source)
        case Doubtful(_, command):
            doubt.doubt(turn, command)
        case Misheard(_, command):
            misheard.take_back(turn, command)
        case Unclear() if turn.state.mode is Mode.CHECKING and not turn.state.asking:
            doubt.ask(turn)
        case Unclear():
            _unclear(turn)
        case Deaf(_, reason):
            trouble.deaf(turn, reason)
        case HearsAgain():
            trouble.hears_again(turn)
        case Mute(_, reason):
            trouble.mute(turn, reason)
        case SpeaksAgain():
            trouble.speaks_again(turn)
        case Quit(_, reason):
            _quit(turn, reason)
    turn.at_ms = event.at_ms
    _run(turn)
    turn.listen()
    return turn.state, tuple(turn.outputs)


def _run(turn: Turn) -> None:
    """Perform beats until one of them waits."""
    while turn.idle():
        queue = turn.state.queue
        if queue:
            turn.set(queue=queue[1:])
            turn.perform(queue[0])
        elif not carry_on(turn):
            return


def _pass_time(turn: Turn, now_ms: int) -> None:
    """Handle every deadline up to now, each at its own time: how time is split into ticks makes no difference
    (docs/promises.md, R5)."""
    while (due_ms := turn.state.until_ms) is not None and due_ms <= now_ms:
        turn.at_ms = due_ms
        turn.set(until_ms=None)
        if turn.state.asking:
            _no_answer(turn)
        else:
            turn.set(current=None)
        _run(turn)


def _no_answer(turn: Turn) -> None:
    if turn.state.unheard == 0 and turn.state.mode is not Mode.CLOSING:
        turn.set(unheard=1)
        turn.order(Play(Earcon.ALERT))
        turn.ask_again(turn.coach.ask_again)
    else:
        _answer(turn, "unanswered")


def _unclear(turn: Turn) -> None:
    """Count unclear speech only while waiting for an answer; otherwise it may be breath or a television
    (docs/voice.md)."""
    s = turn.state
    if s.asking is None or s.prompt_id is not None:
        return
    turn.set(unclear=s.unclear + 1)
    if turn.state.unclear >= 3:
        _answer(turn, "unanswered")
        return
    turn.order(Play(Earcon.NOT_UNDERSTOOD))
    asked = question(s.protocol, s.asking)
    hint = turn.coach.again if s.unclear == 0 else how_to_answer(s.language, asked)
    turn.ask_again(hint)


def _answer(turn: Turn, answer: Answer) -> None:
    """Act on the answer to the open question; "unanswered" stands for silence."""
    key = turn.state.asking
    assert key is not None
    turn.set(before=None)
    turn.hush()
    mode = turn.state.mode
    if key == HURT:
        turn.record(AnswerGiven(key, answer))
        if answer == "yes":
            safety.report_pain(turn, "")
        elif answer == "no":
            turn.set(mode=Mode.PAUSED)
            turn.say_then(turn.coach.stay_paused)
        else:
            safety.stay(turn, Outcome.ABANDONED)
    elif key == DOUBT:
        turn.record(AnswerGiven(key, answer))
        if answer == "no":
            resume(turn)
        else:
            safety.stop(turn)
    elif key in OFFERS:
        safety.stay(turn, Outcome.UNANSWERED)
    elif mode is Mode.SAFETY:
        safety.answer_safety(turn, key, answer)
    elif mode is Mode.CLOSING:
        turn.set(answers={**turn.state.answers, key: answer})
        turn.record(AnswerGiven(key, answer))
    else:
        turn.set(answers={**turn.state.answers, key: answer})
        turn.remember()
        turn.record(AnswerGiven(key, answer))
        said = turn.state.language.care.remarks
        turn.play_beats(*(Speak(said[r]) for r in remarks(turn.state.protocol, key, turn.state.answers)))


def _heard(turn: Turn, command: Command, text: str) -> None:
    mode = turn.state.mode
    if command in PAIN_COMMANDS:
        if mode is Mode.SAFETY:
            safety.again_in_safety(turn, text)
        else:
            safety.report_pain(turn, text)
    elif command is C.STOP:
        if mode is Mode.SAFETY:
            safety.again_in_safety(turn)
        elif mode is Mode.CLOSING:
            turn.order(Hush())
            turn.end(closing_outcome(turn.state) or Outcome.FINISHED_EARLY)
        elif mode is Mode.STAYING and turn.state.staying is Outcome.UNANSWERED:
            safety.hush_staying(turn)
        else:
            safety.stop(turn)
    elif command in (C.LOUDER, C.QUIETER):
        turn.order(Volume(VOLUME_STEP_DB if command is C.LOUDER else -VOLUME_STEP_DB), Play(Earcon.HEARD))
    elif command in (C.SLOWER, C.FASTER):
        now = turn.state.wpm
        slower = [wpm for wpm in PACES_WPM if wpm < now]
        faster = [wpm for wpm in PACES_WPM if wpm > now]
        turn.set(wpm=(faster or [now])[0] if command is C.FASTER else (slower or [now])[-1])
        turn.order(Play(Earcon.HEARD))
    elif turn.state.asking:
        _heard_in_question(turn, turn.state.asking, command)
    elif mode is Mode.MOVING:
        move(turn, command)
    elif mode is Mode.CHECKING and command is not C.FINISH:
        doubt.heard(turn, command)
    elif mode in (Mode.PAUSED, Mode.STAYING):
        select(turn, command)
    elif command is C.FINISH and mode is not Mode.CLOSING:
        finish(turn)
    elif command is C.PAUSE and mode is Mode.INTAKE:
        pause(turn)


def _heard_in_question(turn: Turn, key: str, command: Command) -> None:
    """An answer, or one of the few other commands that are live during a question."""
    answer = answer_of(command, question(turn.state.protocol, key))
    if answer is not None:
        _answer(turn, answer)
        turn.order(Play(Earcon.HEARD))  # after the hush in _answer, which would silence it
    elif command is C.REPEAT:
        turn.hush()
        turn.play_beats(*safety.ask_question(turn, key))
    elif command is C.FINISH and turn.state.mode is Mode.CLOSING:
        turn.hush()
        sum_up(turn)
    elif command is C.FINISH:
        finish(turn)
    elif command is C.PAUSE and turn.state.mode is Mode.INTAKE:
        pause(turn)
    elif key in (HURT, DOUBT) and command is C.RESUME:
        go_on(turn)
    elif command is C.NOT_SURE:
        _unclear(turn)
    elif key in OFFERS:
        _choose(turn, key, command)


def _choose(turn: Turn, key: str, command: Command) -> None:
    """After a pain report: ease off (if mild), skip or rest. Only the user's word starts movement again."""
    if turn.state.began_ms is None and (command is C.NEXT or (command is C.EASE and key == MILD)):
        go_on(turn)  # pain was reported before anything moved: back to the intake questions
    elif command is C.EASE and key == MILD:
        turn.hush()
        safety.ease_off(turn)
    elif command is C.NEXT:
        turn.hush()
        turn.set(mode=Mode.MOVING)
        move(turn, C.NEXT)
    elif command is C.REST:
        turn.hush()
        turn.set(mode=Mode.PAUSED)
        turn.say_then(turn.coach.resting, calm=True)


def _quit(turn: Turn, reason: str) -> None:
    """Leave at once. An unfinished safety stop counts as unanswered: the next start is locked."""
    turn.order(Hush())
    turn.record(LeaveAsked(reason))
    turn.end(broken_off(turn.state))
