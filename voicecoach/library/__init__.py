"""Packs and the user's own files to values; what a body should not follow is refused."""

from voicecoach.library.loader import CARE, LANGUAGE, Library, Own

__all__ = ["CARE", "LANGUAGE", "Library", "Own"]
