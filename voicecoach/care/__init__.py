"""The parts of a programme of care as plain values: exercises, programs, protocols and outcomes."""

from voicecoach.care.exercise import Breaths, Dose, Exercise, ExerciseLines, Hold, Position, Side, Timed
from voicecoach.care.fitting import Limits, fitted
from voicecoach.care.memory import RULES, Memory, remembered
from voicecoach.care.outcome import ADVISED, LOCKING, Outcome, gravest
from voicecoach.care.past import Hurt, Past
from voicecoach.care.plan import Plan, program_for
from voicecoach.care.program import Program
from voicecoach.care.protocol import (
    Answer,
    Answers,
    Kept,
    MemoryQuestions,
    PainReport,
    Protocol,
    Question,
    Standing,
    Symptom,
    is_yes,
)
from voicecoach.care.screening import Intake, kept_questions, next_kept

__all__ = [
    "ADVISED",
    "LOCKING",
    "RULES",
    "Answer",
    "Answers",
    "Breaths",
    "Dose",
    "Exercise",
    "ExerciseLines",
    "Hold",
    "Hurt",
    "Intake",
    "Kept",
    "Limits",
    "Memory",
    "MemoryQuestions",
    "Outcome",
    "PainReport",
    "Past",
    "Plan",
    "Position",
    "Program",
    "Protocol",
    "Question",
    "Side",
    "Standing",
    "Symptom",
    "Timed",
    "fitted",
    "gravest",
    "is_yes",
    "kept_questions",
    "next_kept",
    "program_for",
    "remembered",
]
