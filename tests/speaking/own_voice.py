"""A voice of somebody else's, made and installed as docs/extending.md describes it."""

import os
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VOICE = "mine:anna"
PITCH_HZ = 440
TONE = f"""
import numpy as np

def tone(text, wpm):
    '''Half as long again as it should be: a driver knows its pace only about.'''
    at_s = np.arange(0.0, 1.5 * len(text.split()) * 60 / wpm, 1 / 24_000)
    return (9000 * np.sin({PITCH_HZ} * 2 * np.pi * at_s)).astype("<i2").tobytes()
"""


def example(language: str) -> str:
    """The block of that language in the chapter on voices."""
    chapter = (ROOT / "docs" / "extending.md").read_text("utf-8").split("\n## A voice\n")[1].split("\n## ")[0]
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", chapter, re.DOTALL)
    return found[0]


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, sound: str) -> None:
    """Install the document's example, for this process and for those that it starts; `sound` is what its
    method `synthesise` evaluates."""
    source = example("python").replace("pcm, 24_000", sound)
    assert sound in source
    package = folder / "my_package"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "my_driver.py").write_text(f"{TONE}\n{source}")
    known = folder / "my_package-1.2.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1.2\n")
    (known / "entry_points.txt").write_text(
        example("toml").replace('project.entry-points."', "").replace('"', "")
    )
    for module in ("my_package", "my_package.my_driver"):  # another test's
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
