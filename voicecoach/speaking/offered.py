"""The voices that can be chosen on this computer."""

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicecoach.speaking.drivers import drivers

MOST = 20
"""of a driver with more voices, only the usual ones and the chosen one are offered, unless it is asked for"""


@dataclass(frozen=True, slots=True)
class Offered:
    driver: str
    voices: tuple[str, ...] = ()
    more: int = 0
    """how many others there are"""
    failure: str = ""
    """why the driver cannot be used"""


def offered(usual: Sequence[str], chosen: str | None, driver: str | None = None) -> Iterator[Offered]:
    """What each driver offers, or the one of this name. `usual`: the language's voices."""
    for name, spec in drivers().items():
        if driver not in (None, name):
            continue
        try:
            found = [f"{name}:{voice}" for voice in importlib.import_module(spec.module).voices()]
        except Exception as error:  # somebody else's code
            yield Offered(name, failure=str(error))
            continue
        shown = found if driver or len(found) <= MOST else [v for v in found if v in (*usual, chosen)]
        yield Offered(name, tuple(shown), len(found) - len(shown))
