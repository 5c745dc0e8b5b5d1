from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.card.card import Card


@pytest.fixture(scope="session")
def card(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Card]:
    folder: Path = tmp_path_factory.mktemp("card")
    card = Card(folder)
    yield card
    card.close()
