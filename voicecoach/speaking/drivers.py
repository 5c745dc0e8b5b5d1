"""The voices there are: drivers by their names, ours and those that other packages bring along.

A voice is named DRIVER:NAME, for example hibari:heart or espeak:gmw/en-US. A driver is a module with the
interface of a pyttsx3 driver (docs/extending.md); it may be another package's, which names the module in the
entry point group `voicecoach.drivers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, entry_points, version

from voicecoach.speaking.synthesiser import SynthesisError

ENTRY_POINTS = "voicecoach.drivers"


@dataclass(frozen=True, slots=True)
class DriverSpec:
    """Where a driver is found."""

    module: str
    distribution: str
    """the package that makes the sound; its version is part of every cache key"""

    @property
    def version(self) -> str:
        try:
            return f"{self.distribution}-{version(self.distribution)}"
        except PackageNotFoundError:
            return self.distribution


_OURS = {
    "hibari": DriverSpec("voicecoach.speaking.hibari_driver", "hibari-tts"),
    "espeak": DriverSpec("voicecoach.speaking.espeak_driver", "espeakng-loader"),
}


def drivers() -> dict[str, DriverSpec]:
    """Every driver by its name; ours come first."""
    others = {
        point.name: DriverSpec(point.value, point.dist.name if point.dist else point.value)
        for point in entry_points(group=ENTRY_POINTS)
    }
    return {**_OURS, **{name: spec for name, spec in others.items() if name not in _OURS}}


def driver_of(voice: str) -> DriverSpec:
    """The driver of the voice DRIVER:NAME. Raises SynthesisError."""
    name = voice.partition(":")[0]
    found = _OURS.get(name) or drivers().get(name)
    if found is None:
        raise SynthesisError(
            f"There is no voice {voice!r}: a voice is named like hibari:heart or espeak:gmw/en-US. "
            "`voicecoach voices` lists them."
        )
    return found


@cache
def version_of_driver(voice: str) -> str:
    """What makes the sound of `voice`, and its version; empty if nobody knows the voice."""
    try:
        return driver_of(voice).version
    except SynthesisError:
        return ""


def candidates(wanted: str | None, usual: Sequence[str]) -> tuple[str, ...]:
    """The voices to try, the first one first.

    `wanted`: the user's setting, a voice or a driver's name alone; None for the language's `usual` ones.
    """
    if wanted is None:
        return tuple(usual)
    if ":" in wanted:
        chosen = [wanted]
    else:
        chosen = [voice for voice in usual if voice.partition(":")[0] == wanted] or [wanted]
    wanted_at = next((i for i, voice in enumerate(usual) if voice == chosen[0]), -1)
    return (*chosen, *(voice for voice in usual[wanted_at + 1 :] if voice not in chosen))
