"""A line at the pace that was asked for, as measured.

Synthesisers take a rate in words a minute, but say a line of long words much more slowly than one of short
ones: espeak-ng at 150 came to 150 to 203. So a line is rendered, measured, and rendered again.
"""

from collections.abc import Mapping

from voicecoach.sound import Samples
from voicecoach.speaking.synthesiser import Synthesiser

NEAR = 0.025
"""The relative error that is left alone; the promise is 5 % (tests/speaking/test_pace.py)."""
_MOST_TRIES = 6
_STUCK = 0.002
"""A line that comes to the same a third time, each asked for at another rate, is at the voice's limit."""
SLOWEST_WPM, FASTEST_WPM = 40, 500
"""What a driver is asked for; beyond its own limits it keeps to those, and the line with it."""


def words(text: str) -> int:
    """How many words are spoken: what has a letter or a digit in it, between spaces."""
    return sum(any(c.isalnum() for c in word) for word in text.split())


class Paced:
    """A voice whose lines have the pace that is asked for, from their first sound to their last, or come as
    near to it as the voice can.

    The search is regula falsi between the nearest slower and the nearest faster rendering. It begins anew for
    each line, so that a line is the same whatever was said before it.
    """

    def __init__(self, voice: Synthesiser) -> None:
        self._voice = voice

    def render(self, text: str, wpm: int) -> tuple[Samples, int]:
        """Raises SynthesisError."""
        known: dict[int, float] = {}
        """what the voice was asked for, and what that came to, in words a minute"""
        best, nearest = None, float("inf")
        for _ in range(_MOST_TRIES):
            asked_wpm = _guess(known, wpm)
            if best is not None and asked_wpm in known:
                break
            clip, rate_hz = self._voice.render(text, asked_wpm)
            real_wpm = max(1, words(text)) * 60 * rate_hz / len(clip)
            same = sum(abs(real / real_wpm - 1.0) < _STUCK for real in known.values())
            known[asked_wpm] = real_wpm
            if abs(real_wpm / wpm - 1.0) < nearest:
                best, nearest = (clip, rate_hz), abs(real_wpm / wpm - 1.0)
            if nearest <= NEAR or same == 2:
                break
        assert best is not None
        return best


def _guess(known: Mapping[int, float], wpm: int) -> int:
    """What to ask for, so that it comes to `wpm`, after what is known."""
    slower = max((asked for asked, real in known.items() if real < wpm), default=SLOWEST_WPM)
    faster = min((asked for asked, real in known.items() if real >= wpm), default=FASTEST_WPM)
    if not known:
        return wpm
    if slower in known and faster in known and known[slower] < known[faster]:
        share = (wpm - known[slower]) / (known[faster] - known[slower])
        guess = round(slower + share * (faster - slower))
    else:
        near = min(known, key=lambda asked: abs(known[asked] - wpm))
        guess = round(near * wpm / known[near])
    if not slower < guess < faster:
        guess = (slower + faster) // 2
    return guess
