from pathlib import Path

import pytest

from tests.page.pages import Pages


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    return Pages(tmp_path)
