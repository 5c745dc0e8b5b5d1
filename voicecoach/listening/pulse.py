"""Detects a microphone that has gone or is muted. Pure: time and sound are arguments.

PortAudio does not report that a device has vanished; its frames simply cease (docs/audio.md). A muted
microphone delivers exact zeros, which no room does. A driver in trouble delivers NaN,
or numbers beyond all measure.
"""

from dataclasses import dataclass

from voicecoach.sound import Samples, is_sound
from voicecoach.units import RATE_HZ

DEAF_AFTER_S = 0.5
MUTED_AFTER_S = 10.0

NO_FRAMES = "The microphone has gone."
NO_SOUND = "The microphone delivers no sound but invalid numbers."
MUTED = "The microphone is muted: it gives exact silence."


@dataclass(slots=True)
class Pulse:
    deaf: bool = False
    _zeros_s: float = 0.0
    _invalid_s: float = 0.0

    def missed(self, silent_s: float) -> str | None:
        """No block has come for `silent_s` seconds: the reason if deafness begins now, else None."""
        if self.deaf or silent_s < DEAF_AFTER_S:
            return None
        self.deaf = True
        return NO_FRAMES

    def felt(self, block: Samples) -> str | None:
        """A block has come: the reason if deafness begins with it, else None."""
        block_s = len(block) / RATE_HZ
        self._zeros_s = 0.0 if block.any() else self._zeros_s + block_s
        self._invalid_s = 0.0 if is_sound(block) else self._invalid_s + block_s
        if self.deaf or (self._zeros_s < MUTED_AFTER_S and self._invalid_s < DEAF_AFTER_S):
            return None
        self.deaf = True
        return MUTED if self._invalid_s < DEAF_AFTER_S else NO_SOUND

    def recovered(self) -> bool:
        """Whether sound has come back after deafness; True once."""
        if self.deaf and self._zeros_s == 0.0 and self._invalid_s == 0.0:
            self.deaf = False
            return True
        return False
