"""voicecoach: a voice-guided, hands-free player for lower-back exercise sessions."""

__version__ = "0.1.0"
