"""Loads packs and the user's own files into values, and refuses exercises that nobody should follow."""

from voicecoach.library.loader import CARE, LANGUAGE, Library, Own
from voicecoach.library.names import find, meant

__all__ = ["CARE", "LANGUAGE", "Library", "Own", "find", "meant"]
