"""Finds an exercise or a program by what a user calls it: "Bridge", "pelvic tilt", "cat cow"."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

ALIKE = 0.7
"""The ratio of `difflib.SequenceMatcher` from which a name counts as a slip of the finger."""


def plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").replace("-", " ").split())


def find(name: str, known: Mapping[str, str]) -> str | None:
    """The id in `known` (ids and their names) that is, or is nearest to, what the user calls `name`."""
    ids = {plain(spelt): each for each, title in known.items() for spelt in (title, each)}
    if (called := plain(name)) in ids:
        return ids[called]
    near = get_close_matches(called, ids, n=1, cutoff=ALIKE)
    return ids[near[0]] if near else None


def meant(name: str, known: Iterable[str]) -> str:
    """A question to follow "There is no `name`."; empty if nothing `known` is called alike."""
    near = find(name, {each: each for each in known})
    return f" Did you mean {near!r}?" if near else ""
