"""What the tests of all commands share."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test is a new user's: nothing of the real one is read or written."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))
    return tmp_path
