"""The array types of the echo canceller, each with its data type."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
"""Sound, of full scale (-1.0 to 1.0). Mono at 16 kHz unless a docstring says 48 kHz."""
Spectra = npt.NDArray[np.complex64]
"""One-sided spectra, the last axis the frequency bins from 0 Hz to 8 kHz: `block + 1` of them, as a
transform covers two blocks."""
Powers = npt.NDArray[np.float64]
"""Squared magnitudes of such spectra, bin by bin, unnormalised (numpy's `rfft`)."""
