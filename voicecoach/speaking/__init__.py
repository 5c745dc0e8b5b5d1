"""The coach's voice: a synthesiser renders each line once, and the mixer plays it."""

from voicecoach.speaking.cache import PATIENCE_S, Line, PromptCache
from voicecoach.speaking.drivers import candidates, drivers
from voicecoach.speaking.earcons import earcon
from voicecoach.speaking.mixer import Finished, Mixer
from voicecoach.speaking.offered import Offered, briefly, offered
from voicecoach.speaking.pyttsx3_voice import Pyttsx3Voice
from voicecoach.speaking.synthesiser import Clip, Renderer, Synthesiser, SynthesisError, VoiceLost

__all__ = [
    "PATIENCE_S",
    "Clip",
    "Finished",
    "Line",
    "Mixer",
    "Offered",
    "PromptCache",
    "Pyttsx3Voice",
    "Renderer",
    "SynthesisError",
    "Synthesiser",
    "VoiceLost",
    "briefly",
    "candidates",
    "drivers",
    "earcon",
    "offered",
]
