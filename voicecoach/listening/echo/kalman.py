"""The coach's own voice taken out of the microphone: a linear echo canceller.

A partitioned-block Kalman filter in the frequency domain. The path from loudspeaker to microphone is the
state, the user and the noise are the noise of the observation: so it learns fast while only the coach speaks
and hardly at all while the user does, and needs no detector of double talk.

Source: Kuech, Mabande, Enzner 2014, "State-space architecture of the partitioned-block-based acoustic echo
controller", ICASSP, eq. 8-16 (diagonal approximation); Enzner, Vary 2006, "Frequency-domain adaptive Kalman
filter for acoustic echo control in hands-free telephones", Signal Processing 86(6).
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Complex = npt.NDArray[np.complex64]
Powers = npt.NDArray[np.float64]

FORGET = 0.9999
"""How steady the path is from block to block. Steadier than the papers' 0.999: a room does not move while
somebody lies in it, and less of the user is taken for a change of the path (measured with Vosk: 32 of 41
"stop"s heard at 10 dB below the echo, against 20)."""
_DOUBT = 0.3
_FADING_DB = 0.6
"""What may be unknown of the path: so much power in its first block, fading from block to block, as a room
does. In a room that rings for a second 31 dB of the echo are gone 8 s after its delay was found; with 0.1 and
1.2 dB it was 13."""
_WORSE = 1.3
"""More power left than came in, by this factor: the path has changed, or the filter has run away."""


class Spectra:
    """Of what was played: `of[k]` is of the two blocks that ended k blocks ago."""

    def __init__(self, block: int, blocks: int) -> None:
        self.of = np.zeros((blocks, block + 1), np.complex64)
        self._window = np.zeros(2 * block, np.float32)

    def remember(self, played: Floats) -> None:
        n = len(played)
        self._window[:n] = self._window[n:]
        self._window[n:] = played
        self.of[1:] = self.of[:-1]
        self.of[0] = np.fft.rfft(self._window)


class KalmanFilter:
    """Blocks of `block` samples; the echo begins `lag` blocks after the sound is played, `most_lag` at most,
    and lasts `partitions` of them."""

    def __init__(self, block: int, partitions: int, most_lag: int) -> None:
        bins = block + 1
        self._block, self._partitions, self._most_lag = block, partitions, most_lag
        self._lag = 0
        self.played = Spectra(block, most_lag + partitions + 1)
        self.path = np.zeros((partitions, bins), np.complex64)
        fading = 10 ** (-_FADING_DB / 10 * np.arange(partitions))
        self._unlearnt = np.repeat(_DOUBT * fading[:, None], bins, axis=1).astype(np.float32)
        self._doubt = self._unlearnt.copy()
        """variance of the error of each coefficient of the path"""
        self._near = np.full(bins, 1e-3, np.float32)
        """power of what is not echo"""
        self._heard_power = self._left_power = 0.0
        self.unsure = np.zeros(bins, np.float32)
        """power, bin by bin, by which the last block's estimated echo may be wrong: the variance of the
        path's error through what was played"""

    @property
    def oldest(self) -> Complex:
        """Spectrum of the played block that has just left the filter."""
        return np.asarray(self.played.of[self._lag + self._partitions])

    @property
    def lag(self) -> int:
        return self._lag

    @lag.setter
    def lag(self, blocks: int) -> None:
        """What is known of the path moves along; where nothing is, the doubt is the first one."""
        blocks = min(max(blocks, 0), self._most_lag)
        earlier, self._lag = blocks - self._lag, blocks
        if not earlier or not self.path.any():
            return
        unknown = np.s_[-earlier:] if earlier > 0 else np.s_[:-earlier]
        for table, first in ((self.path, np.zeros_like(self.path)), (self._doubt, self._unlearnt)):
            table[:] = np.roll(table, -earlier, axis=0)
            table[unknown] = first[unknown]

    def process(self, heard: Floats) -> tuple[Floats, Floats]:
        """(what is left of `heard`, the echo that was in it), a block of float32 each; what was played
        meanwhile has been remembered."""
        n = self._block
        far = self._far(self.played)
        if not far.any():
            self.unsure[:] = 0.0
            return heard, np.zeros(n, np.float32)
        echo = self.echo_of(self.played)
        left = heard - echo
        self._learn(far, np.fft.rfft(np.concatenate([np.zeros(n, np.float32), left])).astype(np.complex64))
        self._watch(heard, left)
        return left, echo

    def echo_of(self, played: Spectra) -> Floats:
        """The echo of the last block, had this been played."""
        around = np.fft.irfft((self.path * self._far(played)).sum(axis=0))
        return np.asarray(around[self._block :], np.float32)

    def _far(self, played: Spectra) -> Complex:
        return played.of[self._lag : self._lag + self._partitions]

    def remember(self, *played: Floats) -> None:
        """One block that is played, but where two clocks drift apart now and then none or two."""
        for block in played:
            self.played.remember(block)
        if len(played) != 1:  # the same sound now lies elsewhere among the blocks, and the path stays
            self._lag = min(max(self._lag + len(played) - 1, 0), self._most_lag)

    def _learn(self, far: Complex, error: Complex) -> None:
        power = np.square(np.abs(far))
        self._near += np.float32(0.1) * (np.square(np.abs(error)) - self._near)
        self.unsure = (self._doubt * power).sum(axis=0)
        gain = self._doubt / (0.5 * self.unsure + self._near + 1e-8)
        change = np.fft.irfft(gain * np.conj(far) * error, axis=1)
        change[:, self._block :] = 0.0  # the path within one block, not around a circle
        self.path = (FORGET * (self.path + np.fft.rfft(change, axis=1))).astype(np.complex64)
        certain = np.maximum(1 - 0.5 * gain * power, 0.0)
        drift = (1 - FORGET**2) * np.square(np.abs(self.path))
        self._doubt = (FORGET**2 * certain * self._doubt + drift).astype(np.float32)

    def _watch(self, heard: Floats, left: Floats) -> None:
        """Begins to doubt where the filter makes it worse: then it learns as fast as at first."""
        self._heard_power = 0.9 * self._heard_power + 0.1 * float(np.dot(heard, heard))
        self._left_power = 0.9 * self._left_power + 0.1 * float(np.dot(left, left))
        if self._left_power > _WORSE * self._heard_power + 1e-7:
            self.path[:] = 0.0
            self._doubt[:] = self._unlearnt
            self._left_power = self._heard_power
