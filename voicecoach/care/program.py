"""A program: exercises in order, and the names of those that were left out."""

from dataclasses import dataclass, replace

from voicecoach.care.exercise import Exercise


@dataclass(frozen=True, slots=True)
class Program:
    id: str
    name: str
    description: str
    gentle: bool
    """shorter holds, for beginners"""
    opt_in: bool
    """may contain exercises that need a professional's guidance"""
    exercises: tuple[Exercise, ...]
    left_out: tuple[str, ...] = ()
    """names of the excluded exercises, which the coach announces"""

    def without(self, conditions: frozenset[str], painful: frozenset[str] = frozenset()) -> "Program":
        """This program without the exercises that a condition rules out or that hurt last time (by id)."""
        kept = tuple(
            e for e in self.exercises if not conditions & set(e.contraindications) and e.id not in painful
        )
        dropped = tuple(e.name for e in self.exercises if e not in kept)
        return replace(self, exercises=kept, left_out=self.left_out + dropped)
