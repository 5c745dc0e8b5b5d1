"""A line at the pace that was asked for, as measured.

Synthesisers take a rate in words a minute, but say a line of long words much more slowly than one of short
ones: espeak-ng at 150 came to 150 to 203. So a line is rendered, measured, and rendered again.
"""

from voicecoach.sound import Samples
from voicecoach.speaking.synthesiser import Synthesiser

NEAR = 0.02
"""The relative error that is left alone; the promise is 5 % (tests/speaking/test_pace.py)."""
_MOST_TRIES = 6
SLOWEST_WPM, FASTEST_WPM = 40, 500
"""What a driver is asked for; beyond its own limits it keeps to those, and the line with it."""


def words(text: str) -> int:
    """How many words are spoken: what has a letter or a digit in it, between spaces."""
    return sum(any(c.isalnum() for c in word) for word in text.split())


def paced(voice: Synthesiser, text: str, wpm: int) -> tuple[Samples, int]:
    """`text` at `wpm` words a minute from its first sound to its last, or as near as the voice comes.

    The search is regula falsi between the nearest slower and the nearest faster rendering. Raises
    SynthesisError.
    """
    wanted_s = max(1, words(text)) * 60 / wpm
    slower, faster = SLOWEST_WPM, FASTEST_WPM
    asked_wpm, best, nearest = wpm, None, float("inf")
    for _ in range(_MOST_TRIES):
        clip, rate_hz = voice.render(text, asked_wpm)
        slowness = len(clip) / rate_hz / wanted_s
        if abs(slowness - 1.0) < nearest:
            best, nearest = (clip, rate_hz), abs(slowness - 1.0)
        if slowness > 1.0:
            slower = asked_wpm
        else:
            faster = asked_wpm
        guess = round(asked_wpm * slowness)
        if not slower < guess < faster:
            guess = (slower + faster) // 2
        if nearest <= NEAR or guess in (slower, faster):
            break
        asked_wpm = guess
    assert best is not None
    return best
