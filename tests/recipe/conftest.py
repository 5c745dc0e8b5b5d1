"""`scripts/recipe --smoke` installs the recipe's libraries; without them its tests are skipped."""

import sys
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))

missing = [name for name in ("torch", "scipy", "pocketsphinx", "wordfreq") if find_spec(name) is None]
collect_ignore_glob = ["test_*.py"] if missing else []
if missing:
    sys.stderr.write(f"SKIPPED, {', '.join(missing)} missing: tests/recipe (scripts/recipe --smoke)\n")
