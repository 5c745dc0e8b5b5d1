"""Packs and the user's own files to values: TOML is read here, and what a body should not follow is refused."""

from voicecoach.library.loader import CARE, LANGUAGE, Library, Own

__all__ = ["CARE", "LANGUAGE", "Library", "Own"]
