"""The profile: what is asked once, in words; and keeping an answer, wherever it was given."""

from collections.abc import Callable
from typing import Literal

from voicecoach.care import Answer, Question
from voicecoach.language import Language
from voicecoach.storage import Journal, Places, alone

Reply = Literal["yes", "no", "unsure"]
"""What can be answered."""


def asked(language: Language, question: str, number_to_call: str) -> str:
    """The question without what leads up to it."""
    return language.question(question)[-1].replace("{number}", number_to_call)


def meant(question: Question, reply: Reply) -> Answer:
    """Not sure counts as the more careful answer."""
    return question.unsure if reply == "unsure" else reply


def keep(places: Places, question: str, answer: Answer, warn: Callable[[str], None]) -> None:
    """Keep `answer`; "unanswered" takes an earlier one back.

    Raises AlreadyRunning while a session plays: it would not know of it.
    """
    lock = alone(places.data)
    try:
        journal = Journal(places.journal, warn, places.spares)
        journal.keep(question, answer)
        journal.close()
    finally:
        if lock is not None:
            lock.release()
