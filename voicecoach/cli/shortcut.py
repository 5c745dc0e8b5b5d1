"""`voicecoach shortcut`: icons that start sessions, and their hot keys."""

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass

import click

from voicecoach import desktop
from voicecoach.app import users_library
from voicecoach.cli.output import as_json, put_json
from voicecoach.desktop import Action, Binding, HotKey, Installed, Shortcut
from voicecoach.library import meant
from voicecoach.storage import Places

TITLE = "Back exercises"
_HOW = {
    Binding.AT_ONCE: "The hot key {key} starts it.",
    Binding.BY_FILE: "The hot key {key} starts it, unless it is taken; you may have to log in again first.",
    Binding.BY_HAND: (
        "The hot key {key} was not set: voicecoach cannot do that here. In the keyboard settings, give it "
        "this command:\n  {command}\nA key that stops a session needs this one:\n  {stop}"
    ),
}


@click.group()
def shortcut() -> None:
    """Add, list or remove icons that start a session, each with a hot key if you like.

    \b
    Examples:  voicecoach shortcut install
               voicecoach shortcut install --program desk --hotkey "<Super>b"
               voicecoach shortcut list
               voicecoach shortcut remove --all
    """


@shortcut.command()
@click.argument("argument", metavar="[PROGRAM]", required=False)
@click.option("--program", metavar="NAME", help="What it starts.  [default: what the coach chooses]")
@click.option("--name", metavar="TEXT", help=f"Below the icon.  [default: {TITLE}, and the program]")
@click.option(
    "--hotkey", metavar="KEYS", help='Starts it from anywhere, for example "<Super>b" or Ctrl+Alt+F9.'
)
def install(argument: str | None, program: str | None, name: str | None, hotkey: str | None) -> None:
    """Write an icon that starts a session, hands-free, and shows its page.

    \b
    Examples:  voicecoach shortcut install
               voicecoach shortcut install --program gentle --name "Good morning, back"
               voicecoach shortcut install --program desk --hotkey "<Super>b"

    There may be several, each with a name of its own. One of the same name is renewed, and keeps its hot key
    unless you give another. A right click on the icon offers the other ways to begin.
    """
    if argument is not None and program is not None:
        raise click.UsageError("Name the program once: as --program NAME.")
    wanted = _wanted(program or argument, name, HotKey.of(hotkey) if hotkey else None)
    try:
        written = desktop.install(wanted)
    except OSError as problem:
        raise click.ClickException(f"The shortcut could not be written: {problem}.") from problem
    click.echo(f"{written.name}:")
    for path in written.files:
        click.echo(f"  wrote {path}")
    if wanted.hotkey is not None:
        how = _HOW[desktop.binding(wanted.hotkey)]
        join = subprocess.list2cmdline if sys.platform == "win32" else shlex.join
        command, stop = join(wanted.command), join(_command("send", "stop"))
        click.echo(how.format(key=wanted.hotkey, command=command, stop=stop))


def _wanted(program: str | None, name: str | None, hotkey: HotKey | None) -> Shortcut:
    """Raises InputError for a program that is not there, now rather than when the icon is used."""
    if program is not None:
        users_library(Places.of_user()).program(program)
        if program.endswith(".toml"):
            program = os.path.abspath(program)
    title = name or (f"{TITLE} ({os.path.basename(program).removesuffix('.toml')})" if program else TITLE)
    title = " ".join(title.split())
    if not title or not title.isprintable() or len(title) > 60:
        raise click.UsageError("--name must have 1 to 60 printable characters.")
    earlier = [each.hotkey for each in desktop.installed() if each.name == title]
    return Shortcut(
        title,
        program,
        _starts(program),
        (
            Action("choice", "Session of the coach's choice", _starts(None)),
            Action("desk", "Desk break", _starts("desk")),
            Action("try", "Try out microphone and loudspeaker", _command("open", "try")),
            Action("open", "Home page", _command("open")),
        ),
        hotkey or next(iter(earlier), None),
    )


def _starts(program: str | None) -> tuple[str, ...]:
    named = () if program is None else (program,)
    return _command("start", *named, "--hands-free", "--page")


def _command(*arguments: str) -> tuple[str, ...]:
    # -P: a file in the folder where the desktop starts it must not be imported in place of a module
    return (os.path.abspath(sys.executable), "-P", "-m", "voicecoach", *arguments)


@shortcut.command()
@click.argument("shortcut", metavar="[NAME]", required=False)
@click.option("--all", "every", is_flag=True, help="All of them.")
def remove(shortcut: str | None, every: bool) -> None:
    """Delete an icon with its hot key, by its name or its program.

    \b
    Examples:  voicecoach shortcut remove desk
               voicecoach shortcut remove "Good morning, back"
               voicecoach shortcut remove --all
    """
    if every and shortcut is not None:
        raise click.UsageError("Say either a name or --all.")
    found = desktop.installed()
    if not found:
        click.echo("There was no shortcut to remove.")
        return
    for each in found if every else [_meant(found, shortcut)]:
        try:
            removed = desktop.remove(each)
        except OSError as problem:
            raise click.ClickException(f"The shortcut could not be removed: {problem}.") from problem
        click.echo(f"{each.name}:")
        for path in removed:
            click.echo(f"  removed {path}")
        if each.hotkey is not None:
            click.echo(f"  The hot key {each.hotkey} is free.")


def _meant(found: list[Installed], name: str | None) -> Installed:
    named = [each for each in found if name in (None, each.name)]
    named = named or [each for each in found if name == each.program]
    if len(named) == 1:
        return named[0]
    names = ", ".join(repr(each.name) for each in named or found)
    if named:
        raise click.UsageError(f"Which one: {names}? Or all of them: --all.")
    alike = meant(name or "", [*(each.name for each in found), *(each.program or "" for each in found)])
    raise click.UsageError(f"There is no shortcut {name!r}.{alike} These are: {names}.")


@dataclass(frozen=True, slots=True)
class Listed:
    """A shortcut, for programs."""

    name: str
    program: str | None
    hotkey: str | None
    files: tuple[str, ...]


@shortcut.command("list")
@as_json
def list_shortcuts(as_json: bool) -> None:
    """List the icons there are, what they start and their hot keys.

    \b
    Examples:  voicecoach shortcut list
               voicecoach shortcut list --json
    """
    found = desktop.installed()
    if as_json:
        put_json([_listed(each) for each in found])
        return
    width = max((len(each.name) for each in found), default=0)
    for each in found:
        key = f"  {each.hotkey}" if each.hotkey else ""
        click.echo(f"{each.name:<{width}}  {each.program or 'what the coach chooses'}{key}")
    if not found:
        click.echo("There is no shortcut. To make one: voicecoach shortcut install")


def _listed(shortcut: Installed) -> Listed:
    hotkey = None if shortcut.hotkey is None else str(shortcut.hotkey)
    return Listed(shortcut.name, shortcut.program, hotkey, tuple(map(str, shortcut.files)))
