"""A model of the loudspeaker: the level at which it clips.

A small loudspeaker that is turned up clips, and a linear filter cannot cancel the distortion. So the filter
gets a reference that is clipped at the same level. That level is found by trial. A candidate level makes a
reference of its own, from which the learnt echo path makes a second estimate of the echo. A candidate that
explains more of the microphone signal takes over. Near-end speech remains in the error of both, so it favours
neither.

Sources: Stenger, Kellermann 2000, "Adaptation of a memoryless preprocessor for nonlinear acoustic echo
cancelling", Signal Processing 80(9) (a memoryless nonlinearity before the echo path); Ochiai, Araseki,
Ogihara 1977, "Echo canceler with two echo path models", IEEE Trans. Communications 25(6) (a second model runs
beside the one in use, and takes over once its error has been smaller for a while).
"""

from collections.abc import Iterable
from copy import deepcopy

import numpy as np

from voicecoach.listening.echo.arrays import Floats, Powers
from voicecoach.listening.echo.decimate import Decimator
from voicecoach.listening.echo.kalman import KalmanFilter

NO_CLIPPING = 1.0
"""The clip level of a loudspeaker that plays everything: full scale."""
_CANDIDATE_FACTORS = (0.5, 0.75, 0.93, 1.07, 1.33)
"""Candidates relative to the present clip level (or to the coach's peak, if that is lower), tried in this
order. After a candidate has won, the same factor is tried again from the new level."""
_REST_BLOCKS = 150
"""3 s from the last candidate until all are tried again: the user may turn the loudspeaker up or down."""
_SEGMENTS, _SEGMENT_BLOCKS = 3, 15
"""A trial takes 3 segments of 0.3 s, counting only blocks in which the two estimates of the echo differ. The
candidate must be better in each segment."""
_BETTER = 0.9
"""To win, the candidate's error must have less than this share of the energy of the present level's."""
_CONVERGED = 0.5
"""A trial counts only if the present level's error has less than this share of the microphone's energy.
Before that, the path has not converged and proves nothing."""
_DIFFERENT = 1e-3
"""Two estimates of the echo differ if the energy of their difference exceeds this share of the echo's."""
_PATIENCE_BLOCKS = 200
"""4 s of the coach speaking. A candidate whose estimate differed too seldom in this time is dropped."""
_SILENT = 1e-5
"""Energy of a block of echo below which there is nothing to compare."""
_HARMLESS = 0.9
"""A clip level above this share of the coach's peak is as good as no clipping."""
_PEAK_DECAY = 0.9999
"""The remembered peak decays by this factor a block: by half in two minutes."""


class Loudspeaker:
    """Makes the far-end reference for the filter, clipped as the loudspeaker clips, and finds the clip level.

    `factor`: of the decimation, from 48 kHz to 16 kHz.
    """

    def __init__(self, factor: int) -> None:
        self.clip_level = NO_CLIPPING
        """amplitude, of full scale, that the loudspeaker does not exceed"""
        self._decimator = Decimator(factor)
        self._peak = 0.0
        self._trial: _Trial | None = None
        self._factors, self._rested_blocks = list(_CANDIDATE_FACTORS), 0
        """the factors still to be tried; blocks since the last of them was"""

    @property
    def over_db(self) -> float:
        """By how much the coach's peak exceeds the clip level, in dB; 0 if it does not."""
        return float(20 * np.log10(max(self._peak / self.clip_level, 1.0)))

    def reference(self, played: Iterable[Floats]) -> list[Floats]:
        """What the filter is to take for the far end: `played`, clipped, at 16 kHz.

        `played`: blocks of shape (block,) at 48 kHz, on the microphone's clock. Result: as many blocks of
        shape (block / factor,). A trial that is under way gets its own reference of the same blocks.
        """
        blocks = []
        for block in played:
            self._peak = max(_PEAK_DECAY * self._peak, float(np.abs(block).max()))
            blocks.append(_clipped(self.clip_level, self._decimator, block))
            if self._trial is not None:
                self._trial.remember(block)
        return blocks

    def adapt(self, kalman: KalmanFilter, microphone: Floats) -> None:
        """Continue the trial of a candidate. If it wins, change the clip level, and adapt `kalman` to it.

        To be called once a block, after `kalman` has been given the reference and before it adapts to
        `microphone`, shape (block,) at 16 kHz: a path that had adapted to this block would favour the present
        level.
        """
        if self._trial is None:
            self._start_trial(kalman)
            return
        won = self._trial.verdict(kalman, microphone)
        if won is None:
            return
        if won:
            self.clip_level, self._decimator = self._trial.clip_level, self._trial.decimator
            kalman.far_end = self._trial.far_end
            kalman.path *= np.float32(self._trial.gain)
        else:
            self._factors.pop(0)
        self._trial = None

    def _start_trial(self, kalman: KalmanFilter) -> None:
        if not self._factors:
            self._rested_blocks += 1
            if self._rested_blocks == _REST_BLOCKS:
                self._factors, self._rested_blocks = list(_CANDIDATE_FACTORS), 0
            return
        candidate = min(self.clip_level, self._peak) * self._factors[0]
        if min(candidate, self.clip_level) > _HARMLESS * self._peak:
            self._factors.pop(0)
        else:
            self._trial = _Trial(candidate, self._decimator, kalman)


def _clipped(clip_level: float, decimator: Decimator, block: Floats) -> Floats:
    """`block`, shape (block,) at 48 kHz, clipped and then decimated: shape (block / factor,)."""
    return decimator.decimated(np.clip(block, -clip_level, clip_level))


class _Trial:
    """A candidate clip level against the present one.

    In each block there are the microphone signal d and two estimates of the echo, both through the learnt
    path: y from the reference at the present clip level, z from the candidate's. Each hypothesis says that
    the microphone holds its estimate times an unknown gain, plus something else:

        present:    d = g y + e          candidate:  d = g' z + e'

    The gain is unknown because the path was learnt from the reference of the present level. A reference that
    is clipped less than the loudspeaker clips is too loud, and the learnt path is too weak to compensate.
    With the gain left free, the estimates are compared by their shape and not by their level.

    1. The error's energy for a gain g, where <a, b> is the sum of a times b over the samples:

           E(g) = |d - g y|^2 = <d, d> - 2 g <d, y> + g^2 <y, y>

    2. It is smallest where its derivative -2 <d, y> + 2 g <y, y> is zero, at the least-squares gain:

           g = <d, y> / <y, y>

       Both gains are fitted once, over all segments of the trial.

    3. With that gain, E(g) is evaluated in each segment. So a trial needs only five inner products of each
       segment: <d, d>, <d, y>, <y, y>, <d, z>, <z, z>.

    4. If E(g) exceeds `_CONVERGED` <d, d> in any segment, the trial starts again. Otherwise the candidate
    wins if

           E'(g') < E(g) in every segment, and sum E'(g') < `_BETTER` sum E(g).

    Near-end speech s is hardly correlated with y and z. It adds <s, s> to both errors, so it leaves their
    difference as it is and brings their ratio closer to 1: in double talk a candidate wins less easily. Where
    the speech holds most of the energy, step 4 starts the trial again.
    """

    def __init__(self, clip_level: float, decimator: Decimator, kalman: KalmanFilter) -> None:
        self.clip_level = clip_level
        self.decimator, self.far_end = deepcopy(decimator), deepcopy(kalman.far_end)
        """the candidate's own, copied from those of the present level at the start"""
        self.gain = 1.0
        """g': the path times this fits the candidate's reference"""
        self._blocks = self._counted = 0
        """blocks with echo so far; those of them in which y and z differed"""
        self._products = np.zeros((_SEGMENTS, 5))
        """<d, d>, <d, y>, <y, y>, <d, z>, <z, z> of each segment"""

    def remember(self, block: Floats) -> None:
        """Take the newest block played, shape (block,) at 48 kHz."""
        self.far_end.remember(_clipped(self.clip_level, self.decimator, block))

    def verdict(self, kalman: KalmanFilter, microphone: Floats) -> bool | None:
        """Whether the candidate has won; None while that is open. `microphone`: d, shape (block,)."""
        d, y = microphone, kalman.echo_of(kalman.far_end)
        energy = float(np.dot(y, y))
        if energy < _SILENT:
            return None
        self._blocks += 1
        z = kalman.echo_of(self.far_end)
        if np.dot(z - y, z - y) > _DIFFERENT * energy:
            pairs = ((d, d), (d, y), (y, y), (d, z), (z, z))
            self._products[self._counted // _SEGMENT_BLOCKS] += [np.dot(a, b) for a, b in pairs]
            self._counted += 1
        if self._counted == _SEGMENTS * _SEGMENT_BLOCKS:
            return self._decided()
        return False if self._blocks >= _PATIENCE_BLOCKS else None

    def _decided(self) -> bool | None:
        """Steps 2 to 4; None if the trial starts again."""
        dd, dy, yy, dz, zz = self._products.T
        gain, candidate_gain = _least_squares_gain(dy, yy), _least_squares_gain(dz, zz)
        present, candidate = _error_energy(gain, dd, dy, yy), _error_energy(candidate_gain, dd, dz, zz)
        self.gain = float(candidate_gain)
        if (present > _CONVERGED * dd).any():
            self._counted, self._products = 0, np.zeros((_SEGMENTS, 5))
            return None
        return bool((candidate < present).all() and candidate.sum() < _BETTER * present.sum())


def _least_squares_gain(dy: Powers, yy: Powers) -> np.float64:
    """g = <d, y> / <y, y> over all segments; `dy`, `yy`: shape (segments,)."""
    return np.float64(dy.sum() / (yy.sum() + 1e-12))


def _error_energy(gain: np.float64, dd: Powers, dy: Powers, yy: Powers) -> Powers:
    """E(g) = <d, d> - 2 g <d, y> + g^2 <y, y> of each segment; all arrays of shape (segments,)."""
    return dd - 2 * gain * dy + gain**2 * yy
