"""The engine's own questions, and how commands answer a question."""

from voicecoach.care.protocol import Answer, AnswerKind, Protocol, Question
from voicecoach.language.commands import NUMBERS, Command, ListeningState
from voicecoach.language.language import Language
from voicecoach.language.lines import HowToAnswer

DOUBT, HURT, OVER, MILD = "doubt", "hurt", "over", "mild"
"""The engine's own questions. `doubt`: did you say that word? `hurt`, after a stop: does it hurt?
After a pain report, how to go on: `over` if the exercise is over for today, `mild` if the pain is mild."""
OWN_QUESTIONS = {
    DOUBT: Question(),
    HURT: Question(),
    OVER: Question(AnswerKind.CHOICE),
    MILD: Question(AnswerKind.CHOICE),
}
OFFERS = (OVER, MILD)

ANSWER_MS = 8_000
"""How long a question waits. It is asked once more; then silence leads to the safe branch (docs/voice.md)."""

_STATES = {
    AnswerKind.YES_NO: ListeningState.QUESTION,
    AnswerKind.NUMBER: ListeningState.NUMBER,
    AnswerKind.CHOICE: ListeningState.CHOICE,
}


def question(protocol: Protocol, key: str) -> Question:
    return OWN_QUESTIONS.get(key) or protocol.questions[key]


def listening_state(asked: Question) -> ListeningState:
    """The listening state, and so the grammar, for an answer to `asked`."""
    return _STATES[asked.kind]


def how_to_answer(language: Language, asked: Question) -> str:
    """What can be said in answer to `asked`."""
    return _line_for(asked, language.coach.how_to_answer)


def by_keys(language: Language, asked: Question) -> str:
    """Which keys answer `asked`."""
    return _line_for(asked, language.coach.by_keys)


def _line_for(asked: Question, lines: HowToAnswer) -> str:
    if asked is OWN_QUESTIONS[OVER]:
        return lines.over
    return {
        AnswerKind.YES_NO: lines.yes_no,
        AnswerKind.NUMBER: lines.number,
        AnswerKind.CHOICE: lines.choice,
    }[asked.kind]


def answer_of(command: Command, asked: Question) -> Answer | None:
    """The answer that `command` gives to `asked`; None if it is no answer.

    "Not sure" does not answer a question for a number; that question is asked again.
    """
    if asked.kind is AnswerKind.NUMBER:
        return NUMBERS.index(command) if command in NUMBERS else None
    if command is Command.NOT_SURE:
        return asked.unsure
    if command is Command.YES:
        return "yes"
    return "no" if command is Command.NO else None
