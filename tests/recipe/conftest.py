"""`scripts/recipe --smoke` installs the recipe's libraries; without them its tests are skipped.

Not those of the classifier of sentences, which needs none of them.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))

missing = [name for name in ("torch", "scipy", "pocketsphinx", "wordfreq") if find_spec(name) is None]
collect_ignore = [
    p.name for p in Path(__file__).parent.glob("test_*.py") if missing and p.stem != "test_intents"
]
if missing:
    sys.stderr.write(f"SKIPPED, {', '.join(missing)} missing: tests/recipe (scripts/recipe --smoke)\n")
