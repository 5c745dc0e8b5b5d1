"""What onnxruntime runs: found in its package, verified, and loaded for one core and little memory."""

import hashlib
from importlib import import_module, util
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.listening.transcriber import TranscriberAbsent

Floats = npt.NDArray[np.float32]


def package_folder(package: str) -> Path:
    """Where a package that carries a model is installed. Raises TranscriberAbsent."""
    spec = util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise TranscriberAbsent(f"The package {package.replace('_', '-')} is not installed.")
    return Path(spec.submodule_search_locations[0])


def session(path: Path, threads: int = 1, fold: bool = True) -> Any:
    """An onnxruntime.InferenceSession; `fold`: what never changes is worked out once, and kept.

    Raises TranscriberAbsent.
    """
    try:
        runtime: Any = import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        options.enable_cpu_mem_arena = False  # with it the process takes 16 MB more, and no less time
        disabled = [] if fold else ["ConstantFolding"]
        # by its path: bytes would be copied
        return runtime.InferenceSession(str(path), options, disabled_optimizers=disabled)
    except Exception as error:  # onnxruntime raises what it likes
        raise TranscriberAbsent(f"The second ear's model does not load ({error}).") from error


def verify(path: Path, sha256: str) -> None:
    """Raises TranscriberAbsent if the file is not as published."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise TranscriberAbsent(f"The second ear's model cannot be read ({error}).") from error
    if digest != sha256:
        raise TranscriberAbsent(f"{path} is not as published: the second ear does not use it.")
