"""voicecoach devices: the microphones and loudspeakers."""

import click

from voicecoach.audio import list_devices


@click.command()
def devices() -> None:
    """List microphones and loudspeakers. `>` marks the default."""
    found = list_devices(fetch=True)
    for title, output in (("Microphones", False), ("Loudspeakers", True)):
        click.echo(f"{title}:")
        usable = [d for d in found if (d.outputs if output else d.inputs)]
        for d in usable:
            mark = ">" if (d.default_output if output else d.default_input) else " "
            click.echo(f" {mark} {d.index:>3}  {d.name}  ({d.system})")
        if not usable:
            click.echo("   none")
