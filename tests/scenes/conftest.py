import shutil
from collections.abc import Iterator

import pytest

from tests.scenes.stage import Performance, perform


@pytest.fixture(scope="session")
def performance(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Performance]:
    """The scene of the test's `of_scenes`: performed once for all tests of it, then gone, its files as well.

    pytest puts the tests of one scene together, in a parallel run their group puts them into one worker.
    """
    home = tmp_path_factory.mktemp(f"scene-{request.param}")
    yield perform(request.param, home)
    shutil.rmtree(home)
