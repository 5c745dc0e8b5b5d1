"""What a model costs: size, load time, memory, and processor time on continuous speech."""

import importlib
import sys
import time
from pathlib import Path

import numpy as np
from recipe import corpus

from scripts.benches.figures import peak_memory_mb
from voicecoach.language import ListeningState
from voicecoach.listening import VoskModel
from voicecoach.testing import grammar
from voicecoach.units import EAR_RATE_HZ

ROOT = Path(__file__).resolve().parents[2]
_STEP = EAR_RATE_HZ // 50


def main() -> None:
    folder = Path(sys.argv[1])
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    talks = sorted((ROOT / "audio_fixtures" / "words").glob("oov_t*.flac"))
    sound = np.concatenate([corpus.read(path) for path in talks])
    began = time.process_time()
    importlib.import_module("vosk")  # the same for every model: most of it is an HTTP client
    import_s = time.process_time() - began
    before_mb = peak_memory_mb()
    began = time.process_time()
    model = VoskModel(folder, set())
    load_s = time.process_time() - began
    recogniser = model.recogniser(grammar(ListeningState.HOLDING))
    began = time.process_time()
    for start in range(0, len(sound) - _STEP, _STEP):
        recogniser.accept(sound[start : start + _STEP])
    share = (time.process_time() - began) / (len(sound) / EAR_RATE_HZ)
    memory_mb = peak_memory_mb() - before_mb
    print(
        f"{size / 1e6:.1f} MB on disk, loaded in {load_s:.2f} s (vosk itself {import_s:.2f} s), "
        f"{memory_mb:.0f} MB of memory, "
        f"{100 * share:.1f} % of one core on talk ({len(sound) / EAR_RATE_HZ:.0f} s)."
    )


if __name__ == "__main__":
    main()
