"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable


def eventually(so: Callable[[], object], within_s: float = 10.0) -> None:
    """Wait until `so` is true; that it does not become so is a failure."""
    until_s = time.monotonic() + within_s
    while not so():
        assert time.monotonic() < until_s
        time.sleep(0.002)
