"""The rules of docs/architecture.md, checked by parsing the sources."""

import ast
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from voicecoach.library import Library

PACKAGE = Path(__file__).resolve().parent.parent / "voicecoach"
LAYERS = ("units", "care", "language", "session")
"""The pure ones: each may import those before it, and the standard library."""
ROOMS = ("listening", "speaking", "audio", "storage", "library", "desktop", "control", "drawing")
SHARED = (
    "voicecoach.units",
    "voicecoach.sound",
    "voicecoach.tables",
    "voicecoach.files",
    "voicecoach.background",
    "voicecoach.child",
)
"""What every room may import beside the pure layers."""
SEED = (  # the exercises of the article that the product is based on
    "knee_to_chest",
    "cat_cow",
    "lower_back_foam_rolling",
    "pelvic_tilt",
    "bridge",
    "seated_rotation",
    "standing_side_bend",
    "childs_pose",
    "knee_rolls",
)


def imports(path: Path) -> Iterator[str]:
    """Every module that a source file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = path.relative_to(PACKAGE.parent).with_suffix("").parts[: -node.level] if node.level else ()
            module = ".".join((*here, *filter(None, [node.module])))
            yield module
            yield from (f"{module}.{name.name}" for name in node.names)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def sources(layer: str) -> list[Path]:
    return sorted((PACKAGE / layer).rglob("*.py")) or [PACKAGE / f"{layer}.py"]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_pure_layer_imports_the_standard_library_and_the_layers_below(layer: str) -> None:
    """Logic that needs no microphone, clock or array library can be replayed anywhere."""
    below = [f"voicecoach.{name}" for name in LAYERS[: LAYERS.index(layer) + 1]]
    for path in sources(layer):
        for name in imports(path):
            known = within(name, *below) or name.split(".")[0] in sys.stdlib_module_names
            assert known, f"{path.name} imports {name}"


@pytest.mark.parametrize("layer", LAYERS)
def test_a_pure_layer_uses_no_clock_no_randomness_and_no_files(layer: str) -> None:
    """Time is an argument: a layer that read the clock could not be replayed."""
    outside = (
        "time",
        "datetime",
        "random",
        "secrets",
        "os",
        "io",
        "pathlib",
        "threading",
        "socket",
        "asyncio",
    )
    for path in sources(layer):
        for name in imports(path):
            assert not within(name, *outside), f"{path.name} imports {name}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_knows_only_the_pure_layers_and_itself(room: str) -> None:
    """Rooms do not import one another; app.py wires them."""
    pure = [f"voicecoach.{layer}" for layer in LAYERS]
    for path in sources(room):
        for name in imports(path):
            if within(name, "voicecoach") and name != "voicecoach":
                allowed = within(name, *pure, *SHARED, f"voicecoach.{room}")
                assert allowed or name == "voicecoach.__version__", f"{path.name} imports {name}"


def test_language_and_care_packs_are_data_only() -> None:
    """packs/ holds no code: another language, or another protocol, needs none."""
    files = {path.suffix for path in (PACKAGE / "packs").rglob("*") if path.is_file()}
    assert files == {".toml"}


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)).replace("/", ".")
)
def test_no_module_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_every_exercise_of_the_seed_is_in_the_library() -> None:
    """None of them may get lost in an edit."""
    exercises = Library().exercises
    assert set(SEED) <= set(exercises)
    assert len(set(exercises) - set(SEED)) >= 2


def test_every_exercise_is_played_by_some_program() -> None:
    """An exercise in no program is one that nobody will ever do; opt-in ones only in opt-in programs."""
    library = Library()
    programs = [library.program(name) for name in library.program_ids]
    played = {e.id for p in programs for e in p.exercises}
    assert set(library.exercises) <= played
    for p in programs:
        assert p.opt_in or not any(e.opt_in for e in p.exercises)


def test_programs_group_by_position() -> None:
    """Nobody gets up and down twice: between floor and chair or standing there is one change."""
    library = Library()
    for name in library.program_ids:
        up = [e.position.value in ("chair", "standing") for e in library.program(name).exercises]
        assert sum(a != b for a, b in pairwise(up)) <= 1, name
