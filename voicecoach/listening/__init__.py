"""The ear: frames in, decisions out."""

from voicecoach.listening.bandwidth import Bandwidth, is_narrow
from voicecoach.listening.ear import Ear, Noticed
from voicecoach.listening.judge import Decision, Judge, Rule, Voices
from voicecoach.listening.listener import InBackground, Inline, Listener
from voicecoach.listening.recogniser import Hypothesis, ModelError, Recogniser, RecognitionModel, Word
from voicecoach.listening.trial import can_serve
from voicecoach.listening.vosk import VoskModel

__all__ = [
    "Bandwidth",
    "Decision",
    "Ear",
    "Hypothesis",
    "InBackground",
    "Inline",
    "Judge",
    "Listener",
    "ModelError",
    "Noticed",
    "Recogniser",
    "RecognitionModel",
    "Rule",
    "Voices",
    "VoskModel",
    "Word",
    "can_serve",
    "is_narrow",
]
