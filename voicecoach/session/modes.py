"""The modes of a session."""

from enum import StrEnum


class Mode(StrEnum):
    INTAKE = "intake"  # greeting and questions; nothing moves
    MOVING = "moving"  # the program: instructions, holds, rests
    CHECKING = "checking"  # hushed, to find out whether the user or the coach said that word
    STOPPED = "stopped"  # "stop" was said; asking whether the user is hurt
    PAUSED = "paused"  # nothing moves until the user says so
    SAFETY = "safety"  # the safety stop after a report of pain
    STAYING = "staying"  # nobody answered: the emergency wording was said, and nothing moves
    CLOSING = "closing"  # last words
    ENDED = "ended"


STILL = frozenset({Mode.STOPPED, Mode.PAUSED, Mode.SAFETY, Mode.STAYING, Mode.ENDED})
"""Modes in which no movement prompt may sound (R1, R2 in docs/promises.md)."""
