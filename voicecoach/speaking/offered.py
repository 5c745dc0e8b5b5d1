"""The voices that can be chosen on this computer."""

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicecoach.speaking.drivers import candidates, drivers

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Offered:
    """A voice, or a driver that has none because of its problem."""

    driver: str
    voice: str | None = None
    """its name in settings"""
    chosen: bool = False
    usual: bool = False
    """the language's own"""
    problem: str | None = None


def offered(usual: Sequence[str], chosen: str | None) -> Iterator[Offered]:
    """`usual`: the language's voices; `chosen`: that of the settings, a voice or a driver's name alone."""
    speaks = candidates(chosen, usual)[0] if chosen else None
    for name, spec in drivers().items():
        try:
            names = [f"{name}:{voice}" for voice in importlib.import_module(spec.module).voices()]
        except Exception as error:  # somebody else's code
            yield Offered(name, problem=str(error))
            continue
        yield from (Offered(name, voice, voice == speaks, voice == usual[0]) for voice in names)


def briefly(of_driver: Sequence[Offered], usual: Sequence[str]) -> Sequence[Offered]:
    """Of a driver with very many voices, those that are usual or chosen."""
    if len(of_driver) <= MOST_SHOWN:
        return of_driver
    return [each for each in of_driver if each.chosen or each.voice in usual]
