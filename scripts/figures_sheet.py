"""Make docs/figures.png again: the drawings of all exercises.

.venv/bin/python scripts/figures_sheet.py
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from voicecoach.drawing import png  # noqa: E402
from voicecoach.testing import LIBRARY  # noqa: E402

PICTURE = ROOT / "docs" / "figures.png"
COLUMNS, COLOURS = 2, 48
MOST_BYTES = 300_000


def main() -> None:
    exercises = sorted(LIBRARY.exercises.values(), key=lambda exercise: exercise.name)
    with Image.open(BytesIO(png(exercises, COLUMNS))) as sheet:
        sheet.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    size = PICTURE.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{PICTURE} has {size} bytes, more than {MOST_BYTES}.")
    print(f"Written to {PICTURE}, {size} bytes")


if __name__ == "__main__":
    main()
