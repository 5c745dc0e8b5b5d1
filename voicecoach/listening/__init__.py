"""The ear: frames in, decisions out."""

from voicecoach.listening.bandwidth import NARROW, NARROW_REMEDY, Bandwidth, is_narrow
from voicecoach.listening.ear import Ear, Noticed
from voicecoach.listening.intents import Understanding
from voicecoach.listening.judge import Decision, Judge, Rule, Voices
from voicecoach.listening.listener import Ears, InBackground, Inline, Listener
from voicecoach.listening.moonshine import Moonshine
from voicecoach.listening.policy import TakenBack, Verdict
from voicecoach.listening.recogniser import Hypothesis, ModelError, Recogniser, RecognitionModel, Word
from voicecoach.listening.second import SLOW_S, AtOnce, SecondEar, SecondProcess
from voicecoach.listening.transcriber import Transcriber, TranscriberAbsent
from voicecoach.listening.trial import can_serve
from voicecoach.listening.two_ears import TwoEars
from voicecoach.listening.vosk import VoskModel

__all__ = [
    "NARROW",
    "NARROW_REMEDY",
    "SLOW_S",
    "AtOnce",
    "Bandwidth",
    "Decision",
    "Ear",
    "Ears",
    "Hypothesis",
    "InBackground",
    "Inline",
    "Judge",
    "Listener",
    "ModelError",
    "Moonshine",
    "Noticed",
    "Recogniser",
    "RecognitionModel",
    "Rule",
    "SecondEar",
    "SecondProcess",
    "TakenBack",
    "Transcriber",
    "TranscriberAbsent",
    "TwoEars",
    "Understanding",
    "Verdict",
    "Voices",
    "VoskModel",
    "Word",
    "can_serve",
    "is_narrow",
]
