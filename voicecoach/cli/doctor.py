"""voicecoach doctor: checks whether a session can be played, and says how to fix what is wrong."""

import json
import sys
from dataclasses import asdict

import click

from voicecoach.cli.keyboard import Keyboard
from voicecoach.report.health import Check, Finding, checks, looked, playable
from voicecoach.report.level import LEVEL, LISTEN_S
from voicecoach.storage import Places


@click.command()
@click.option(
    "--listen",
    is_flag=True,
    help="Listen to the microphone for four seconds: its level, and how high it hears.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lines.")
def doctor(listen: bool, as_json: bool) -> None:
    """Check everything a session needs, and say how to fix what is wrong.

    \b
    Examples:  voicecoach doctor
               voicecoach doctor --listen
               voicecoach doctor --json

    Each check has a verdict (ok, missing or broken), a reason and, unless it is ok, a remedy. Exit code 0 if
    a session can be played, 1 if not.
    """
    found: dict[str, Finding] = {}
    for check in checks(Places.of_user(), Keyboard.present()):
        found[check.name] = looked(check)
        if not as_json:
            _tell(check, found[check.name])
    if listen:
        click.echo(f"listening for {LISTEN_S:.0f} seconds: say something", err=True)
        found[LEVEL.name] = looked(LEVEL)
        if not as_json:
            _tell(LEVEL, found[LEVEL.name])
    can_be_played = playable(found)
    if as_json:
        listed = [{"name": name, **asdict(finding)} for name, finding in found.items()]
        click.echo(json.dumps({"playable": can_be_played, "checks": listed}, indent=1))
    elif can_be_played:
        click.echo("A session can be played.")
    else:
        click.echo("A session cannot be played yet; see the arrows above.")
    sys.exit(0 if can_be_played else 1)


def _tell(check: Check, finding: Finding) -> None:
    click.echo(f"{finding.verdict:<8} {check.name:<12} {finding.reason}")
    if finding.remedy:
        click.echo(f"{'':<21} -> {finding.remedy}")
