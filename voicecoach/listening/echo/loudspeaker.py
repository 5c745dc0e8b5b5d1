"""Where the loudspeaker clips: a small one that is turned up plays no more than it can, and what it makes of
the coach then no linear filter takes away.

So the filter is told what was played through the same ceiling. The ceiling is found by trial: one rival at a
time is told beside it, and its echo estimated through the path that was learnt. A rival that leaves less of
what was heard takes over. Somebody who speaks meanwhile is left by both alike, and so decides nothing.

Sources: Stenger, Kellermann 2000, "Adaptation of a memoryless preprocessor for nonlinear acoustic echo
cancelling", Signal Processing 80(9) (the ceiling before the path); Ochiai, Araseki, Ogihara 1977, "Echo
canceler with two echo path models", IEEE Trans. Communications 25(6) (a rival beside what is in use, that
takes over once it has left less for a while).
"""

from collections.abc import Iterable
from copy import deepcopy

import numpy as np

from voicecoach.listening.echo.decimate import Decimator
from voicecoach.listening.echo.kalman import Floats, KalmanFilter

OPEN = 1.0
"""Full scale: no ceiling."""
_STEPS = (0.5, 0.75, 0.93, 1.07, 1.33)
"""From a ceiling, or from the coach's peak where there is none, to its rivals, one after the other. One that
has won is followed by the next in the same direction."""
_REST_BLOCKS = 150
"""3 s after the last of them, before they are tried anew: somebody may turn the loudspeaker up or down."""
_PARTS, _PART_BLOCKS = 3, 15
"""0.3 s each, of blocks in which the two differ: the rival must be better in each."""
_BETTER = 0.9
"""It leaves so much of the energy, at most, that is left now."""
_LEARNT = 0.5
"""And now less than this share of what was heard is left: before, the path says nothing."""
_DIFFERENT = 1e-3
"""Share of the echo's energy by which the two estimates of it differ at least."""
_PATIENCE_BLOCKS = 200
"""4 s of the coach speaking: a rival that differs so seldom gives way."""
_SILENT = 1e-5
"""Energy of a block's echo below which nothing is to be compared."""
_HARMLESS = 0.9
"""A ceiling above this share of the peak takes nothing away."""
_PEAK_FADES = 0.9999
"""A block: by half in two minutes."""


class Loudspeaker:
    """Blocks at 48 kHz in, as they are told the filter at 16 kHz out. `ceiling`: of full scale."""

    def __init__(self, factor: int) -> None:
        self.ceiling = OPEN
        self._decimator = Decimator(factor)
        self._peak = 0.0
        self._rival: _Rival | None = None
        self._steps, self._rested = list(_STEPS), 0
        """what is still to be tried"""

    @property
    def over_db(self) -> float:
        """By how much the coach's peak is over the ceiling."""
        return float(20 * np.log10(max(self._peak / self.ceiling, 1.0)))

    def process(self, paced: Iterable[Floats]) -> list[Floats]:
        told = []
        for block in paced:
            self._peak = max(_PEAK_FADES * self._peak, float(np.abs(block).max()))
            told.append(_through(self.ceiling, self._decimator, block))
            if self._rival is not None:
                self._rival.remember(block)
        return told

    def compare(self, kalman: KalmanFilter, heard: Floats) -> None:
        """Before `kalman` processes `heard`: from it the path learns what suits the ceiling in use. A rival
        that has won takes over at once."""
        if self._rival is None:
            self._challenge(kalman)
            return
        won = self._rival.verdict(kalman, heard)
        if won is None:
            return
        if won:
            self.ceiling, self._decimator = self._rival.ceiling, self._rival.decimator
            kalman.played = self._rival.played
            kalman.path *= np.float32(self._rival.gain)
        else:
            self._steps.pop(0)
        self._rival = None

    def _challenge(self, kalman: KalmanFilter) -> None:
        if not self._steps:
            self._rested += 1
            if self._rested == _REST_BLOCKS:
                self._steps, self._rested = list(_STEPS), 0
            return
        rival = min(self.ceiling, self._peak) * self._steps[0]
        if min(rival, self.ceiling) > _HARMLESS * self._peak:
            self._steps.pop(0)
        else:
            self._rival = _Rival(rival, self._decimator, kalman)


def _through(ceiling: float, decimator: Decimator, block: Floats) -> Floats:
    return decimator.process(np.clip(block, -ceiling, ceiling))


class _Rival:
    """Another ceiling on trial, with a memory of its own of what was played."""

    def __init__(self, ceiling: float, decimator: Decimator, kalman: KalmanFilter) -> None:
        self.ceiling = ceiling
        self.decimator, self.played = deepcopy(decimator), deepcopy(kalman.played)
        self.gain = 1.0
        """for the path: through a ceiling it had seemed weaker than it is"""
        self._blocks = self._counted = 0
        self._products = np.zeros((_PARTS, 5))

    def remember(self, block: Floats) -> None:
        self.played.remember(_through(self.ceiling, self.decimator, block))

    def verdict(self, kalman: KalmanFilter, heard: Floats) -> bool | None:
        """Whether it is better, or None as long as that is open."""
        echo = kalman.echo_of(kalman.played)
        energy = float(np.dot(echo, echo))
        if energy < _SILENT:
            return None
        self._blocks += 1
        mine = kalman.echo_of(self.played)
        if np.dot(mine - echo, mine - echo) > _DIFFERENT * energy:
            pairs = ((heard, heard), (heard, echo), (echo, echo), (heard, mine), (mine, mine))
            self._products[self._counted // _PART_BLOCKS] += [np.dot(x, y) for x, y in pairs]
            self._counted += 1
        if self._counted == _PARTS * _PART_BLOCKS:
            return self._won()
        return False if self._blocks >= _PATIENCE_BLOCKS else None

    def _won(self) -> bool | None:
        came, heard_echo, echo, heard_mine, mine = self._products.T
        gain, self.gain = (x.sum() / (y.sum() + 1e-12) for x, y in ((heard_echo, echo), (heard_mine, mine)))
        left = came - 2 * gain * heard_echo + gain**2 * echo
        left_mine = came - 2 * self.gain * heard_mine + self.gain**2 * mine
        if (left > _LEARNT * came).any():
            self._counted, self._products = 0, np.zeros((_PARTS, 5))
            return None
        return bool((left_mine < left).all() and left_mine.sum() < _BETTER * left.sum())
