"""A session on a terminal that one can read from the floor."""

from voicecoach.cli.terminal.screen import TerminalScreen, screen_for

__all__ = ["TerminalScreen", "screen_for"]
