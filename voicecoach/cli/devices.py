"""voicecoach devices: the microphones and loudspeakers."""

import click

from voicecoach.audio import list_devices
from voicecoach.cli.output import as_json, put_json


@click.command()
@as_json
def devices(as_json: bool) -> None:
    """List microphones and loudspeakers. `>` marks the default.

    \b
    Examples:  voicecoach devices
               voicecoach start gentle --microphone 2 --speaker headset
    """
    found = list_devices(fetch=True)
    if as_json:
        put_json(found)
        return
    for title, output in (("Microphones", False), ("Loudspeakers", True)):
        click.echo(f"{title}:")
        usable = [d for d in found if (d.outputs if output else d.inputs)]
        for d in usable:
            mark = ">" if (d.default_output if output else d.default_input) else " "
            click.echo(f" {mark} {d.index:>3}  {d.name}  ({d.system})")
        if not usable:
            click.echo("   none")
