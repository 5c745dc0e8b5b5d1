"""What is asked in passing is answered at once: no array library, no sound, no model is loaded for it."""

import subprocess
import sys

import pytest

SLOW = {
    "numpy",
    "scipy",
    "sounddevice",
    "soundfile",
    "msgspec",
    "vosk",
    "requests",
    "matplotlib",
    "onnxruntime",
}


@pytest.mark.parametrize("arguments", ["--version", "strat"])
def test_nothing_slow_is_imported(arguments: str) -> None:
    """Counted rather than timed: a busy machine is slow as well."""
    script = (
        "import sys; from voicecoach.__main__ import main\n"
        f"sys.argv[1:] = {arguments.split()!r}\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    imported = told.stdout.splitlines()[-1].split()
    assert "voicecoach.cli" in imported
    assert SLOW.intersection(imported) == set()


def test_completing_a_command_imports_none_of_them() -> None:
    script = (
        "import sys; from click.shell_completion import BashComplete; from voicecoach.cli import cli\n"
        "found = BashComplete(cli, {}, 'voicecoach', '_X').get_completions([], 'sh')\n"
        "print(*(each.value for each in found)); print(*sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    names, modules = told.stdout.splitlines()
    assert names.split() == ["show", "shortcut"]
    assert SLOW.intersection(modules.split()) == set()
