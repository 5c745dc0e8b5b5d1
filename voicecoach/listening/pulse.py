"""Detects a microphone that has gone or is muted. Pure: time and sound are arguments.

PortAudio does not report that a device has vanished; its frames simply cease (docs/audio.md). A muted
microphone delivers exact zeros, which no room does.
"""

from dataclasses import dataclass

from voicecoach.sound import Samples
from voicecoach.units import RATE_HZ

DEAF_AFTER_S = 0.5
MUTED_AFTER_S = 10.0

NO_FRAMES = "The microphone has gone."
MUTED = "The microphone is muted: it gives exact silence."


@dataclass(slots=True)
class Pulse:
    deaf: bool = False
    _zeros_s: float = 0.0

    def missed(self, silent_s: float) -> str | None:
        """No block has come for `silent_s` seconds: the reason if deafness begins now, else None."""
        if self.deaf or silent_s < DEAF_AFTER_S:
            return None
        self.deaf = True
        return NO_FRAMES

    def felt(self, block: Samples) -> str | None:
        """A block has come: the reason if deafness begins with it, else None."""
        self._zeros_s = 0.0 if block.any() else self._zeros_s + len(block) / RATE_HZ
        if self.deaf or self._zeros_s < MUTED_AFTER_S:
            return None
        self.deaf = True
        return MUTED

    def recovered(self) -> bool:
        """Whether sound has come back after deafness; True once."""
        if self.deaf and self._zeros_s == 0.0:
            self.deaf = False
            return True
        return False
