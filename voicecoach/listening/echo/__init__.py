"""Acoustic echo cancellation: the coach's voice out of the microphone, so that the user is heard over it.

    heard ───┬───────── decimate ─────────► kalman ──► residual ─┬─► 16 kHz for the recogniser
             │                                 ▲          ▲      └─► near: is there near-end speech?
    played ──┴─ delay ── bulk delay, drift ────┤          │
       └─────── drift ── loudspeaker ──────────┘   late ──┘
                one clock   where it clips         reverberation beyond the filter

The terms are those of the field:

far end          what the loudspeaker plays: the coach
near end         all other sound in the room: the user's speech, and noise
microphone       the echo of the far end plus the near end
echo path        from the far end to the microphone: loudspeaker, room, microphone
bulk delay       from the far end to the start of its echo: buffers and the direct path
error signal     microphone minus estimated echo: the near end plus the residual echo
residual echo    the echo that is left in the error signal
leakage          ratio of the power of the residual echo to that of the estimated echo
double talk      near-end speech while the far end is active

The design was chosen by what Vosk hears of real people and not by echo return loss enhancement (ERLE): see
`scripts/bench echo` and docs/audio.md.
"""

from dataclasses import dataclass

import numpy as np

from voicecoach.listening.echo.arrays import Floats
from voicecoach.listening.echo.decimate import Decimator
from voicecoach.listening.echo.delay import DelayEstimator
from voicecoach.listening.echo.drift import DriftCompensator
from voicecoach.listening.echo.kalman import KalmanFilter
from voicecoach.listening.echo.late import LateResidualEcho
from voicecoach.listening.echo.loudspeaker import Loudspeaker
from voicecoach.listening.echo.near import NearEndDetector
from voicecoach.listening.echo.residual import ResidualEchoSuppressor
from voicecoach.units import BLOCK, EAR_RATE_HZ, RATE_HZ

__all__ = ["LATENCY_S", "Cleaned", "EchoCanceller"]

_FACTOR = RATE_HZ // EAR_RATE_HZ
_STEP = BLOCK // _FACTOR
"""Samples of a block at 16 kHz: 320, 20 ms."""
LATENCY_S = 0.021
"""One block of overlap in the residual echo suppressor, and the decimator's group delay."""
_PARTITIONS = 36
"""Length of the modelled echo path: 720 ms. With 200 ms, the residual echo in a living room made Vosk hear
"stop" 50 times in four minutes. In a room with a reverberation time of 1 s, 480 ms reduced the echo by 25 dB
and 720 ms by 31 dB."""
_MAX_LAG = 16
"""Maximum bulk delay in blocks: 320 ms."""
_HEADROOM_S = 0.012
"""The modelled path starts this much before the estimated bulk delay, as the estimate may be a little
late."""
_SEARCH_S = 4.0
"""If no echo is found within this much of the coach's speech, there is none: the user wears a headset."""
_UNCERTAINTY_SHARE = 0.3
"""Share of the filter's own uncertainty that is added to the expected residual echo. Without it, in a room
with a reverberation time of 1 s, the coach alone was taken for near-end speech 15 times a minute; with it,
twice."""
_LATE_SHARE = 0.5
"""The late residual echo's power is that of an unwindowed frame; the suppressor's window halves it."""
_SILENT = 1e-5
"""Energy of a far-end block (16 kHz) below which nothing is played."""
_HYSTERESIS = 0.2
"""The delay must leave its partition by this share of a block before the filter's lag changes."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One block for the recogniser, and what the canceller knows about it."""

    block: Floats
    """shape (320,) at 16 kHz, `LATENCY_S` late"""
    near_end_speech: bool
    """whether someone other than the coach is speaking"""
    reliable: bool
    """whether `near_end_speech` can be relied on: the echo was found, or there is none. Until then the
    coach's own echo looks like near-end speech."""
    echo_audible: bool = False
    """whether the coach still sounds in the room: more residual echo is expected than there is noise"""


class EchoCanceller:
    """Takes blocks of 20 ms at 48 kHz and gives them back at 16 kHz, `LATENCY_S` late.

    While the coach is silent it only decimates and delays the sound.
    """

    def __init__(self) -> None:
        self._microphone, self._far_end = Decimator(_FACTOR), Decimator(_FACTOR)
        self.loudspeaker = Loudspeaker(_FACTOR)
        self._drift_compensator = DriftCompensator(BLOCK)
        self._delay_estimator = DelayEstimator(EAR_RATE_HZ)
        self._filter = KalmanFilter(_STEP, _PARTITIONS, _MAX_LAG)
        self._late_residual_echo = LateResidualEcho(_PARTITIONS, _STEP + 1)
        self._suppressor = ResidualEchoSuppressor(_STEP)
        self.near_end = NearEndDetector()
        self._played_s = 0.0

    @property
    def delay_s(self) -> float | None:
        """The bulk delay of the echo in seconds; None before it is found."""
        return self._delay_estimator.delay_s

    def clean(self, heard: Floats, played: Floats) -> Cleaned:
        """One block without the coach.

        `heard`, `played`: shape (960,) each at 48 kHz, of full scale: the microphone's block, and the
        loudspeaker's block of the same moment. To be called for every block of the stream, in order. Blocks
        of another length raise numpy's ValueError.
        """
        microphone, far_end = self._microphone.decimated(heard), self._far_end.decimated(played)
        self._delay_estimator.observe(microphone, far_end)
        on_microphone_clock = self._drift_compensator.resampled(played, -self._delay_estimator.drift)
        self._filter.remember(*self.loudspeaker.reference(on_microphone_clock))
        delay_s = self.delay_s
        if delay_s is None:  # no echo, as with a headset: nothing to cancel, so the filter costs no time
            block = self._suppressor.suppressed(microphone, np.zeros(len(microphone), np.float32))
        else:
            self._align(delay_s)
            self.loudspeaker.adapt(self._filter, microphone)
            error, echo = self._filter.error_and_echo(microphone)
            late_power = self._late_residual_echo.next_power(self._filter.path, self._filter.oldest_far_end)
            additional = _UNCERTAINTY_SHARE * self._filter.echo_uncertainty + _LATE_SHARE * late_power
            block = self._suppressor.suppressed(error, echo, additional)
        speech = self.near_end.detects(self._suppressor.error_power, self._suppressor.residual_echo_power)
        return Cleaned(block, speech, self._is_reliable(far_end), self.near_end.echo_audible)

    def _is_reliable(self, far_end: Floats) -> bool:
        """While the delay is searched for, any sound may be echo. Then the filter knows its own
        uncertainty."""
        if np.dot(far_end, far_end) > _SILENT:
            self._played_s += BLOCK / RATE_HZ
        return self.delay_s is not None or self._played_s > _SEARCH_S

    def _align(self, delay_s: float) -> None:
        """Set the filter's lag to the bulk delay less what the drift compensator already delays."""
        compensated_s = self._drift_compensator.latency_samples / RATE_HZ
        begins = (delay_s - compensated_s - _HEADROOM_S) * EAR_RATE_HZ / _STEP
        if not -_HYSTERESIS <= begins - self._filter.lag <= 1 + _HYSTERESIS:
            self._filter.lag = int(begins)
