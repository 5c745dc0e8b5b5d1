"""Help begins with what most people look for: an example that can be copied."""

import inspect
from collections.abc import Iterator

import click
import pytest

from voicecoach.cli import cli


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            yield (*path, name)
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from commands(command, (*path, name))


def found(path: tuple[str, ...]) -> click.Command:
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name) or command
    return command


@pytest.mark.parametrize("path", [(), *commands()], ids=" ".join)
def test_examples_follow_the_summary_and_can_be_copied(path: tuple[str, ...]) -> None:
    _summary, examples, *_ = inspect.cleandoc(found(path).help or "").split("\n\n")
    marked, first, *more = examples.splitlines()
    assert marked == "\b", "click would wrap the lines"
    assert first.startswith("Examples:  ")
    lines = [first.removeprefix("Examples:"), *more]
    own = [line for line in lines if f"voicecoach {' '.join(path)}".rstrip() in line]
    assert own, "no example has the command itself"
