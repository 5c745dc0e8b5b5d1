"""voicecoach doctor: checks whether a session can be played, and says how to fix what is wrong."""

import sys

import click

from voicecoach.cli.keyboard import Keyboard
from voicecoach.report.health import LISTEN_S, Check, Finding, checks, level, looked, playable
from voicecoach.storage import Places


@click.command()
@click.option("--listen", is_flag=True, help="Measure the microphone's level for two seconds.")
def doctor(listen: bool) -> None:
    """Check everything a session needs, and say how to fix what is wrong."""
    found: dict[str, Finding] = {}
    for check in checks(Places.of_user(), Keyboard.present()):
        found[check.name] = _told(check)
    if listen:
        click.echo(f"listening for {LISTEN_S:.0f} seconds: say something", err=True)
        found["level"] = _told(Check("level", level))
    if playable(found):
        click.echo("A session can be played.")
        return
    click.echo("A session cannot be played yet; see the arrows above.")
    sys.exit(1)


def _told(check: Check) -> Finding:
    finding = looked(check)
    click.echo(f"{finding.state:<8} {check.name:<12} {finding.text}")
    if finding.remedy and finding.state != "ok":
        click.echo(f"{'':<21} -> {finding.remedy}")
    return finding
