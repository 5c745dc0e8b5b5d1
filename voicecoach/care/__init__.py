"""The parts of a programme of care as plain values: exercises, programs, protocols and outcomes."""

from voicecoach.care.exercise import Breaths, Dose, Exercise, ExerciseLines, Hold, Position, Side, Timed
from voicecoach.care.fitting import Limits, fitted
from voicecoach.care.outcome import ADVISED, LOCKING, Outcome, gravest
from voicecoach.care.program import Program
from voicecoach.care.protocol import Answer, PainReport, Protocol, Question, Symptom
from voicecoach.care.screening import Intake

__all__ = [
    "ADVISED",
    "LOCKING",
    "Answer",
    "Breaths",
    "Dose",
    "Exercise",
    "ExerciseLines",
    "Hold",
    "Intake",
    "Limits",
    "Outcome",
    "PainReport",
    "Position",
    "Program",
    "Protocol",
    "Question",
    "Side",
    "Symptom",
    "Timed",
    "fitted",
    "gravest",
]
