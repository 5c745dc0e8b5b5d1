"""The sample clock and its units: plain numbers that every package shares."""

from typing import NewType

Milliseconds = NewType("Milliseconds", int)
"""Time on the output stream's clock since the session's first block, in whole milliseconds."""

RATE_HZ = 48_000
"""Sample rate of every stream and clip in the program."""
EAR_RATE_HZ = 16_000
"""Sample rate of what the recogniser gets: its model was trained at this rate."""
BLOCK = 960
"""Samples in one block, 20 ms: holds and stops are exact to one block."""
BLOCK_MS = BLOCK * 1000 // RATE_HZ


def ms_to_samples(ms: float) -> int:
    return round(ms * RATE_HZ / 1000)


def samples_to_ms(samples: int) -> Milliseconds:
    return Milliseconds(samples * 1000 // RATE_HZ)
