"""The coach's voice: a synthesiser renders each line once, and the mixer plays it."""

from voicecoach.speaking.cache import PATIENCE_S, PromptCache
from voicecoach.speaking.earcons import earcon
from voicecoach.speaking.mixer import Finished, Mixer
from voicecoach.speaking.pyttsx3_voice import DEFAULT_VOICE, Pyttsx3Voice
from voicecoach.speaking.synthesiser import Synthesiser, SynthesisError

__all__ = [
    "DEFAULT_VOICE",
    "PATIENCE_S",
    "Finished",
    "Mixer",
    "PromptCache",
    "Pyttsx3Voice",
    "SynthesisError",
    "Synthesiser",
    "earcon",
]
