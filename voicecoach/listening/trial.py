"""Tests in a process of its own whether a model loads and knows the words: a damaged model can crash Vosk."""

import json
import subprocess
import sys
from pathlib import Path

from voicecoach.listening.recogniser import ModelError
from voicecoach.listening.vosk import VoskModel

_PATIENCE_S = 120.0
_UNFIT = 4


def can_serve(path: Path, words: set[str]) -> None:
    """Raises ModelError, with the reason, if the model in `path` does not load or lacks one of `words`."""
    command = [sys.executable, "-m", __name__, str(path)]
    try:
        done = subprocess.run(
            command, input=json.dumps(sorted(words)), capture_output=True, text=True, timeout=_PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        raise ModelError(f"{path.name}: Vosk did not finish loading this model, so it is not used.") from None
    if done.returncode == _UNFIT:
        raise ModelError(done.stdout.strip())
    if done.returncode:
        raise ModelError(
            f"{path.name}: Vosk crashes on this model (exit {done.returncode}), so it is not used."
        )


def main() -> None:
    try:
        model = VoskModel(Path(sys.argv[1]), set(json.load(sys.stdin)))
        model.recogniser(["stop", "[unk]"]).finish()
    except ModelError as error:
        print(error)
        sys.exit(_UNFIT)


if __name__ == "__main__":
    main()
