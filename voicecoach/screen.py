"""What a session asks of a screen, whoever makes it."""

from typing import Protocol

from voicecoach.session import View


class Screen(Protocol):
    """Everything audible is also on the screen."""

    def coach(self, at_ms: int, text: str) -> None: ...
    def user(self, at_ms: int, text: str, source: str, doubtful: bool = False) -> None:
        """What was heard; `doubtful`: it may have been the coach's own echo."""

    def notice(self, text: str) -> None: ...
    def alarm(self, text: str) -> None:
        """A notice for somebody who may be neither listening nor looking."""

    def show(self, view: View) -> None:
        """How the session stands now, whenever that has changed."""


class Several:
    """One screen out of several."""

    def __init__(self, *screens: Screen) -> None:
        self._screens = screens

    def coach(self, at_ms: int, text: str) -> None:
        for screen in self._screens:
            screen.coach(at_ms, text)

    def user(self, at_ms: int, text: str, source: str, doubtful: bool = False) -> None:
        for screen in self._screens:
            screen.user(at_ms, text, source, doubtful)

    def notice(self, text: str) -> None:
        for screen in self._screens:
            screen.notice(text)

    def alarm(self, text: str) -> None:
        for screen in self._screens:
            screen.alarm(text)

    def show(self, view: View) -> None:
        for screen in self._screens:
            screen.show(view)
