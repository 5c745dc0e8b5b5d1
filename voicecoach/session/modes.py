"""What a session is doing, in one word."""

from enum import StrEnum


class Mode(StrEnum):
    INTAKE = "intake"  # greeting and questions; nothing moves
    MOVING = "moving"  # the program: instructions, holds, rests
    CHECKING = "checking"  # hushed: was that word the user's, or the coach's own?
    STOPPED = "stopped"  # "stop" was said; asking whether the user is hurt
    PAUSED = "paused"  # still until an explicit word
    SAFETY = "safety"  # the safety stop after a report of pain
    STAYING = "staying"  # nobody answered: still, and the emergency wording was said
    CLOSING = "closing"  # last words
    ENDED = "ended"


STILL = frozenset({Mode.STOPPED, Mode.PAUSED, Mode.SAFETY, Mode.STAYING, Mode.ENDED})
"""Modes in which no movement prompt may sound (R1, R2 in docs/promises.md)."""
