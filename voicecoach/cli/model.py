"""voicecoach model: the recognition models on the shelf."""

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from voicecoach.app import shelf, try_model
from voicecoach.storage import ShelfError, Wanted, add_model


@click.group()
def model() -> None:
    """The recognition models: list, verify or add them, and choose which one to use.

    \b
    Examples:  voicecoach model list
               voicecoach model add vosk-model-small-en-us-0.15.zip
               voicecoach model use vosk-model-small-en-us-0.15
    """


@model.command("list")
def list_models() -> None:
    """List the models; a star marks the one in use.

    \b
    Examples:  voicecoach model list
    """
    models = shelf()
    in_use = models.in_use()
    names = models.names()
    for name in names:
        try:
            entry = models.entry(name)
            about = f"{entry.size_bytes / 1e6:5.1f} MB  {entry.source}"
        except ShelfError as error:
            about = str(error)
        click.echo(f"{'*' if name == in_use else ' '} {name:<32} {about}")
    if in_use not in names:
        click.echo(f"* {in_use:<32} is missing. Choose another with `voicecoach model use NAME`.")


@model.command()
@click.argument("name", required=False)
def verify(name: str | None) -> None:
    """Check every byte of NAME (default: of all models) against its list, and load it.

    \b
    Examples:  voicecoach model verify
               voicecoach model verify en-scratch
    """
    models = shelf()
    for each in [name] if name else models.names():
        folder = models.verified(each)
        try_model(folder)
        click.echo(f"{each}: every file is as published, it loads, and it knows every command word.")


@model.command()
@click.argument("source", metavar="PATH_OR_URL")
@click.option("--name", help="Its name on the shelf; by default that of its folder.")
@click.option("--sha256", metavar="HEX", help="The zip's hash, as its maker publishes it.")
@click.option("--most-mb", type=click.IntRange(1), default=500, show_default=True, help="Largest download.")
def add(source: str, name: str | None, sha256: str | None, most_mb: int) -> None:
    """Add a Vosk model from a folder, a zip or a URL.

    \b
    Examples:  voicecoach model add vosk-model-small-en-us-0.15.zip
               voicecoach model add --name mine ~/models/trained-by-me

    It must take grammars and know every command word. If a download breaks off, give the same command again
    to resume it.
    """
    wanted = Wanted(source, name, sha256, most_mb * 1_000_000)
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", start=True, visible=False)
        entry, vouched = add_model(
            shelf(),
            wanted,
            try_model,
            lambda here, total: bar.update(task, completed=here, total=total, visible=True),
        )
    if vouched:
        click.echo(f"{entry.name}: added; every file is as published.")
    else:
        click.echo(
            f"{entry.name}: added. voicecoach knows no published hashes for it, so it recorded those of the "
            "files as they are now. They are checked at each start."
        )
    click.echo(f"To use it: voicecoach model use {entry.name}")


@model.command()
@click.argument("name")
def use(name: str) -> None:
    """Use NAME from now on; every byte and word is checked first.

    \b
    Examples:  voicecoach model use vosk-model-small-en-us-0.15
    """
    models = shelf()
    try_model(models.verified(name))
    models.use(name)
    click.echo(f"{name} is used from now on.")
