"""The ear: frames in, decisions out."""

from voicecoach.listening.ear import Ear, Noticed
from voicecoach.listening.judge import Decision, Judge, Rule, Voices
from voicecoach.listening.pulse import Pulse
from voicecoach.listening.recogniser import Hypothesis, Model, ModelError, Recogniser, Word
from voicecoach.listening.trial import can_serve

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
    "Rule",
    "Voices",
    "Word",
    "can_serve",
]
