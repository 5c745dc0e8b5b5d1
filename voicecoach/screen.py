"""What a session asks of a screen, whoever makes it."""

from typing import Protocol


class Screen(Protocol):
    """Everything audible is also on the screen."""

    def coach(self, at_ms: int, text: str) -> None: ...
    def user(self, at_ms: int, text: str, source: str) -> None: ...
    def notice(self, text: str) -> None: ...
    def alarm(self, text: str) -> None:
        """A notice for somebody who may be neither listening nor looking."""
