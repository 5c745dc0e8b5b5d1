"""What a program is: exercises in their order, and what was left out of them."""

from dataclasses import dataclass, replace

from voicecoach.care.exercise import Exercise


@dataclass(frozen=True, slots=True)
class Program:
    id: str
    name: str
    description: str
    gentle: bool
    """shorter holds, for the first time"""
    opt_in: bool
    """may hold exercises that need a professional's guidance"""
    exercises: tuple[Exercise, ...]
    left_out: tuple[str, ...] = ()
    """names of exercises that were excluded, to be said"""

    def without(self, conditions: frozenset[str], painful: frozenset[str] = frozenset()) -> "Program":
        """This program less what a condition forbids or what hurt last time (exercise ids)."""
        kept = tuple(
            e for e in self.exercises if not conditions & set(e.contraindications) and e.id not in painful
        )
        dropped = tuple(e.name for e in self.exercises if e not in kept)
        return replace(self, exercises=kept, left_out=self.left_out + dropped)
