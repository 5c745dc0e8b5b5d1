"""The ear: frames in, decisions out."""

from voicecoach.listening.ear import Ear, Noticed
from voicecoach.listening.judge import Decision, Judge
from voicecoach.listening.pulse import Pulse
from voicecoach.listening.recogniser import Hypothesis, Model, ModelError, Recogniser, Word

__all__ = [
    "Decision",
    "Ear",
    "Hypothesis",
    "Judge",
    "Model",
    "ModelError",
    "Noticed",
    "Pulse",
    "Recogniser",
    "Word",
]
