"""A program: exercises in order, and the names of those that were left out or replaced."""

from dataclasses import dataclass

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
    instead: tuple[tuple[str, str], ...] = ()
    """names of an excluded exercise and of what takes its place"""
