"""Exercises and programs: TOML data, and the loader that refuses what a body should not follow."""

from voicecoach.library.loader import Library, LibraryError

__all__ = ["Library", "LibraryError"]
