"""voicecoach open: the page in the browser."""

import click

from voicecoach.desktop import browse, notify
from voicecoach.storage import Places

NO_BROWSER = "No browser was found. Use the terminal: voicecoach start"


@click.command("open")
@click.option("--no-browser", is_flag=True, help="Print the address, which works once, and open nothing.")
@click.option("--problem", default="", hidden=True, help="Why a session could not begin.")
def command(no_browser: bool, problem: str) -> None:
    """Open the page: programs, history, profile, settings, and a session while it is played.

    \b
    Examples:  voicecoach open
               voicecoach open --no-browser

    It is served to your own browser on this computer only, as long as it is open or a session is played.
    """
    from voicecoach.page.server import another, serve

    def ready(address: str) -> None:
        if no_browser:
            click.echo(address)
        elif not browse(address):
            click.echo(NO_BROWSER, err=True)
            notify("voicecoach", NO_BROWSER)

    places = Places.of_user()
    if serve(places, ready, problem):
        return
    address = another(places.page, problem)
    if address is None:
        raise click.ClickException(
            "The page is being served already, but does not answer. End it, and try again."
        )
    ready(address)
