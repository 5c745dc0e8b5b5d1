"""The mouth: lines are rendered once by pyttsx3 and played by the mixer."""

from voicecoach.speaking.cache import PromptCache
from voicecoach.speaking.earcons import earcon
from voicecoach.speaking.mixer import Finished, Mixer
from voicecoach.speaking.synthesis import DEFAULT_VOICE, Synthesiser, SynthesisError

__all__ = ["DEFAULT_VOICE", "Finished", "Mixer", "PromptCache", "SynthesisError", "Synthesiser", "earcon"]
