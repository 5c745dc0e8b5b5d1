"""The linear echo canceller: it estimates the echo path and subtracts the estimated echo.

A partitioned-block Kalman filter in the frequency domain. The state is the echo path, from loudspeaker to
microphone; the near-end speech and the noise are the observation noise. So the filter adapts fast while only
the coach speaks and hardly at all in double talk, and needs no double-talk detector.

    microphone d = echo y + near-end speech and noise s
    y = far end x through the echo path W, as a sum over the partitions: Y = sum_k X_k W_k
    error e = d - y_estimated = s + residual echo

Sources: Kuech, Mabande, Enzner 2014, "State-space architecture of the partitioned-block-based acoustic echo
controller", ICASSP, eq. 8-16 (diagonal approximation); Enzner, Vary 2006, "Frequency-domain adaptive Kalman
filter for acoustic echo control in hands-free telephones", Signal Processing 86(6).
"""

import numpy as np

from voicecoach.listening.echo.arrays import Floats, Spectra

TRANSITION = 0.9999
"""The state's transition factor: how steady the echo path is from block to block. The papers take 0.999. Ours
is steadier because the room does not change while the user lies in it, and because then less near-end speech
is taken for a change of the path: Vosk heard 32 of 41 "stop"s 10 dB below the echo, and 20 with 0.999."""
_INITIAL_VARIANCE, _INITIAL_DECAY_DB = 0.3, 0.6
"""Expected power of the unknown path in its first partition, and its decay from one partition to the next, as
a room's response decays. In a room with a reverberation time of 1 s the echo is 31 dB down 8 s after its
delay was found; with 0.1 and 1.2 dB it was 13 dB down."""
_NOISE_SMOOTHING = 0.1
"""Weight of the newest block in the estimate of the observation noise."""
_DIVERGED = 1.3
"""If the error has this many times the microphone's power, the echo path has changed or the filter has
diverged."""


class FarEndHistory:
    """The far end's spectra, newest first, of the last `blocks` blocks of `block` samples."""

    def __init__(self, block: int, blocks: int) -> None:
        self.spectra: Spectra = np.zeros((blocks, block + 1), np.complex64)
        """shape (blocks, block + 1); `spectra[k]` covers the two blocks that ended k blocks ago"""
        self._window = np.zeros(2 * block, np.float32)

    def remember(self, block: Floats) -> None:
        """Take the newest block, shape (block,)."""
        n = len(block)
        self._window[:n] = self._window[n:]
        self._window[n:] = block
        self.spectra[1:] = self.spectra[:-1]
        self.spectra[0] = np.fft.rfft(self._window)


class KalmanFilter:
    """Blocks of `block` samples. The echo begins `lag` blocks after the far end, `max_lag` at most, and its
    path is modelled over `partitions` blocks."""

    def __init__(self, block: int, partitions: int, max_lag: int) -> None:
        bins = block + 1
        self._block, self._partitions, self._max_lag = block, partitions, max_lag
        self._lag = 0
        self.far_end = FarEndHistory(block, max_lag + partitions + 1)
        self.path: Spectra = np.zeros((partitions, bins), np.complex64)
        """the estimated echo path W, shape (partitions, bins): transfer function of each partition"""
        decay = 10 ** (-_INITIAL_DECAY_DB / 10 * np.arange(partitions))
        self._initial_variance = np.repeat(_INITIAL_VARIANCE * decay[:, None], bins, axis=1).astype(
            np.float32
        )
        self._variance = self._initial_variance.copy()
        """P, shape (partitions, bins): variance of the error of each coefficient of the path"""
        self._noise_power = np.full(bins, 1e-3, np.float32)
        """shape (bins,): power of the observation noise, near-end speech included"""
        self._microphone_power = self._error_power = 0.0
        self.echo_uncertainty = np.zeros(bins, np.float32)
        """shape (bins,): variance of the last block's estimated echo, which is the variance of the path
        through the far end; the residual echo that the filter itself expects"""

    @property
    def oldest_far_end(self) -> Spectra:
        """Spectrum, shape (bins,), of the far end's block that has just left the filter's span."""
        return np.asarray(self.far_end.spectra[self._lag + self._partitions])

    @property
    def lag(self) -> int:
        """The bulk delay that the filter skips, in blocks. Setting it clips to 0 to `max_lag`."""
        return self._lag

    @lag.setter
    def lag(self, blocks: int) -> None:
        """The learnt path moves along. Partitions without knowledge start from the initial variance."""
        blocks = min(max(blocks, 0), self._max_lag)
        later, self._lag = blocks - self._lag, blocks
        if not later or not self.path.any():
            return
        unknown = np.s_[-later:] if later > 0 else np.s_[:-later]
        for table, initial in (
            (self.path, np.zeros_like(self.path)),
            (self._variance, self._initial_variance),
        ):
            table[:] = np.roll(table, -later, axis=0)
            table[unknown] = initial[unknown]

    def error_and_echo(self, microphone: Floats) -> tuple[Floats, Floats]:
        """(the error signal, the estimated echo) of one block, shape (block,) each; adapts the path.

        The far end of the same moment must have been given to `remember` before. While the far end is silent
        the error is `microphone` itself.
        """
        n = self._block
        far_end = self._spanned(self.far_end)
        if not far_end.any():
            self.echo_uncertainty[:] = 0.0
            return microphone, np.zeros(n, np.float32)
        echo = self.echo_of(self.far_end)
        error = microphone - echo
        self._adapt(
            far_end, np.fft.rfft(np.concatenate([np.zeros(n, np.float32), error])).astype(np.complex64)
        )
        self._reset_if_diverged(microphone, error)
        return error, echo

    def echo_of(self, far_end: FarEndHistory) -> Floats:
        """The echo that the present path makes of `far_end` in its newest block, shape (block,)."""
        circular = np.fft.irfft((self.path * self._spanned(far_end)).sum(axis=0))
        return np.asarray(circular[self._block :], np.float32)  # overlap-save: the first half wraps around

    def _spanned(self, far_end: FarEndHistory) -> Spectra:
        """The spectra, shape (partitions, bins), that the partitions of the path apply to."""
        return far_end.spectra[self._lag : self._lag + self._partitions]

    def remember(self, *blocks: Floats) -> None:
        """Take the far end's newest block, shape (block,); under clock drift, now and then none or two."""
        for block in blocks:
            self.far_end.remember(block)
        if len(blocks) != 1:  # the history has shifted against the microphone; the path has not
            self._lag = min(max(self._lag + len(blocks) - 1, 0), self._max_lag)

    def _adapt(self, far_end: Spectra, error: Spectra) -> None:
        """One step of the Kalman filter. `far_end`: shape (partitions, bins); `error`: shape (bins,)."""
        power = np.square(np.abs(far_end))
        self._noise_power += np.float32(_NOISE_SMOOTHING) * (np.square(np.abs(error)) - self._noise_power)
        self.echo_uncertainty = (self._variance * power).sum(axis=0)
        # 0.5: the frame shift over the transform's length
        gain = self._variance / (0.5 * self.echo_uncertainty + self._noise_power + 1e-8)
        change = np.fft.irfft(gain * np.conj(far_end) * error, axis=1)
        change[:, self._block :] = 0.0  # each partition's response is one block long: no circular convolution
        self.path = (TRANSITION * (self.path + np.fft.rfft(change, axis=1))).astype(np.complex64)
        remaining = np.maximum(1 - 0.5 * gain * power, 0.0)
        process_noise = (1 - TRANSITION**2) * np.square(np.abs(self.path))
        self._variance = (TRANSITION**2 * remaining * self._variance + process_noise).astype(np.float32)

    def _reset_if_diverged(self, microphone: Floats, error: Floats) -> None:
        """Start anew if the filter adds echo instead of removing it; it then adapts as fast as in the
        beginning."""
        self._microphone_power = 0.9 * self._microphone_power + 0.1 * float(np.dot(microphone, microphone))
        self._error_power = 0.9 * self._error_power + 0.1 * float(np.dot(error, error))
        if self._error_power > _DIVERGED * self._microphone_power + 1e-7:
            self.path[:] = 0.0
            self._variance[:] = self._initial_variance
            self._error_power = self._microphone_power
