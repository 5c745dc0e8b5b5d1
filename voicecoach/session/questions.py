"""Every question the coach asks: its words, and how it may be answered.

Wording: SAFETY.md, "Red flags, lay wording" (Greenhalgh and others' cauda equina card, NHS, NICE
NG59). One idea a sentence, no sentence over ten words, no live command word.
"""

from dataclasses import dataclass
from typing import Literal

from voicecoach.session.vocabulary import NUMBERS, Command, ListeningState

YES_NO = ListeningState.QUESTION
NUMBER = ListeningState.NUMBER
CHOICE = ListeningState.CHOICE

ANSWER_MS = 8_000
"""How long a question waits; it is asked once more, then the safe branch is taken (VOICE.md)."""

Answer = Literal["yes", "no", "unanswered"] | int
"""Not sure is the more careful of the two (SAFETY.md); a number is a level of pain from 0 to 10."""


@dataclass(frozen=True, slots=True)
class Question:
    sentences: tuple[str, ...]
    kind: ListeningState = YES_NO
    unsure: Answer = "yes"
    """what "not sure" means: the more careful answer"""

    @property
    def short(self) -> str:
        """What is said when it is asked once more."""
        return self.sentences[-1]


QUESTIONS: dict[str, Question] = {
    # before a session
    "released": Question(
        (
            "Your last session ended for your safety.",
            "Has a health professional cleared you since then?",
        ),
        unsure="no",
    ),
    "consulted": Question(("Have you asked a health professional about exercising?",), unsure="no"),
    "condition": Question(("Do you have a known spinal condition or injury?",)),
    "since_last": Question(
        (
            "Since last time, any new numbness or weakness?",
            "Or any bladder or bowel trouble?",
        )
    ),
    "baseline": Question(("How much does it hurt now, zero to ten?",), NUMBER),
    # red flags, numbered as in SAFETY.md
    "flag_1": Question(("Any new numbness between the legs, or around the bottom?",)),
    "flag_2": Question(("New trouble passing urine, or leaking urine or stool?",)),
    "flag_3": Question(("Any new weakness or numbness in the legs?",)),
    "flag_3b": Question(("Is it in both legs, or getting worse?",)),
    "flag_4": Question(("Did this start after a fall or accident?",)),
    "flag_5": Question(("Are you feverish, or losing weight without trying?",)),
    "flag_6": Question(
        (
            "Is it so bad that thinking is hard?",
            "Or does it never let up, even at rest?",
        )
    ),
    "flag_7": Question(("Any chest trouble, faintness, or trouble breathing?",)),
    # after a word that was perhaps the coach's own
    "doubt": Question(("Did you say stop?",)),
    # after stop, and in the safety stop
    "hurt": Question(("Are you hurt, or in any discomfort?",)),
    "level": Question(("How bad is it, from zero to ten?",), NUMBER),
    "spread": Question(
        (
            "Does it spread into your leg?",
            "Or is there any numbness, or weakness there?",
        )
    ),
    "sharp": Question(("Is it sharp, like a stab?",)),
    "over": Question(
        (
            "This exercise is over for today.",
            "Say rest, skip, or finish.",
        ),
        CHOICE,
    ),
    "mild": Question(
        (
            "You decide how we go on.",
            "Say ease off, skip, or finish.",
        ),
        CHOICE,
    ),
}

RED_FLAGS = ("flag_1", "flag_2", "flag_3", "flag_4", "flag_5", "flag_6", "flag_7")
HOW_TO_ANSWER = {
    YES_NO: "You can answer yes, no, or not sure.",
    NUMBER: "Say a number from zero to ten.",
    CHOICE: "You can say skip, rest, or finish.",
}


def answer_of(command: Command, question: Question) -> Answer | None:
    """What `command` answers to `question`; None if it is no answer.

    Not knowing how bad it hurts is no number, so it is no answer there: the question is asked again.
    """
    if question.kind is NUMBER:
        return NUMBERS.index(command) if command in NUMBERS else None
    if command is Command.NOT_SURE:
        return question.unsure
    if command is Command.YES:
        return "yes"
    return "no" if command is Command.NO else None
